"""What the desk shows of announcements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from tresen.core.announcements.choices import LASTING
from tresen.core.announcements.models import Announcement, MailState
from tresen.core.announcements.querysets import AnnouncementQuerySet
from tresen.core.announcements.words import Said
from tresen.core.people.models import LANGUAGES
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket

MOST_LASTING, MOST_TICKETS, MOST_AT_ONCE = 100, 50, 2000


@dataclass(frozen=True)
class Preview:
    """What a reader of one language sees."""

    code: str
    name: str
    title: Said
    text: Said


def in_parts(
    rows: AnnouncementQuerySet, *, before: int, page: int
) -> tuple[Sequence[Announcement], Sequence[Announcement]]:
    """What lasts and is to come, by its beginning; then drafts and what was, newest first, those before that key."""
    others = rows.exclude(state__in=LASTING).order_by("-pk")
    if before:
        return [], list(others.filter(pk__lt=before)[:page])
    return list(rows.filter(state__in=LASTING).order_by("state", "begins_at", "pk")[:MOST_LASTING]), list(others[:page])


def figures_of(row: Announcement) -> dict[str, int]:
    """How many are affected, want to hear of it, were written to, and how many tickets are tied to it."""
    return {
        "affected": row.affected.count(), "tickets": row.tickets.count(),
        "subscribers": row.subscriptions.filter(confirmed_at__isnull=False).count(),
        "mails": row.mails.filter(state=MailState.SENT).count(),
    }  # fmt: skip


def previews_of(row: Announcement) -> list[Preview]:
    """As customers see it, in each language."""
    found = []
    for code, name in LANGUAGES:
        with translation.override(code):
            found.append(Preview(code, name, row.said_title, row.said_text))
    return found


def tickets_of(row: Announcement, principal: Principal) -> tuple[list[Any], int]:
    """The tickets tied to it that one sees, newest first, and how many there are besides."""
    seen = Ticket.objects.visible_to(principal).filter(announced__announcement=row).select_related("status")
    shown = list(seen.order_by("-pk")[:MOST_TICKETS])
    return shown, row.tickets.count() - len(shown)


def open_numbers(row: Announcement, principal: Principal) -> list[str]:
    """The numbers of those that are not solved yet and that one sees, for a change of all of them at once."""
    seen = Ticket.objects.visible_to(principal).filter(announced__announcement=row, status_category__in=ACTIVE)
    return list(seen.order_by("pk").values_list("number", flat=True)[:MOST_AT_ONCE])

"""Reading news, and what has been read."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.kit.counting import Compiled, count_of
from tresen.kit.prepared import prepared
from tresen.service.notifications.choosing import quiet_of, rhythm_of, wanted_ways, zone_of
from tresen.service.notifications.models import Notification

COUNTED = 100
PAGE = 50
SHOWN_AT_ONCE = 5


def count_unread(principal: Principal) -> int:
    """How many wait, up to COUNTED."""
    unread = Notification.objects.visible_to(principal).unread().order_by()
    return len(unread.values_list("pk", flat=True)[:COUNTED])


def compiled_unread(principal: Principal) -> Compiled:
    """The same as a count to be asked beside others."""
    return count_of(_unread, principal)


@prepared
def _unread(principal: Principal) -> QuerySet[Any, Any]:
    return Notification.objects.visible_to(principal).unread().order_by().values("pk")[:COUNTED]


def news_of(principal: Principal, *, before: int = 0) -> list[Notification]:
    """The newest, or those before that key; one more than a page where there are more."""
    rows = Notification.objects.visible_to(principal).with_subjects().order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])


def fresh_for_browser(principal: Principal, *, after: int) -> list[Notification]:
    """What came after that key and is to be shown by the browser itself: kinds he wants so, outside his quiet hours."""
    agent = principal.agent
    if agent is None:
        return []
    if quiet_of(rhythm_of(agent)).covers(clock.now().astimezone(zone_of(agent))):
        return []
    wanted = [kind.value for kind, ways in wanted_ways(agent).items() if ways.browser]
    rows = Notification.objects.visible_to(principal).unread().filter(pk__gt=after, kind__in=wanted)
    return list(rows.with_subjects().order_by("-pk")[:SHOWN_AT_ONCE])[::-1]


@transaction.atomic
def mark_read(agent: Agent, *, keys: list[int] | None = None, ticket: Ticket | None = None) -> int:
    """The agent has seen these, those of a ticket, or all of them; how many. A private bookmark: no event."""
    unread = Notification.objects.unread().filter(agent=agent)
    if keys is not None:
        unread = unread.filter(pk__in=keys)
    if ticket is not None:
        unread = unread.filter(ticket=ticket)
    return unread.update(read_at=clock.now())

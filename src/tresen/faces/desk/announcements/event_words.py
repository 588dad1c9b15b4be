"""What the timeline says of announcements."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from tresen.spine.events.models import Event


def _linked(event: Event) -> list[str]:
    return [_("tied to an announcement")]


def _unlinked(event: Event) -> list[str]:
    return [_("no longer tied to an announcement")]


WORDS: dict[str, Callable[[Event], list[str]]] = {
    "announcement.linked": _linked,
    "announcement.unlinked": _unlinked,
}

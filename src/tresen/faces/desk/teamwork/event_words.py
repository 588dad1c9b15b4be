"""What the timeline says of working together."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.core.teamwork.models import WokenBy
from tresen.kit.times import exact
from tresen.spine.events.models import Event


def _snoozed(event: Event) -> list[str]:
    until = parse_datetime(str(event.changes.get("until", "")))
    return [_("asleep until %(when)s") % {"when": exact(until)}] if until else [_("asleep")]


def _woken(event: Event) -> list[str]:
    words = {
        WokenBy.TIME: _("awake again: the time has come"), WokenBy.ANSWER: _("awake again: there was an answer"),
        WokenBy.HAND: _("woken"),
    }  # fmt: skip
    return [words.get(WokenBy(event.changes["why"]), _("awake again"))]


def _closed(event: Event) -> list[str]:
    return [_("own part done")]


WORDS: dict[str, Callable[[Event], list[str]]] = {
    "ticket.snoozed": _snoozed,
    "ticket.woken": _woken,
    "mention.closed": _closed,
}

"""What the timeline says of working together."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.teamwork.models import WokenBy
from tresen.faces.desk.routing.words import WORDS as ROUTING
from tresen.kit.times import exact
from tresen.spine.events.models import Event


def _snoozed(event: Event) -> list[str]:
    until = parse_datetime(str(event.changes.get("until", "")))
    return [_("asleep until %(when)s") % {"when": exact(until)}] if until else [_("asleep")]


def _nudged(event: Event) -> list[str]:
    return [_("asks for more speed (time %(n)s)") % {"n": event.changes.get("count", 1)}]


def _proven(event: Event) -> list[str]:
    return [_("caller proven by PIN: %(name)s") % {"name": event.changes.get("name", "")}]


def _refused(event: Event) -> list[str]:
    return [_("a caller said a wrong PIN")]


def _woken(event: Event) -> list[str]:
    words = {
        WokenBy.TIME: _("awake again: the time has come"), WokenBy.ANSWER: _("awake again: there was an answer"),
        WokenBy.HAND: _("woken"),
    }  # fmt: skip
    return [words.get(WokenBy(event.changes["why"]), _("awake again"))]


def _checklist(event: Event) -> list[str]:
    n = len(event.changes.get("items") or [1])
    words = {
        "added": ngettext("step added to the checklist", "%(n)s steps added to the checklist", n) % {"n": n},
        "changed": _("step of the checklist changed"), "done": _("step of the checklist done"),
        "opened": _("step of the checklist open again"), "removed": _("step taken off the checklist"),
    }  # fmt: skip
    word = words.get(str(event.changes.get("what")))
    return [word] if word else []


def _time(event: Event) -> list[str]:
    minutes = event.changes.get("minutes")
    if event.kind == "time.added":
        return [_("%(minutes)s min written down") % {"minutes": minutes}]
    return [_("time entry removed") if event.kind == "time.removed" else _("time entry changed")]


def _reminded(event: Event) -> list[str]:
    return [_("no answer on a side thread yet")]


def _settled(event: Event) -> list[str]:
    return [_("no longer waiting for a partner")]


def _side_taken_back(event: Event) -> list[str]:
    return [_("message to a partner taken back before it left")]


def _closed(event: Event) -> list[str]:
    return [_("own part done")]


WORDS: dict[str, Callable[[Event], list[str]]] = {
    "ticket.nudged": _nudged,
    "caller.proven": _proven,
    "caller.refused": _refused,
    "ticket.snoozed": _snoozed,
    "ticket.woken": _woken,
    "mention.closed": _closed,
    "side.reminded": _reminded,
    "side.settled": _settled,
    "side.taken_back": _side_taken_back,
    "checklist.changed": _checklist,
    "time.added": _time,
    "time.changed": _time,
    "time.removed": _time,
    **ROUTING,
}

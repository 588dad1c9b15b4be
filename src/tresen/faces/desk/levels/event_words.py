"""What the timeline says of levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.spine.events.models import Event


def _handed(event: Event) -> list[str]:
    facts: dict[str, Any] = event.changes
    level, team, agent = (facts.get(name) or [None, None] for name in ("level", "team", "assignee"))
    to = ", ".join(str(one) for one in (team[1], agent[1]) if one)
    is_up = event.kind == "ticket.escalated"
    if facts.get("by_clock"):
        said = _("time on the level is over, handed up to level %(level)s") % {"level": level[1]}
    elif is_up:
        said = _("handed up to level %(level)s") % {"level": level[1]}
    else:
        said = _("answered and handed back to level %(level)s") % {"level": level[1]}
    said = _("%(what)s: %(whom)s") % {"what": said, "whom": to} if to else said
    n = int(facts.get("round") or 1)
    return [said, _("round %(n)s between these levels") % {"n": n}] if is_up and n > 1 else [said]


def _told(event: Event) -> list[str]:
    names = [str(name) for name in event.changes.get("names") or []]
    said = ngettext("lead told: %(names)s", "leads told: %(names)s", len(names)) % {"names": ", ".join(names)}
    return [said]


def _called(event: Event) -> list[str]:
    facts = event.changes
    told = {"name": facts.get("name"), "rota": facts.get("rota")}
    if facts.get("unanswered"):
        return [_("nobody of %(rota)s has acknowledged, %(name)s told") % told]
    said = [_("on call, %(rota)s: %(name)s called") % told]
    return [*said, _("joins a call that waits, nothing rings besides")] if facts.get("joined") else said


def _acknowledged(event: Event) -> list[str]:
    minutes = round(int(event.changes.get("seconds") or 0) / 60)
    said = ngettext("call acknowledged after %(n)s minute", "call acknowledged after %(n)s minutes", minutes)
    deed = {"taken": _("by taking the ticket"), "answered": _("by answering")}.get(event.changes.get("deed", ""))
    return [said % {"n": minutes}, *([deed] if deed else [])]


WORDS: dict[str, Callable[[Event], list[str]]] = {
    "ticket.escalated": _handed, "ticket.returned": _handed, "manager.told": _told,
    "oncall.called": _called, "oncall.acknowledged": _acknowledged,
}  # fmt: skip

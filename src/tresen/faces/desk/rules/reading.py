"""Which rules looked at a ticket, which matched, and what those did: in the order of what called them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tresen.core.tickets.models import Ticket
from tresen.service.rules.actions import known_actions
from tresen.service.rules.models import Rule, RuleLook, RuleRun
from tresen.service.rules.triggers import TRIGGERS, triggers_of
from tresen.spine.events.models import Event

MOST = 30


@dataclass
class Looked:
    """One event: who looked, and what came of it. `names` is None where who looked is no longer kept."""

    at: datetime
    what: str
    names: list[str] | None
    runs: list[tuple[RuleRun, list[str]]] = field(default_factory=list)


def looks_at(ticket: Ticket) -> list[Looked]:
    """The newest first, in three queries. What rules did is kept longer than who looked (rules/jobs.py), so that both
    together tell it."""
    looks = {
        look.event_id: look
        for look in RuleLook.objects.filter(ticket=ticket).select_related("event").order_by("-event", "-pk")[:MOST]
    }
    runs: dict[int, list[RuleRun]] = {}
    # All runs of an event that is shown, however many: what is among the newest of both is among the newest of these.
    of_ticket = RuleRun.objects.filter(ticket=ticket)
    newest = of_ticket.order_by("-event").values("event").distinct()[:MOST]
    for run in of_ticket.filter(event__in=newest).select_related("rule", "event").order_by("pk"):
        runs.setdefault(run.event_id, []).append(run)
    asked = {key for look in looks.values() for key in look.rules}
    names = dict(Rule.objects.filter(pk__in=asked).values_list("pk", "name"))
    labels: dict[str, Any] = {kind: action.label for kind, action in known_actions().items()}
    found = []
    for key in sorted({*looks, *runs}, reverse=True)[:MOST]:
        look, ran = looks.get(key), runs.get(key, [])
        event = look.event if look else ran[0].event
        looked = [names[one] for one in look.rules if one in names] if look else None
        did = [(run, [str(labels.get(kind, kind)) for kind in run.did]) for run in ran]
        found.append(Looked(event.at, what(event), looked, did))
    return found


def what(event: Event) -> str:
    """What called the rules."""
    if event.kind == "rule.came_due":
        return _("its time had come")
    called = triggers_of(event)
    return str(TRIGGERS[called[-1]].label) if called else event.kind

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
    """One event: who looked, and what came of it."""

    at: datetime
    what: str
    names: list[str]
    runs: list[tuple[RuleRun, list[str]]] = field(default_factory=list)


def looks_at(ticket: Ticket) -> list[Looked]:
    """The newest first, in three queries."""
    looks = list(RuleLook.objects.filter(ticket=ticket).select_related("event").order_by("-event", "-pk")[:MOST])
    runs: dict[int, list[RuleRun]] = {}
    rows = RuleRun.objects.filter(ticket=ticket, event__in=[look.event_id for look in looks])
    for run in rows.select_related("rule").order_by("pk"):
        runs.setdefault(run.event_id, []).append(run)
    names = dict(Rule.objects.filter(pk__in={key for look in looks for key in look.rules}).values_list("pk", "name"))
    labels: dict[str, Any] = {kind: action.label for kind, action in known_actions().items()}
    return [
        Looked(
            look.at, what(look.event), [names[key] for key in look.rules if key in names],
            [(run, [str(labels.get(kind, kind)) for kind in run.did]) for run in runs.get(look.event_id, [])],
        )
        for look in looks
    ]  # fmt: skip


def what(event: Event) -> str:
    """What called the rules."""
    if event.kind == "rule.came_due":
        return _("its time had come")
    called = triggers_of(event)
    return str(TRIGGERS[called[-1]].label) if called else event.kind

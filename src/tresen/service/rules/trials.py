"""The laboratory: a rule is tried on what happened before it is switched on. Nothing is changed by that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tresen.core.tickets.models import Status, Ticket
from tresen.kit import clock
from tresen.service.rules.compiling import compile_rule
from tresen.service.rules.models import Rule, RuleTrial
from tresen.service.rules.replay import Replay, Replayed, replay
from tresen.service.search.query import QueryError
from tresen.spine.events.models import Event

DAYS = (7, 30, 90)
AT_ONCE = 50
MOST_TICKETS = 2000
MOST_EXAMPLES = 20


def start_trial(rule: Rule, *, days: int) -> RuleTrial:
    """Begins anew; a job goes through the newest 2,000 tickets of so many days. What was found before is forgotten."""
    from tresen.service.rules.jobs import try_rule

    at = clock.now()
    with transaction.atomic():
        held = Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)  # two clicks stand in line
        RuleTrial.objects.filter(rule=held).delete()
        trial = RuleTrial(rule=held, version=held.version, days=days if days in DAYS else DAYS[1], started_at=at)
        trial.total = len(_tickets(trial).values_list("pk", flat=True)[:MOST_TICKETS])
        trial.save()
        try_rule.enqueue(trial_id=trial.pk)
    return trial


def _tickets(trial: RuleTrial) -> QuerySet[Ticket]:
    since = trial.started_at - timedelta(days=trial.days)
    rows = Ticket.objects.filter(updated_at__gte=since, created_at__lte=trial.started_at)
    return rows.filter(merged_into=None, deleted_at=None).order_by("-pk")


def go_on(trial_id: int, before: int) -> int | None:
    """Goes through some more tickets, the newest first; the key of the last, None when all are through."""
    trial = RuleTrial.objects.select_for_update(of=("self",)).filter(pk=trial_id, finished_at=None).first()
    if trial is None:
        return None
    rows = _tickets(trial)
    rows = rows.filter(pk__lt=before) if before else rows
    tickets = list(rows.select_related("status").prefetch_related("tags")[: min(AT_ONCE, MOST_TICKETS - trial.done)])
    try:
        compiled = compile_rule(Rule.objects.get(pk=trial.rule_id))
    except QueryError as fault:
        trial.found, tickets = {"fault": str(fault)}, []
    else:
        _try(trial, compiled, tickets)
    trial.done += len(tickets)
    if len(tickets) < AT_ONCE or trial.done >= MOST_TICKETS:
        trial.finished_at = clock.now()
    trial.save()
    return tickets[-1].pk if trial.finished_at is None else None


def _try(trial: RuleTrial, compiled: Any, tickets: list[Ticket]) -> None:
    statuses = {status.slug: status for status in Status.objects.all()}
    events: dict[int, list[Event]] = {}
    of_them = Event.objects.filter(
        stream_kind="ticket", stream_id__in=[t.pk for t in tickets], at__lte=trial.started_at
    )
    for event in of_them.order_by("pk"):
        events.setdefault(event.stream_id, []).append(event)
    since = trial.started_at - timedelta(days=trial.days)
    for ticket in tickets:
        history = Replay(ticket, events.get(ticket.pk, []), statuses)
        _count(trial.found, ticket, replay(compiled, history, since=since, until=trial.started_at))


def _count(found: dict[str, Any], ticket: Ticket, result: Replayed) -> None:
    found["looked"] = found.get("looked", 0) + result.looked
    found["matched"] = found.get("matched", 0) + len(result.matches)
    found["tickets"] = found.get("tickets", 0) + bool(result.matches)
    by: dict[str, int] = found.setdefault("did", {})
    examples: list[list[Any]] = found.setdefault("examples", [])
    for match in result.matches:
        found["changed"] = found.get("changed", 0) + bool(match.did)
        for kind in match.did:
            by[kind] = by.get(kind, 0) + 1
        if len(examples) < MOST_EXAMPLES:
            examples.append([ticket.number, match.at.isoformat(), match.did])

"""A policy is tried on the tickets of the last 90 days before it is switched on. Nothing is changed by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.core.calendars.hours import opening_of
from tresen.core.calendars.opening import NeverDue
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.sla.choosing import fits, minutes_of
from tresen.service.sla.history import Turn, read_turns, segments_since
from tresen.service.sla.metrics import metrics
from tresen.service.sla.models import Policy, PolicyTrial
from tresen.service.sla.reckoning import ended, read_clock

DAYS = 90
AT_ONCE = 100
MOST_EXAMPLES = 10
KEPT, MISSED, OPEN = "kept", "missed", "open"


@dataclass(frozen=True)
class Outcome:
    """What one promise on one ticket would have come to; `late_seconds` of open time beyond the target."""

    metric: str
    state: str
    late_seconds: int


def start_trial(policy: Policy) -> PolicyTrial:
    """Begins anew; a job counts. What was found before is forgotten."""
    from tresen.service.sla.jobs import try_policy

    at = clock.now()
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True, of=("self",)).get(pk=policy.pk)  # two clicks stand in line
        PolicyTrial.objects.filter(policy=policy).delete()
        trial = PolicyTrial.objects.create(policy=policy, started_at=at, total=_tickets(at).count())
        try_policy.enqueue(trial_id=trial.pk)
    return trial


def go_on(trial_id: int, after: int) -> int | None:
    """Counts some more tickets, in the order of their keys; the last of them, None when all are through."""
    trial = PolicyTrial.objects.select_for_update().filter(pk=trial_id, finished_at=None).first()
    if trial is None:
        return None
    tickets = list(_tickets(trial.started_at).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    policy = Policy.objects.select_related("calendar").get(pk=trial.policy_id)
    fitting = [ticket for ticket in tickets if fits(policy, ticket)]
    turns = read_turns(fitting)
    for ticket in fitting:
        _count(trial.found, ticket, outcomes(ticket, policy, turns[ticket.pk], at=trial.started_at))
    trial.done += len(tickets)
    if len(tickets) < AT_ONCE:
        trial.finished_at = clock.now()
    trial.save()
    return tickets[-1].pk if trial.finished_at is None else None


def _tickets(at: datetime) -> Any:
    made = Ticket.objects.filter(created_at__gte=at - timedelta(days=DAYS), created_at__lte=at)
    return made.filter(merged_into=None, deleted_at=None)


def outcomes(ticket: Ticket, policy: Policy, turns: Sequence[Turn], *, at: datetime) -> list[Outcome]:
    """What each promise of the policy would have come to on a ticket."""
    found = []
    for metric in metrics():
        minutes = minutes_of(policy, metric.promised(ticket), ticket.priority)
        # Since when a supplier owed something is no longer known.
        period = metric.period(ticket) if minutes and metric.each is None else None
        if minutes is None or period is None:
            continue
        segments = segments_since(turns, period.started_at)
        if period.stopped_at is not None:
            segments = ended(segments, max(period.stopped_at, period.started_at))
        try:
            reading = read_clock(
                segments, opening_of(policy.calendar), minutes, warn_percent=policy.warn_percent,
                pauses_for=policy.pauses_for, at=at, stopped_at=period.stopped_at,
            )  # fmt: skip
        except NeverDue:
            continue
        late = round(-reading.left.total_seconds())
        state = MISSED if late > 0 else KEPT if period.stopped_at else OPEN
        found.append(Outcome(metric.slug, state, max(late, 0)))
    return found


def _count(found: dict[str, Any], ticket: Ticket, results: Sequence[Outcome]) -> None:
    found["tickets"] = found.get("tickets", 0) + 1
    counts: dict[str, dict[str, int]] = found.setdefault("metrics", {})
    worst: list[list[Any]] = found.setdefault("worst", [])
    for one in results:
        of = counts.setdefault(one.metric, {KEPT: 0, MISSED: 0, OPEN: 0})
        of[one.state] += 1
        if one.state == MISSED:
            worst.append([ticket.number, one.metric, one.late_seconds])
    worst.sort(key=lambda row: -row[2])
    del worst[MOST_EXAMPLES:]

"""Keeps the clocks of a ticket: what follows from an event for them, in the transaction of the change.

Everything is derived from how the ticket is now, so that it may run twice and late: which policy counts, which clocks
live, what decides whether they run. Then each clock is read anew from its segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tresen.core.calendars.hours import opening_of
from tresen.core.calendars.opening import NeverDue
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.sla.choosing import active_policies, choose, minutes_of
from tresen.service.sla.history import SAME_MOMENT, Turn, as_counted, read_turns, reason_of, segments_since
from tresen.service.sla.metrics import DECIDING, Metric, Period, metrics
from tresen.service.sla.models import Clock, ClockSegment, Policy
from tresen.service.sla.reckoning import Segment, ended, moved_on, read_clock
from tresen.service.sla.strips import write_strips
from tresen.service.sla.telling import tell_run_out
from tresen.spine.events.models import Event

FIELDS = ("policy_id", "minutes", "stopped_at", "due_at", "warn_at", "left_seconds", "warned_at", "breached_at")


@dataclass
class Kept:
    """A clock with its segments, as it is being put right; `was` and `saved` are what lies in the database."""

    clock: Clock
    segments: list[Segment]
    saved: list[Segment] | None = None
    was: tuple[object, ...] = ()
    ran_out: bool = False


def follow(event: Event) -> None:
    """Reaction to all that can happen to a ticket."""
    if event.kind == "note.added" and event.changes.keys() <= {"message"}:
        return
    if event.kind == "delivery.changed" and "side" not in event.changes:  # it is nobody else's turn by that
        return
    ticket = event.stream_row if isinstance(event.stream_row, Ticket) else None
    if ticket is None:  # later, as a job: nobody else holds it
        ticket = Ticket.objects.select_for_update(of=("self",)).filter(pk=event.stream_id).first()
    if ticket is not None:
        keep(ticket, at=event.at, event=event)


def keep(ticket: Ticket, *, at: datetime | None = None, event: Event | None = None) -> None:
    """Puts the clocks of one ticket right, after an event or, without one, whatever happened. Inside the transaction
    of whoever changes it."""
    at = at or clock.now()
    # A ticket that is being made has no clocks yet; when the reaction is tried again, it may have some.
    is_new = event is not None and event.kind == "ticket.created" and event.stream_row is ticket
    policies, kept = active_policies(), [] if is_new else _read([ticket])[ticket.pk]
    if policies or kept:
        _put_right(ticket, kept, policies, at=at, event=event, turns=None)
        _save([(ticket, kept)])
        tell_run_out(ticket, [one.clock for one in kept if one.ran_out], cause=event)


def keep_all(tickets: Sequence[Ticket], *, at: datetime | None = None) -> None:
    """The same for many, with their history read at once: after a change of policies or calendars. What had run out
    before the clock was there is no news and no event."""
    at = at or clock.now()
    policies, found, turns = active_policies(), _read(tickets), read_turns(tickets)
    for ticket in tickets:
        if policies or found[ticket.pk]:
            _put_right(ticket, found[ticket.pk], policies, at=at, event=None, turns=turns[ticket.pk])
    _save([(ticket, found[ticket.pk]) for ticket in tickets])


def _read(tickets: Sequence[Ticket]) -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = {ticket.pk: [] for ticket in tickets}
    rows = Clock.objects.filter(ticket__in=found).order_by("started_at", "pk").prefetch_related("segments")
    for row in rows:
        segments = [Segment(s.started_at, s.ended_at, s.reason) for s in row.segments.all()]
        found[row.ticket_id].append(Kept(row, segments, segments, _values(row)))
    return found


def _put_right(
    ticket: Ticket, kept: list[Kept], policies: list[Policy], *, at: datetime, event: Event | None,
    turns: list[Turn] | None,
) -> None:  # fmt: skip
    if ticket.merged_into_id is not None:  # what was promised goes on with the other ticket
        Clock.objects.filter(pk__in=[one.clock.pk for one in kept]).delete()
        kept.clear()
        return
    policy = choose(ticket, policies)
    newest = {one.clock.metric: one for one in kept}
    for metric, slug, minutes, period in _lives(ticket, policy, newest, event):
        current = newest.get(slug)
        if current is not None and current.clock.stopped_at is None and _is_over(current, period):
            over_at = _over_at(ticket, metric, current, period, at)
            if over_at is None:  # neither kept nor missed: nobody asks for it any more
                current.clock.delete()
                kept.remove(current)
                current = None
            else:
                stop(current, over_at)
                reckon(current, policy, current.clock.minutes, at=at)
        if period is None or (minutes is None and not _is_same(current, period)):
            continue
        one = current if _is_same(current, period) else None
        if one is not None and one.clock.stopped_at and period.stopped_at:
            continue  # what was kept or missed stays so, whatever is promised from now on
        one = live(ticket, slug, one, period, at=at, turns=turns, counts=metric.counts)
        if one is not current:
            kept.append(one)
        reckon(one, policy, minutes, at=at)


def _lives(
    ticket: Ticket, policy: Policy | None, newest: Mapping[str, Kept], event: Event | None
) -> Iterator[tuple[Metric, str, int | None, Period | None]]:
    """Every clock that there is or could be: its metric and slug, the minutes that are promised, its present life."""
    for metric in metrics():
        minutes, asked = minutes_of(policy, metric.promised(ticket), ticket.priority), _is_asked(metric, event)
        if metric.each is None:
            current = newest.get(metric.slug)
            if current is None and minutes is None:
                continue
            yield metric, metric.slug, minutes, metric.period(ticket) if asked else _as_it_is(current)
            continue
        there = [slug for slug in newest if metric.has(slug)]
        if minutes is None and not there:
            continue
        found = metric.each(ticket) if asked else {slug: _as_it_is(newest[slug]) for slug in there}
        for slug in dict.fromkeys([*there, *found]):
            yield metric, slug, minutes, found.get(slug)


def _is_asked(metric: Metric, event: Event | None) -> bool:
    """Whether the metric has to look at the ticket anew after that."""
    return event is None or not metric.asks or event.kind in metric.asks or not DECIDING.isdisjoint(event.changes)


def _as_it_is(current: Kept | None) -> Period | None:
    if current is None or current.clock.stopped_at is not None:
        return None
    return Period(current.clock.started_at, None)


def _is_same(current: Kept | None, period: Period) -> bool:
    return current is not None and current.clock.started_at == period.started_at


def _is_over(current: Kept, period: Period | None) -> bool:
    return period is None or not _is_same(current, period)


def _over_at(
    ticket: Ticket, metric: Metric, current: Kept, period: Period | None, at: datetime
) -> datetime | None:  # fmt: skip
    """When the life of a clock was over; None where what it counted from is no longer there."""
    if metric.kept_at is not None:
        return metric.kept_at(ticket, current.clock.started_at)
    return at if period is None else min(at, max(period.started_at, current.clock.started_at))


def live(
    ticket: Ticket, metric: str, one: Kept | None, period: Period, *, at: datetime, turns: list[Turn] | None,
    counts: Callable[[str], str],
) -> Kept:  # fmt: skip
    """The clock of that period with its segments up to now: the one that is there, or a new one. One that begins in
    the past, or goes on after it had stopped, gets its segments out of the history."""
    if one is None:
        one = Kept(Clock(ticket=ticket, metric=metric, started_at=period.started_at), [])
    reason = counts(reason_of(ticket))
    if turns is not None or not one.segments or one.clock.stopped_at is not None:
        if turns is None and at - period.started_at < SAME_MOMENT:
            one.segments = [Segment(period.started_at, None, reason)]
        else:
            told = turns or read_turns([ticket])[ticket.pk]
            one.segments = segments_since(as_counted(told, counts), period.started_at)
    one.clock.stopped_at = None
    one.segments = moved_on(one.segments, reason, at)
    if period.stopped_at is not None:
        stop(one, max(period.stopped_at, period.started_at))
    return one


def stop(one: Kept, at: datetime) -> None:
    """The clock stops then."""
    one.clock.stopped_at = at
    one.segments = ended(one.segments, at)


def reckon(one: Kept, policy: Policy | None, minutes: int | None, *, at: datetime) -> None:
    """Target and due times, by the policy and calendar that count now."""
    row = one.clock
    row.policy, row.minutes = policy if minutes else None, minutes
    row.due_at = row.warn_at = row.left_seconds = None
    reading = None
    if policy is not None and minutes is not None:
        try:
            reading = read_clock(
                one.segments, opening_of(policy.calendar), minutes, warn_percent=policy.warn_percent,
                pauses_for=policy.pauses_for, at=at, stopped_at=row.stopped_at,
            )  # fmt: skip
        except NeverDue:
            pass
    if reading is None:
        row.warned_at = row.breached_at = None
        return
    row.due_at, row.warn_at = reading.due_at, reading.warn_at
    row.left_seconds = round(reading.left.total_seconds()) if reading.rests or row.stopped_at else None
    until = row.stopped_at or at
    # What ran out under another target may not have run out under this one.
    if row.breached_at != row.due_at and not (row.due_at and row.due_at < until):
        row.breached_at = None
    if row.warned_at != row.warn_at and not (row.warn_at and row.warn_at < until):
        row.warned_at = None
    if row.breached_at is None and row.due_at and row.due_at < until and (row.stopped_at or one.saved is None):
        row.breached_at, one.ran_out = row.due_at, one.saved is not None
    if one.saved is None and row.warn_at and row.warn_at < until:
        row.warned_at = row.warn_at


def _save(many: Sequence[tuple[Ticket, list[Kept]]]) -> None:
    """What differs from what lies in the database; that of many tickets at once."""
    everything = [one for _ticket, kept in many for one in kept]
    for one in everything:
        if one.saved is not None and _values(one.clock) != one.was:
            one.clock.save(update_fields=[field.removesuffix("_id") for field in FIELDS])
    Clock.objects.bulk_create(one.clock for one in everything if one.saved is None)
    ClockSegment.objects.bulk_create(row for one in everything for row in _new_segments(one))
    write_strips(
        (ticket, [one.clock for one in kept], {one.clock.pk: one.segments[-1].reason for one in kept})
        for ticket, kept in many
    )


def _new_segments(one: Kept) -> list[ClockSegment]:
    """The segments that are not there yet; those that are no longer so are taken away, the same ones stay."""
    before, now = one.saved or [], one.segments
    shorter = min(len(before), len(now))
    same = next((n for n in range(shorter) if before[n] != now[n]), shorter)
    if same < len(before):
        one.clock.segments.filter(started_at__gte=before[same].started_at).delete()
    return [
        ClockSegment(clock=one.clock, started_at=s.started_at, ended_at=s.ended_at, reason=s.reason) for s in now[same:]
    ]


def _values(row: Clock) -> tuple[object, ...]:
    return tuple(getattr(row, field) for field in FIELDS)

"""Who had the ball when, read from the event log: from it the segments of a clock are made anew at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from tresen.core.tickets.choices import ACTIVE, Ball
from tresen.core.tickets.models import Status, Ticket
from tresen.service.sla.reckoning import BIN, SOLVED, US, Segment
from tresen.spine.events.models import Event

# An event is written a moment after the change it tells of.
SAME_MOMENT = timedelta(seconds=2)
# A moment, and what decides from then on.
Turn = tuple[datetime, str]


def reason_of(ticket: Ticket) -> str:
    """What decides now whether the clocks of a ticket run."""
    if ticket.deleted_at:
        return BIN
    return SOLVED if ticket.status_category not in ACTIVE else str(ticket.ball)


def turns_of(ticket: Ticket, events: Iterable[Event], categories: dict[str, str]) -> list[Turn]:
    """All turns of a ticket since it was made, in order; the last one is what is so now, whatever the log says.

    `categories`: of every status, by its short name.
    """
    ball, category, binned = str(Ball.US), "new", False
    turns: list[Turn] = [(ticket.created_at, US)]
    for event in events:
        ball = _new(event, "ball", ball)
        category = categories.get(_new(event, "status", ""), category)
        binned = {"ticket.deleted": True, "ticket.restored": False}.get(event.kind, binned)
        reason = BIN if binned else SOLVED if category not in ACTIVE else ball
        if reason != turns[-1][1]:
            turns.append((max(event.at, turns[-1][0]), reason))
    if (now := reason_of(ticket)) != turns[-1][1]:  # written before there was a log
        turns.append((max(ticket.solved_at or ticket.ball_since, turns[-1][0]), now))
    return turns


def _new(event: Event, field: str, old: str) -> str:
    pair = event.changes.get(field)
    return str(pair[1]) if isinstance(pair, list) and len(pair) == 2 else old


def as_counted(turns: Sequence[Turn], counts: Callable[[str], str]) -> list[Turn]:
    """The turns by what each means for a metric; those that mean the same are one."""
    found: list[Turn] = []
    for at, reason in turns:
        if not found or found[-1][1] != counts(reason):
            found.append((at, counts(reason)))
    return found


def segments_since(turns: Sequence[Turn], start: datetime) -> list[Segment]:
    """The turns from an instant on, as segments without a gap."""
    before = [turn for turn in turns if turn[0] <= start + SAME_MOMENT]
    told = [(start, before[-1][1] if before else turns[0][1]), *turns[len(before) :]]
    ends = [*(turn[0] for turn in told[1:]), None]
    return [Segment(at, end, reason) for (at, reason), end in zip(told, ends, strict=True) if end is None or end > at]


def read_turns(tickets: Sequence[Ticket]) -> dict[int, list[Turn]]:
    """The turns of several tickets, by two queries."""
    categories = dict(Status.objects.values_list("slug", "category"))
    rows = Event.objects.filter(stream_kind="ticket", stream_id__in=[t.pk for t in tickets]).order_by("id")
    by_ticket: dict[int, list[Event]] = {}
    for event in rows.only("kind", "stream_id", "at", "changes"):
        by_ticket.setdefault(event.stream_id, []).append(event)
    return {ticket.pk: turns_of(ticket, by_ticket.get(ticket.pk, []), categories) for ticket in tickets}

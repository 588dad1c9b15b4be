"""A ticket sleeps until a time, or until the customer writes: out of everybody's daily lists, in a view of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tresen.core.people.models import Agent
from tresen.core.teamwork.models import Snooze, WokenBy
from tresen.core.tickets.changes import apply_changes
from tresen.core.tickets.choices import ACTIVE, Ball
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock, save
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record
from tresen.spine.jobs.registry import Retry

LONGEST = timedelta(days=366)
LATER = timedelta(hours=3)
MORNING = 9
PRESETS = ("later", "tomorrow", "monday")
ARRIVALS = ("merge.arrived", "message.arrived")


class CannotSnooze(ValueError):
    """The time is over or more than a year ahead, or the ticket is finished."""


def preset(name: str, now: datetime) -> datetime:
    """When a ticket wakes by a preset, in the zone that is active: in three hours, tomorrow or on Monday at nine.

    Wall clock times, so that nine is nine on the day of a change to summer time. Raises KeyError.
    """
    here = timezone.localtime(now)
    if name == "later":
        return now + LATER
    days = {"tomorrow": 1, "monday": 7 - here.weekday()}[name]
    return here.replace(hour=MORNING, minute=0, second=0, microsecond=0) + timedelta(days=days)


def snooze(ticket: Ticket, *, agent: Agent, until: datetime, reason: str = "", by: Actor) -> Snooze:
    """Lets the ticket sleep; one that sleeps already gets the new time. Meanwhile it waits for a date. Event
    `ticket.snoozed`. Raises CannotSnooze, StaleTicket."""
    from tresen.core.teamwork.jobs import wake_ticket

    at = clock.now()
    if not at < until <= at + LONGEST:
        raise CannotSnooze("not a time ahead")
    with transaction.atomic():
        locked = lock(ticket)
        if locked.status_category not in ACTIVE:
            raise CannotSnooze("finished")
        before = _end(locked, WokenBy.CHANGED, at)
        row = Snooze.objects.create(
            ticket=locked, agent=agent, reason=" ".join(reason.split())[:200], started_at=at, wakes_at=until,
            ball_before=before.ball_before if before else locked.ball,
        )  # fmt: skip
        changes: dict[str, Any] = apply_changes(locked, {"ball": Ball.DATE}, at=at)
        save(locked, at)
        facts = {"snooze": row.pk, "until": until.isoformat(), **changes}
        record("ticket.snoozed", stream=locked, by=by, changes=facts)
        wake_ticket.enqueue(snooze_id=row.pk, at=until, key=f"wake:{row.pk}")
    return row


def wake(ticket: Ticket, *, by: Actor) -> bool:
    """Somebody wakes it: it is whose turn it was before. Event `ticket.woken`; False when it was awake."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket)
        row = _end(locked, WokenBy.HAND, at)
        if row is None:
            return False
        _woken(locked, row, by=by, at=at, ball=row.ball_before)
    return True


def wake_in_time(snooze_id: int) -> None:
    """The time has come: it is our turn. Inside the transaction of the job; does nothing for what is awake. Raises
    Retry when it is too early."""
    row = Snooze.objects.asleep().select_related("ticket").filter(pk=snooze_id).first()
    if row is None:
        return
    at, locked = clock.now(), lock(row.ticket, follow=False)
    if (early := (row.wakes_at - at).total_seconds()) > 0:
        raise Retry(early)
    if locked.status_category not in ACTIVE:
        _end(locked, WokenBy.FINISHED, at)
    elif ended := _end(locked, WokenBy.TIME, at):
        _woken(locked, ended, by=Actor.system("tresen"), at=at, ball=Ball.US)


def wake_by_answer(event: Event) -> None:
    """Reaction to a message from outside, and to one that arrives from another ticket and makes it our turn: what slept
    is awake, and it is our turn as after every answer."""
    if event.changes.get("quiet") or not Snooze.objects.asleep().filter(ticket=event.stream_id).exists():
        return
    at, locked = clock.now(), lock(Ticket(pk=event.stream_id), follow=False)
    if event.kind in ARRIVALS and locked.ball != Ball.US:
        return
    if row := _end(locked, WokenBy.ANSWER, at):
        facts = {"snooze": row.pk, "why": WokenBy.ANSWER.value}
        record("ticket.woken", stream=locked, by=Actor.system("tresen"), changes=facts, cause=event)


def end_with_merge(ticket: Ticket) -> Snooze | None:
    """A signpost does not sleep any more, whatever the other ticket does; what ended by that."""
    return _end(ticket, WokenBy.FINISHED, clock.now())


def sleep_again(snooze_id: int) -> None:
    """What ended with the merge goes on when both are parted, if the ticket waits for its date again; past that, it
    wakes at once."""
    from tresen.core.teamwork.jobs import wake_ticket

    row = Snooze.objects.filter(pk=snooze_id, ended_by=WokenBy.FINISHED, ticket__ball=Ball.DATE).first()
    if row is None or Snooze.objects.asleep().filter(ticket=row.ticket_id).exists():
        return
    row.ended_at, row.ended_by = None, ""
    row.save(update_fields=["ended_at", "ended_by"])
    wake_ticket.enqueue(snooze_id=row.pk, at=row.wakes_at, key=f"wake:{row.pk}")


def _end(ticket: Ticket, why: str, at: datetime) -> Snooze | None:
    row = Snooze.objects.asleep().filter(ticket=ticket).select_for_update().first()
    if row:
        row.ended_at, row.ended_by = at, why
        row.save(update_fields=["ended_at", "ended_by"])
    return row


def _woken(ticket: Ticket, row: Snooze, *, by: Actor, at: datetime, ball: str) -> None:
    # Whoever has said meanwhile whose turn it is keeps that.
    changes: dict[str, Any] = apply_changes(ticket, {"ball": ball}, at=at) if ticket.ball == Ball.DATE else {}
    save(ticket, at)
    facts = {"snooze": row.pk, "why": row.ended_by, **changes}
    record("ticket.woken", stream=ticket, by=by, changes=facts)

"""Making tickets whose date has come: each date once, whatever stood still meanwhile."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.core.people.models import Team
from tresen.core.teamwork.checklist import add_items
from tresen.core.tickets.choices import Channel, MessageKind, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Category, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.services import create_ticket
from tresen.kit import clock
from tresen.service.recurring.models import Occurrence, OccurrenceState, Recurring
from tresen.service.recurring.services import go_on_from, pattern_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import BROKEN, record

log = logging.getLogger("tresen.recurring")
BY = Actor.system("recurring")
# So many holes are written down at once; who stood still for longer has other worries.
MOST_MISSED = 400
# What cannot be made is tried again at once, then after 1, 3, 7, … minutes, an hour in all; then its date is a hole.
MOST_TRIES = 7


class CannotMake(Exception):
    """The ticket cannot be made; the text says why, in the words of the fault."""


def make_due() -> int:
    """Makes what is due, each in a transaction of its own, so that one that cannot be made holds up no other; how
    many."""
    now, made = clock.now(), 0
    due = Recurring.objects.filter(is_active=True, next_at__lte=now).exclude(retry_at__gt=now).order_by("next_at")
    for row in list(due.select_related("brand")):
        try:
            made += _make(row) is not None
        except BROKEN:  # nothing is wrong with it: the next minute tries again
            log.exception("recurring ticket %s could not be made now", row.pk)
        except Exception as fault:
            log.exception("recurring ticket %s could not be made", row.pk)
            _failed(row, _reason(fault))
    return made


def _reason(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:200]


@transaction.atomic
def _failed(row: Recurring, fault: str) -> None:
    """It waits, longer each time; in the end its date is a hole, and the next one is waited for. Event
    `recurring.missed` then."""
    locked, now = (
        Recurring.objects.select_for_update(of=("self",)).select_related("calendar").get(pk=row.pk),
        clock.now(),
    )
    locked.tries, locked.fault = locked.tries + 1, fault
    locked.retry_at = now + timedelta(minutes=2 ** (locked.tries - 1) - 1)
    if locked.tries >= MOST_TRIES:
        due = pattern_of(locked).between(locked.done_until, now)
        _write_down(locked, _not_dealt_with(locked, due)[-MOST_MISSED:] if due else [], fault=fault)
        go_on_from(locked, due[-1] if due else now)
    locked.save(update_fields=["tries", "fault", "retry_at", "done_until", "next_at"])


def _make(row: Recurring) -> Ticket | None:
    """The last date that has come becomes a ticket; earlier ones that nobody made are holes. Events `ticket.created`,
    `recurring.missed` for holes."""
    number = take_number(row.brand)
    with transaction.atomic():
        locked = Recurring.objects.select_for_update(of=("self",)).select_related("calendar").get(pk=row.pk)
        now = clock.now()
        if not locked.is_active or locked.next_at is None or locked.next_at > now:
            return None
        due = pattern_of(locked).between(locked.done_until, now)
        ticket = None
        if due and (fresh := _not_dealt_with(locked, due)):
            _write_down(locked, fresh[:-1][-MOST_MISSED:])
            ticket = _ticket(locked, number, fresh[-1])
        go_on_from(locked, due[-1] if due else max(locked.done_until, now))
        locked.save(update_fields=["done_until", "next_at", "tries", "fault", "retry_at"])
    return ticket


def _not_dealt_with(row: Recurring, due: list[datetime]) -> list[datetime]:
    """Those that stand nowhere yet: a clock that was set back makes no date come twice."""
    known = set(row.occurrences.filter(due_at__range=(due[0], due[-1])).values_list("due_at", flat=True))
    return [at for at in due if at not in known]


def _write_down(row: Recurring, missed: list[datetime], *, fault: str = "") -> None:
    if missed:
        rows = [Occurrence(recurring=row, due_at=at, state=OccurrenceState.MISSED, fault=fault) for at in missed]
        Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
        told = {"dates": [at.isoformat() for at in missed], "fault": fault}
        record("recurring.missed", stream=row, by=BY, changes=told)


def _ticket(row: Recurring, number: str, due_at: datetime) -> Ticket:
    """Its ticket with the steps, given to somebody by the team's own way. What has been put to rest since is left
    out."""
    wanted: dict[str, Any] = {}
    if category := Category.objects.offered_for(row.brand_id).filter(pk=row.category_id or 0).first():
        wanted["category"] = category
    ticket = create_ticket(
        by=BY, requester=row.requester, subject=row.subject, content=Content(row.text), channel=Channel.WEB,
        brand=row.brand, team=Team.objects.active().filter(pk=row.team_id or 0).first(), kind=MessageKind.NOTE,
        impact=row.impact, urgency=row.urgency, type=row.type, trust=Trust.SIGNED_IN, quiet=True, number=number,
        set=wanted, author_name=row.name, why={"recurring": row.pk},
    )  # fmt: skip
    if row.checklist:
        add_items(ticket, row.checklist.steps, by=BY)
    made = {"state": OccurrenceState.MADE, "ticket": ticket, "made_at": clock.now()}
    Occurrence.objects.update_or_create(recurring=row, due_at=due_at, defaults=made)
    return ticket


def fill_hole(hole: Occurrence, *, by: Actor) -> Ticket | None:
    """A missed date is made up for now; None when somebody has dealt with it. Events `ticket.created`,
    `recurring.filled`. Raises CannotMake."""
    number = take_number(hole.recurring.brand)
    try:
        return _fill(hole, number, by=by)
    except BROKEN:
        raise
    except Exception as fault:
        raise CannotMake(_reason(fault)) from fault


def _fill(hole: Occurrence, number: str, *, by: Actor) -> Ticket | None:
    with transaction.atomic():
        locked = Recurring.objects.select_for_update(of=("self",)).get(pk=hole.recurring_id)
        if not Occurrence.objects.filter(pk=hole.pk, state=OccurrenceState.MISSED).exists():
            return None
        ticket = _ticket(locked, number, hole.due_at)
        told = {"date": hole.due_at.isoformat(), "ticket": ticket.number}
        record("recurring.filled", stream=locked, by=by, changes=told)
    return ticket


@transaction.atomic
def waive_hole(hole: Occurrence, *, by: Actor) -> None:
    """Nobody needs that date any more. Event `recurring.waived`, none when somebody has dealt with it."""
    locked = Recurring.objects.select_for_update(of=("self",)).get(pk=hole.recurring_id)
    missed = Occurrence.objects.filter(pk=hole.pk, state=OccurrenceState.MISSED)
    if missed.update(state=OccurrenceState.WAIVED):
        record("recurring.waived", stream=locked, by=by, changes={"date": hole.due_at.isoformat()})

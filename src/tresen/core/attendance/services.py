"""What is said of who is at work. An agent does so for himself, leads for their teams."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.core.attendance.models import Absence, AbsenceKind, Attendance, State
from tresen.core.attendance.shifts import EVERY, MOST_SHIFTS, Shift, shifts_in
from tresen.core.calendars.models import Calendar
from tresen.core.people.models import Agent
from tresen.core.people.office_hours import Weekly
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_DAYS = 366
# So long a shift stays when it is over: who went off when is asked of the last days.
SHOWN_AFTER = timedelta(days=14)


class WrongAbsence(ValueError):
    """It cannot be so; `field` says why: ends_on (before the first day, or more than a year), starts_on (it lies within
    another absence), substitute (himself, or one who is away then, too)."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class WrongShift(ValueError):
    """It cannot be so; `field` says why: ends_on (before the first day), every (not one of EVERY), weekly (no hours),
    starts_on (there are MOST_SHIFTS already)."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def _locked(agent: Agent) -> Attendance:
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)  # whoever gives him a ticket now is waited for
    found, _made = Attendance.objects.get_or_create(agent=agent, defaults={"since": clock.now()})
    return Attendance.objects.select_for_update(of=("self",)).get(pk=found.pk)


@transaction.atomic
def set_state(agent: Agent, *, state: str, until: datetime | None = None, by: Actor) -> Attendance:
    """He says, or his lead does, that he is available, busy, away or off, until then or until further notice. Event
    `attendance.changed`. Raises ValueError for no such state and a time that has passed."""
    if state not in State.values or (until is not None and until <= clock.now()):
        raise ValueError("no such state, or a time that has passed")
    row = _locked(agent)
    until = None if state == State.AVAILABLE else until
    if (row.state, row.until) != (state, until):
        changes = {"state": [row.state, state], "until": [_iso(row.until), _iso(until)]}
        row.state, row.until, row.since = state, until, clock.now()
        row.save()
        record("attendance.changed", stream=agent, by=by, changes=changes)
    return row


@transaction.atomic
def set_hours(agent: Agent, *, weekly: Weekly, calendar: Calendar | None, by: Actor) -> Attendance:
    """When he works; an empty week is at any time. Event `attendance.changed`."""
    row = _locked(agent)
    if (row.weekly, row.calendar_id) != (weekly, calendar.pk if calendar else None):
        changes: dict[str, Any] = {"weekly": [row.weekly, weekly]}
        row.weekly, row.calendar = weekly, calendar
        row.save()
        record("attendance.changed", stream=agent, by=by, changes=changes)
    return row


@transaction.atomic
def add_shift(
    agent: Agent, *, starts_on: date, ends_on: date | None, every: int = 1, weekly: Weekly, by: Actor
) -> Shift:  # fmt: skip
    """From then to then he works by these hours instead of his fixed week, every so many weeks (see shifts.Shift);
    what is over goes. Event `attendance.changed`. Raises WrongShift."""
    if ends_on is not None and ends_on < starts_on:
        raise WrongShift("ends_on")
    if every not in EVERY:
        raise WrongShift("every")
    if not any(weekly.values()):
        raise WrongShift("weekly")
    row, over = _locked(agent), clock.now().date() - SHOWN_AFTER
    kept = [one for one in shifts_in(row.shifts) if one.ends_on is None or one.ends_on >= over]
    if len(kept) >= MOST_SHIFTS:
        raise WrongShift("starts_on")
    made = Shift(uuid.uuid4().hex[:12], starts_on, ends_on, every, weekly)
    _keep_shifts(row, [*kept, made], by)
    return made


@transaction.atomic
def remove_shift(agent: Agent, *, key: str, by: Actor) -> None:
    """The fixed week counts again. Event `attendance.changed`, none where there is no such shift."""
    row = _locked(agent)
    shifts = shifts_in(row.shifts)
    left = [one for one in shifts if one.key != key]
    if len(left) < len(shifts):
        _keep_shifts(row, left, by)


def _keep_shifts(row: Attendance, shifts: list[Shift], by: Actor) -> None:
    before, row.shifts = row.shifts, [one.kept for one in shifts]
    row.save()
    record("attendance.changed", stream=row.agent, by=by, changes={"shifts": [before, row.shifts]})


@transaction.atomic
def add_absence(
    agent: Agent, *, kind: str, starts_on: date, ends_on: date, substitute: Agent | None = None, by: Actor
) -> Absence:  # fmt: skip
    """He is not there on these days. Event `absence.added`. Raises WrongAbsence."""
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)  # two at once do not overlap
    if kind not in AbsenceKind.values:
        raise WrongAbsence("kind")
    if ends_on < starts_on or (ends_on - starts_on).days >= MOST_DAYS:
        raise WrongAbsence("ends_on")
    meanwhile = Absence.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    if meanwhile.filter(agent=agent).exists():
        raise WrongAbsence("starts_on")
    if substitute is not None and (substitute == agent or meanwhile.filter(agent=substitute).exists()):
        raise WrongAbsence("substitute")
    made = Absence.objects.create(agent=agent, kind=kind, starts_on=starts_on, ends_on=ends_on, substitute=substitute)
    changes = {"kind": kind, "days": [starts_on.isoformat(), ends_on.isoformat()], "absence": made.pk}
    record("absence.added", stream=agent, by=by, changes=changes)
    return made


@transaction.atomic
def remove_absence(absence: Absence, *, by: Actor) -> None:
    """He is there after all. Event `absence.removed`."""
    key = absence.pk
    if Absence.objects.filter(pk=key).delete()[0]:
        record("absence.removed", stream=absence.agent, by=by, changes={"absence": key})


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

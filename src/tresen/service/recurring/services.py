"""Setting up what comes again, and mending holes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from tresen.core.calendars.hours import opening_of
from tresen.core.calendars.models import Calendar
from tresen.core.people.refusals import save_named
from tresen.kit import clock
from tresen.kit.fingerprint import refuse_if_changed
from tresen.service.recurring.dates import Pattern
from tresen.service.recurring.models import Recurring
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

ROWS = ("requester", "brand", "team", "category", "checklist", "calendar")
WHEN = ("frequency", "every", "weekdays", "month_day", "nth", "at", "timezone", "starts_on", "ends_on", "calendar",
        "on_closed")  # fmt: skip
FIELDS = ("name", "is_active", "subject", "text", "requester", "brand", "team", "category", "type", "impact", "urgency",
          "checklist", *WHEN)  # fmt: skip


def pattern_of(row: Recurring) -> Pattern:
    """Its dates."""
    return Pattern(
        frequency=row.frequency, every=row.every, at=row.at, zone=ZoneInfo(row.timezone), starts_on=row.starts_on,
        ends_on=row.ends_on, weekdays=tuple(row.weekdays), month_day=row.month_day, nth=row.nth,
        opening=opening_of(row.calendar) if row.calendar else None, on_closed=row.on_closed,
    )  # fmt: skip


def recurring_values(row: Recurring) -> dict[str, Any]:
    """What a form shows, for its mark: keys of rows, plain values."""
    return {name: _plain(getattr(row, f"{name}_id" if name in ROWS else name)) for name in FIELDS}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def create_recurring(*, set: dict[str, Any], by: Actor) -> Recurring:
    """A new one; its first date is the first after now. Event `recurring.created`. Raises NameTaken."""
    row = Recurring(**set, done_until=clock.now())
    row.next_at = pattern_of(row).next(row.done_until)
    save_named(row)
    record("recurring.created", stream=row, by=by, changes={"name": row.name})
    return row


@transaction.atomic
def change_recurring(row: Recurring, *, set: dict[str, Any], by: Actor, expected: str = "") -> Recurring:
    """Another template or other dates; with other dates, or when it is put to use again, it goes on from now. Event
    `recurring.changed`, none when nothing changes. Raises NameTaken, ChangedMeanwhile."""
    locked = Recurring.objects.select_for_update(of=("self",)).get(pk=row.pk)
    before = recurring_values(locked)
    refuse_if_changed(before, expected)
    for name, value in set.items():
        setattr(locked, name, value)
    after = recurring_values(locked)
    changed = [name for name in FIELDS if after[name] != before[name]]
    if not changed:
        return locked
    if any(name in WHEN or name == "is_active" for name in changed):
        go_on_from(locked, clock.now())
    locked.retry_at = None  # what kept it from being made may be mended
    save_named(locked)
    facts = {name: True if name == "text" else [before[name], after[name]] for name in changed}
    record("recurring.changed", stream=locked, by=by, changes=facts)
    return locked


def go_on_from(row: Recurring, at: datetime) -> None:
    """Every date up to then is dealt with; on the row, not saved."""
    row.done_until, row.tries, row.fault, row.retry_at = at, 0, "", None
    row.next_at = pattern_of(row).next(at)


def with_calendar(calendar: Calendar) -> list[str]:
    """The recurring tickets in use that go by a calendar, by name (table CALENDAR_USERS)."""
    return list(Recurring.objects.filter(calendar=calendar, is_active=True).values_list("name", flat=True))

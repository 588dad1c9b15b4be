"""Changes to calendars. Every one is a function here; nobody else saves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tresen.core.calendars.models import Calendar
from tresen.core.calendars.questions import BadCalendar, read_opening
from tresen.core.people.refusals import InUse, save_named
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.kit.http import check_url
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import differences
from tresen.spine.events.services import record

FIELDS = ("name", "timezone", "weekly", "country", "subdivision", "own_days", "feed_url", "is_active")
# What the feed said belongs to its address.
FORGOTTEN: dict[str, Any] = {"feed_days": [], "feed_read_at": None, "feed_fault": ""}


def calendar_values(calendar: Calendar) -> dict[str, Any]:
    """What a form shows of a calendar, for its mark."""
    return values_of(calendar, FIELDS)


@transaction.atomic
def create_calendar(*, set: dict[str, Any], by: Actor) -> Calendar:
    """A new calendar from FIELDS. Event `calendar.created`. Raises NameTaken, BadCalendar, WrongUrl, KeyError."""
    calendar = Calendar()
    _put(calendar, set)
    save_named(calendar)
    record("calendar.created", stream=calendar, by=by, changes={"name": [None, calendar.name]})
    _read_soon(calendar)
    return calendar


@transaction.atomic
def change_calendar(calendar: Calendar, *, set: dict[str, Any], by: Actor, expected: str = "") -> Calendar:
    """Changes FIELDS. Event `calendar.changed`; clocks that count by it are reckoned anew by who listens.

    Raises ChangedMeanwhile, NameTaken, InUse (put to rest while something counts by it), BadCalendar, WrongUrl (of a
    feed), KeyError.
    """
    locked = Calendar.objects.select_for_update().get(pk=calendar.pk)
    before = calendar_values(locked)
    refuse_if_changed(before, expected)
    _put(locked, set)
    changes = differences(before, calendar_values(locked))
    if changes.get("is_active") == [True, False] and (users := users_of(locked)):
        raise InUse(users)
    if "feed_url" in changes:
        for field, value in FORGOTTEN.items():
            setattr(locked, field, value)
    save_named(locked)
    if changes:
        record("calendar.changed", stream=locked, by=by, changes=changes)
    if "feed_url" in changes:
        _read_soon(locked)
    return locked


def users_of(calendar: Calendar) -> list[str]:
    """What counts by this calendar, in plain names (table CALENDAR_USERS of the wiring)."""
    return [name for users in table("CALENDAR_USERS") for name in users(calendar)]


@transaction.atomic
def keep_feed(calendar: Calendar, *, url: str, days: list[list[str]], at: datetime, by: Actor) -> bool:
    """What the feed at this address says now. Event `calendar.changed` when the days are others; False when the
    calendar meanwhile has another feed."""
    locked = Calendar.objects.select_for_update().filter(pk=calendar.pk, feed_url=url).first()
    if locked is None:
        return False
    before = locked.feed_days
    locked.feed_days, locked.feed_read_at, locked.feed_fault = days, at, ""
    locked.save(update_fields=["feed_days", "feed_read_at", "feed_fault"])
    if before != days:
        record("calendar.changed", stream=locked, by=by, changes={"feed_days": [len(before), len(days)]})
    return True


def note_feed_fault(calendar: Calendar, *, url: str, fault: str) -> None:
    """The feed could not be read; what it said before stays."""
    Calendar.objects.filter(pk=calendar.pk, feed_url=url).update(feed_fault=fault[:200])


def _read_soon(calendar: Calendar) -> None:
    from tresen.core.calendars.jobs import read_feed

    if calendar.feed_url:
        read_feed.enqueue(calendar_id=calendar.pk, key=f"feed:{calendar.pk}")


def _put(calendar: Calendar, wanted: dict[str, Any]) -> None:
    if (url := wanted.get("feed_url")) and url != calendar.feed_url:
        check_url(url)
    for field, value in wanted.items():
        if field not in FIELDS:
            raise KeyError(field)
        setattr(calendar, field, value)
    if not calendar.country:
        calendar.subdivision = ""
    shape = {name: getattr(calendar, name) for name in ("timezone", "weekly", "country", "subdivision")}
    if not calendar.name.strip() or read_opening(shape).is_never_open:
        raise BadCalendar("a calendar needs a name and a time at which somebody is there")

"""Office hours as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tresen.core.people.models import Brand
from tresen.faces.portal.home.hours import Hours, hours_at
from tresen.kit import clock, times


@dataclass(frozen=True)
class Opening:
    """`day` is today's date, `today` its hours, `now` whether we are there, `is_open` for the colour beside it."""

    day: str
    today: str
    now: str
    is_open: bool


def opening_of(brand: Brand, at: datetime | None = None) -> Opening | None:
    """The brand's hours now, in the language of the page; None for a brand that keeps none."""
    at = at or clock.now()
    found = hours_at(brand.office_hours, at, timezone=brand.timezone)
    if found is None:
        return None
    note = _zone_note(found, at)
    with timezone.override(found.zone):
        spans = [_("%(start)s to %(end)s") % {"start": start, "end": end} for start, end in found.today]
        today = ", ".join(spans) if spans else _("Nobody is here today")
        return Opening(times.day(at, at), today + note, _now_words(found, at), found.is_open)


def _now_words(hours: Hours, at: datetime) -> str:
    if hours.is_open:
        if hours.closes_at is None:
            return _("Open now, day and night")
        return _("Open now, until %(time)s") % {"time": times.when(hours.closes_at, at)}
    if hours.opens_at is None:
        return _("Closed now")
    return _("Closed now, open again: %(time)s") % {"time": times.when(hours.opens_at, at)}


def _zone_note(hours: Hours, at: datetime) -> str:
    """The zone's name where the reader's clock shows something else."""
    if at.astimezone(hours.zone).utcoffset() == timezone.localtime(at).utcoffset():
        return ""
    return f" ({hours.zone.key.rpartition('/')[2].replace('_', ' ')})"

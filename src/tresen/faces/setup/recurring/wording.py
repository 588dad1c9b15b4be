"""Dates in words."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.faces.setup.recurring.forms import NTH
from tresen.service.recurring.models import Frequency, Recurring


def rhythm_of(row: Recurring) -> str:
    """How often it comes, in a few words: “every 2 weeks · Monday, Thursday · 08:00”."""
    days = ", ".join(str(WEEKDAYS[day]) for day in sorted(row.weekdays) if day in WEEKDAYS)
    parts = [_often(row.frequency, row.every)]
    if row.frequency == Frequency.WEEKLY:
        parts.append(days)
    elif row.nth is not None:
        parts.append(_("%(nth)s %(day)s") % {"nth": dict(NTH).get(str(row.nth), ""), "day": days})
    elif row.frequency in (Frequency.MONTHLY, Frequency.YEARLY):
        parts.append(_("day %(n)s") % {"n": row.month_day or row.starts_on.day})
    return " · ".join([*(part for part in parts if part), time_format(row.at)])


def _often(frequency: str, every: int) -> str:
    if frequency == Frequency.DAILY:
        return ngettext("each day", "every %(n)s days", every) % {"n": every}
    if frequency == Frequency.WEEKLY:
        return ngettext("every week", "every %(n)s weeks", every) % {"n": every}
    if frequency == Frequency.MONTHLY:
        return ngettext("every month", "every %(n)s months", every) % {"n": every}
    return ngettext("every year", "every %(n)s years", every) % {"n": every}

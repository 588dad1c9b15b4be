"""Calendars: a week, its holidays, own days, a feed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.calendars.public_holidays import country_names, regions
from tresen.core.people.form_fields import HoursForm, ZoneField
from tresen.faces.setup.outside import OutsideField
from tresen.faces.setup.saving import MarkedForm

MOST_DAYS = 200
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?")


class OwnDaysField(forms.CharField):
    """Days with their names, a line each: `2026-12-24 Christmas Eve`, `24.12.2026 …`, or `24.12. …` for every year."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def clean(self, value: Any) -> list[list[str]]:
        """`[["2026-12-24", "…"], ["12-31", "…"]]`, sorted. Raises ValidationError in words."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            raise ValidationError(_("At most %(n)s days.") % {"n": MOST_DAYS})
        return sorted(_read_day(line) for line in lines)

    def prepare_value(self, value: Any) -> Any:
        """Days as they are typed."""
        return value if isinstance(value, str) else show_days(value or [])


def _read_day(line: str) -> list[str]:
    match = _DAY.match(line)
    told = _("“%(text)s” does not begin with a day. Write it like 2026-12-24 or 24.12.") % {"text": line[:40]}
    if match is None:
        raise ValidationError(told)
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        found = date(int(year or 2028), int(month), int(day))  # a leap year, so that 29.2. is a day
    except ValueError as fault:
        raise ValidationError(told) from fault
    name = " ".join(line[match.end() :].strip(" \t:,–-").split())[:80]
    return [found.isoformat() if year else found.strftime("%m-%d"), name]


def show_days(days: list[list[str]]) -> str:
    """The days as they are typed."""
    return "\n".join(f"{day if len(day) == 10 else f'{day[3:]}.{day[:2]}.'} {name}".strip() for day, name in days)


class FeedField(OutsideField):
    """What calendars call webcal is https."""

    def clean(self, value: Any) -> str:
        """Of the web, and one that may be called."""
        url = re.sub(r"^webcals?://", "https://", str(value or "").strip())
        try:
            parts = urlsplit(url)
            is_web = parts.scheme in {"https", "http"} and bool(parts.hostname)
        except ValueError:  # brackets that hold no address
            is_web = False
        if url and not is_web:
            raise ValidationError(_("This is not an address of the web. It begins with https://"))
        return super().clean(url)


class CalendarForm(MarkedForm):
    """Everything of a calendar but its week."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80,
        help_text=gettext_lazy("What colleagues know it by: Office, Round the clock, Warehouse Gdańsk."),
    )  # fmt: skip
    timezone = ZoneField(help_text=gettext_lazy("The hours are meant in it; changes of the clocks are followed."))
    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"), required=False, choices=lambda: [("", "–"), *country_names()],
        widget=forms.Select(attrs={"data-country-names": ""}),
        help_text=gettext_lazy("They close the whole day. They are kept up to date with the program."),
    )  # fmt: skip
    subdivision = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    own_days = OwnDaysField(
        label=gettext_lazy("Own days off"),
        help_text=gettext_lazy("One a line: 2026-12-24 Christmas Eve. Without a year it comes every year: 31.12."),
    )  # fmt: skip
    feed_url = FeedField(
        label=gettext_lazy("Feed with days off"), required=False, max_length=500,
        placeholder="https://…/holidays.ics",
        help_text=gettext_lazy("The address of an iCalendar feed, read four times a day. Its whole days close too."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self["country"].value() or "")
        region = self.fields["subdivision"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = [("", _("the whole country")), *regions(chosen)]
        if self.is_bound and str(self["subdivision"].value() or "") not in dict(regions(chosen)):
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("subdivision")] = ""  # it was of another country
            self.data = data


class WeekForm(HoursForm):
    """The week of a calendar: somebody is there at some time."""

    needs_hours = True

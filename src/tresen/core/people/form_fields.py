"""Form fields that more than one face asks with: a time zone, the hours of a week."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import LANGUAGES
from tresen.core.people.office_hours import DAYS, Weekly, read_intervals, show_intervals
from tresen.core.people.zones import zone_named, zone_names

DAY_NAMES = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip


class ZoneInput(forms.TextInput):
    """A line that offers all zones while one types; every browser does it by itself."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field and its list."""
        key = f"{(attrs or {}).get('id') or f'id_{name}'}_zones"
        field = super().render(name, value, {**(attrs or {}), "list": key, "autocomplete": "off"}, renderer)
        places = ((zone, zone.rpartition("/")[2].replace("_", " ")) for zone in zone_names())
        options = format_html_join("", '<option value="{}" label="{}"></option>', places)
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, options)


class ZoneField(forms.CharField):
    """A time zone of the world, typed or chosen: `Europe/Berlin`, `berlin`. `also`: one more that is right, an old name
    that stands in a row."""

    def __init__(self, *, also: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("widget", ZoneInput(attrs={"spellcheck": "false", "placeholder": "Europe/Berlin"}))
        super().__init__(max_length=60, **kwargs)
        self.also = also

    def clean(self, value: Any) -> str:
        """The name of the zone. Raises ValidationError in words."""
        typed: str = super().clean(value)
        if not typed or typed == self.also:
            return typed
        if (zone := zone_named(typed)) is None:
            raise ValidationError(_("There is no such time zone. Type a large city near by, for example Berlin."))
        return zone


class LanguageField(forms.ChoiceField):
    """One of the product's languages, each in its own words."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Language"))
        super().__init__(choices=LANGUAGES, **kwargs)


class DayField(forms.CharField):
    """The times of one day, typed as `08:00–12:00, 13:00–17:00`; empty is closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=120, **kwargs)

    def clean(self, value: Any) -> list[list[str]]:
        """Intervals as in the calendar. Raises ValidationError in words."""
        typed: str = super().clean(value)
        return read_intervals(typed)


class HoursForm(forms.Form):
    """The hours of a week, a line a day."""

    mon = DayField(label=DAY_NAMES["mon"])
    tue = DayField(label=DAY_NAMES["tue"])
    wed = DayField(label=DAY_NAMES["wed"])
    thu = DayField(label=DAY_NAMES["thu"])
    fri = DayField(label=DAY_NAMES["fri"])
    sat = DayField(label=DAY_NAMES["sat"])
    sun = DayField(label=DAY_NAMES["sun"])

    @staticmethod
    def typed(weekly: Weekly) -> dict[str, str]:
        """Initial values for these weekly hours."""
        return {day: show_intervals(weekly.get(day, [])) for day in DAYS}

    def weekly(self) -> Weekly:
        """The weekly hours that were typed; only after `is_valid()`."""
        return {day: self.cleaned_data[day] for day in DAYS if self.cleaned_data[day]}

    def clean(self) -> dict[str, Any]:
        """A week without one open hour is refused where hours are demanded (`needs_hours`)."""
        cleaned: dict[str, Any] = super().clean() or {}
        if getattr(self, "needs_hours", False) and not self.errors and not any(cleaned.get(day) for day in DAYS):
            raise ValidationError(_("Please give at least one time at which somebody is there."))
        return cleaned

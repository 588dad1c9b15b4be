"""A rota: for which level and hours, who takes turns, who stands in."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.calendars.models import Calendar
from tresen.core.people.form_fields import ZoneField
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.level_models import Level
from tresen.faces.setup.saving import MarkedForm
from tresen.kit import clock
from tresen.service.oncall.models import PRIMARY, SECONDARY, Cover

MOST_PEOPLE = 20
MOST_YEARS = 10
RANKS = [(PRIMARY, gettext_lazy("first")), (SECONDARY, gettext_lazy("second"))]


class RotaForm(MarkedForm):
    """For whom somebody must be there, and when."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"), coerce=int,
        help_text=gettext_lazy(
            "A ticket that comes to this level in these hours, however it does, calls whoever is on call."
        ),
    )  # fmt: skip
    cover = forms.ChoiceField(label=gettext_lazy("Somebody must be there"), choices=Cover.choices)
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=gettext_lazy("Calendar"), required=False, empty_label="–"
    )
    ack_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to acknowledge"), min_value=1, max_value=120, initial=10,
        help_text=gettext_lazy("After that the next one is called, the second first."),
    )  # fmt: skip
    keeper = forms.ModelChoiceField(
        Agent.objects.none(), label=gettext_lazy("Keeper"), empty_label=None,
        help_text=gettext_lazy("Hears a week ahead when nobody will be there, and when nobody has acknowledged."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(level.number, f"{level.number} · {level.name}") for level in Level.objects.active()]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        _offer(self.fields["calendar"], Calendar.objects.visible_to(principal).filter(is_active=True))
        _offer(self.fields["keeper"], Agent.objects.visible_to(principal).active().order_by("user__name"))

    def clean(self) -> dict[str, Any]:
        """Hours of a calendar need one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("cover") != Cover.ALWAYS and not cleaned.get("calendar"):
            self.add_error("calendar", _("Choose a calendar for these hours."))
        return cleaned


class LayerForm(forms.Form):
    """People who take turns."""

    rank = forms.TypedChoiceField(label=gettext_lazy("Called"), choices=RANKS, coerce=int)
    people = forms.CharField(
        label=gettext_lazy("People, in their order"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=gettext_lazy("One a line, by name."),
    )  # fmt: skip
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    hands_over_at = forms.TimeField(
        label=gettext_lazy("Hands over at"), initial=time(9), widget=forms.TimeInput(attrs={"type": "time"})
    )
    days = forms.IntegerField(label=gettext_lazy("Days each"), min_value=1, max_value=60, initial=7)
    timezone = ZoneField()
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=gettext_lazy("Only in the hours of"), required=False,
        empty_label=gettext_lazy("at any time"),
        help_text=gettext_lazy("Several layers with calendars of different zones follow the sun."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = Agent.objects.visible_to(principal).active().select_related("user")
        _offer(self.fields["calendar"], Calendar.objects.visible_to(principal).filter(is_active=True))

    def clean_starts_on(self) -> date:
        """A day from which turns can be counted."""
        day: date = self.cleaned_data["starts_on"]
        _refuse_far(day)
        return day

    def clean_people(self) -> list[int]:
        """Their keys. Raises ValidationError with the names nobody has."""
        names = [" ".join(line.split()) for line in self.cleaned_data["people"].splitlines() if line.strip()]
        known = {agent.user.name.casefold(): agent.pk for agent in self.there}
        if unknown := [name for name in names if name.casefold() not in known]:
            raise forms.ValidationError(_("There is no colleague called %(names)s.") % {"names": ", ".join(unknown)})
        if not 0 < len(names) <= MOST_PEOPLE:
            raise forms.ValidationError(_("At least one, at most %(n)s people.") % {"n": MOST_PEOPLE})
        return [known[name.casefold()] for name in names]


class OverrideForm(forms.Form):
    """Somebody else for a time, by the clock of whoever enters it."""

    rank = forms.TypedChoiceField(label=gettext_lazy("Called"), choices=RANKS, coerce=int)
    agent = forms.ModelChoiceField(Agent.objects.none(), label=gettext_lazy("Who"), empty_label=None)
    starts_at = forms.DateTimeField(label=gettext_lazy("From"), widget=forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), input_formats=["%Y-%m-%dT%H:%M"])  # fmt: skip
    ends_at = forms.DateTimeField(label=gettext_lazy("Until"), widget=forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), input_formats=["%Y-%m-%dT%H:%M"])  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        _offer(self.fields["agent"], Agent.objects.visible_to(principal).active().order_by("user__name"))

    def clean_starts_at(self) -> datetime:
        """Not in another century."""
        at: datetime = self.cleaned_data["starts_at"]
        _refuse_far(at)
        return at

    def clean_ends_at(self) -> datetime:
        """Not in another century."""
        at: datetime = self.cleaned_data["ends_at"]
        _refuse_far(at)
        return at

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("starts_at", "ends_at"):
            at: datetime | None = cleaned.get(name)
            if at is not None:
                cleaned[name] = at.replace(tzinfo=ZoneInfo(self.zone))
        if not self.errors and cleaned["starts_at"] >= cleaned["ends_at"]:
            self.add_error("ends_at", _("It ends before it begins."))
        return cleaned


def _refuse_far(moment: date) -> None:
    """Raises ValidationError for a day or time that is not within ten years: turns are counted from and to it."""
    if abs(moment.year - clock.now().year) > MOST_YEARS:
        raise forms.ValidationError(_("Only within ten years from now."))


def _offer(field: forms.Field, rows: Any) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows

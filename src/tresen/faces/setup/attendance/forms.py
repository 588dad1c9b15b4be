"""Presence, working hours and absences of an agent, as he or his lead says them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.attendance.models import AbsenceKind, State
from tresen.core.calendars.models import Calendar
from tresen.core.people.form_fields import DAY_NAMES, HoursForm
from tresen.core.people.models import Agent
from tresen.core.people.office_hours import DAYS, Weekly, show_intervals
from tresen.core.people.principals import Principal
from tresen.kit import clock

TURNS = [
    (1, gettext_lazy("every week")), (2, gettext_lazy("every second week")), (3, gettext_lazy("every third week")),
    (4, gettext_lazy("every fourth week")),
]  # fmt: skip


def days_in_words(weekly: Weekly) -> str:
    """`Monday–Friday 06:00–14:00, Saturday 08:00–12:00`."""
    runs: list[tuple[list[str], list[list[str]]]] = []
    for day in DAYS:
        hours = weekly.get(day) or []
        if runs and runs[-1][1] == hours:
            runs[-1][0].append(day)
        else:
            runs.append(([day], hours))
    said = []
    for days, hours in runs:
        ends = dict.fromkeys((days[0], days[-1]))
        if hours:
            said.append(f"{'–'.join(str(DAY_NAMES[day]) for day in ends)} {show_intervals(hours)}")
    return ", ".join(said)


class StateForm(forms.Form):
    """Available, busy, away or off, and until when."""

    state = forms.ChoiceField(label=gettext_lazy("Now"), choices=State.choices, widget=forms.RadioSelect)
    until = forms.DateTimeField(
        label=gettext_lazy("Until"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=gettext_lazy("Empty: until you say otherwise. “Available” needs no time."),
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_until(self) -> datetime | None:
        """A time to come, in the agent's time zone."""
        typed: datetime | None = self.cleaned_data["until"]
        if typed is None or self.data.get("state") == State.AVAILABLE:
            return None
        typed = typed.replace(tzinfo=None)  # written by the agent's own clock
        here = clock.now().astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        if typed <= here:
            raise forms.ValidationError(_("This time has passed."))
        if typed.year > here.year + 1:
            raise forms.ValidationError(_("At most until the end of next year."))
        return typed.replace(tzinfo=ZoneInfo(self.zone))


class WeekForm(HoursForm):
    """The hours of a week, and whose holidays they leave out."""

    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=gettext_lazy("Holidays by"), required=False,
        empty_label=gettext_lazy("no holidays"),
        help_text=gettext_lazy("The free days of this calendar are free; its hours do not count."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = self.fields["calendar"]
        assert isinstance(calendar, forms.ModelChoiceField)
        calendar.queryset = Calendar.objects.visible_to(principal).order_by("name")


class ShiftForm(HoursForm):
    """Other hours from then to then, every week or in turn."""

    needs_hours = True
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: until further notice."),
    )  # fmt: skip
    every = forms.TypedChoiceField(
        label=gettext_lazy("How often"), choices=TURNS, coerce=int, initial=1,
        help_text=gettext_lazy("For an early and a late week in turn enter both, each every second week."),
    )  # fmt: skip


class AbsenceForm(forms.Form):
    """Whole days, and who stands in."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AbsenceKind.choices)
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    substitute = forms.ModelChoiceField(
        Agent.objects.none(), label=gettext_lazy("Substitute"), required=False, empty_label=gettext_lazy("nobody"),
        help_text=gettext_lazy(
            "Gets the open tickets when the absence begins, in teams where both work and as far as there is room; all"
            " others go back to their team."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, agent: Agent, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substitute = self.fields["substitute"]
        assert isinstance(substitute, forms.ModelChoiceField)
        others = Agent.objects.visible_to(principal).active().exclude(pk=agent.pk)
        substitute.queryset = others.order_by("user__name")

"""Who is at work: what an agent says of himself, his hours, and his absences."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.calendars.models import Calendar
from tresen.core.people.models import Agent
from tresen.kit import clock


class State(models.TextChoices):
    """Whether tickets find him."""

    AVAILABLE = "available", pgettext_lazy("at work", "Available")
    BUSY = "busy", pgettext_lazy("at work", "Busy")
    AWAY = "away", pgettext_lazy("at work", "Away")
    OFF = "off", pgettext_lazy("at work", "Off duty")


class AbsenceKind(models.TextChoices):
    HOLIDAY = "holiday", pgettext_lazy("absence", "Holiday")
    SICKNESS = "sickness", pgettext_lazy("absence", "Sickness")
    OTHER = "other", pgettext_lazy("absence", "Other")


class Attendance(models.Model):
    """What an agent says himself, and when he works; without a row he is available at any time."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="attendance")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.AVAILABLE)
    # Until then; afterwards he is available again. Empty: until he says otherwise.
    until = models.DateTimeField(_("until"), null=True, blank=True)
    since = models.DateTimeField()
    # Intervals a day in his time zone, as calendars keep them; empty: at any time.
    weekly = models.JSONField(default=dict, blank=True)
    # Other hours for some days or in turn (shifts.py), in the order in which they were entered.
    shifts = models.JSONField(default=list, blank=True)
    # Whose holidays are his.
    calendar = models.ForeignKey(
        Calendar, null=True, blank=True, on_delete=models.SET_NULL, related_name="attendances",
        verbose_name=_("holidays by"),
    )  # fmt: skip


class Absence(models.Model):
    """Whole days, in the agent's time zone, on which he is not there, and who stands in for him."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind.choices, default=AbsenceKind.HOLIDAY)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    substitute = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in", verbose_name=_("substitute")
    )
    entered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("agent")), name="nobody_stands_in_for_himself"
            ),
        ]
        indexes = [models.Index(fields=["agent", "ends_on"], name="absences_of_an_agent")]

"""Work that comes again: a ticket made from a calendar, and what became of each date."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tresen.core.calendars.models import Calendar
from tresen.core.people.models import Brand, Contact, Team
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.tickets.choices import ACTIVE, Impact, TicketType, Urgency
from tresen.core.tickets.models import Category, Ticket
from tresen.spine.events.models import Event


class Frequency(models.TextChoices):
    DAILY = "daily", _("Days")
    WEEKLY = "weekly", _("Weeks")
    MONTHLY = "monthly", _("Months")
    YEARLY = "yearly", _("Years")


class OnClosed(models.TextChoices):
    KEEP = "keep", _("all the same")
    NEXT = "next", _("on the next open day")
    SKIP = "skip", _("not at all")


class RecurringQuerySet(models.QuerySet["Recurring"]):
    """Recurring tickets."""

    def visible_to(self, principal: Principal) -> RecurringQuerySet:
        """For who arranges them."""
        return self if principal.may("set_tickets") else self.none()


class Recurring(models.Model):
    """What ticket comes when. Dates are meant in its zone; see dates.py for what the fields of the pattern mean."""

    name = models.CharField(max_length=80, unique=True)
    is_active = models.BooleanField(default=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    requester = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=16, choices=TicketType.choices, default=TicketType.SERVICE_REQUEST)
    impact = models.PositiveSmallIntegerField(choices=Impact.choices, default=Impact.ONE)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.MEDIUM)
    checklist = models.ForeignKey(ChecklistTemplate, null=True, on_delete=models.PROTECT, related_name="+")
    # The pattern.
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    every = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(99)])
    weekdays = models.JSONField(default=list, help_text="of a week, Monday 0")
    month_day = models.PositiveSmallIntegerField(null=True, help_text="1 to 31; the last day of a shorter month")
    # Instead of `month_day`: which of that weekday in the month, 1 to 4, -1 the last.
    nth = models.SmallIntegerField(null=True)
    at = models.TimeField(default=time(8, 0))
    timezone = models.CharField(max_length=60, default="Europe/Berlin")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.PROTECT, related_name="+")
    on_closed = models.CharField(max_length=4, choices=OnClosed.choices, default=OnClosed.KEEP)
    # Every date up to here is dealt with; the next one is due then, none when there is none.
    done_until = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    # It could not be made so many times, for that reason; it is tried again then.
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True, default="")
    retry_at = models.DateTimeField(null=True)
    objects = RecurringQuerySet.as_manager()

    class Meta:
        ordering = ["-is_active", "name"]
        indexes = [models.Index(fields=["next_at"], name="recurring_due", condition=Q(is_active=True))]

    def __str__(self) -> str:
        return self.name


class OccurrenceState(models.TextChoices):
    MADE = "made"
    # The desk stood still, and a later date had come when it went on, or it could not be made: a hole.
    MISSED = "missed"
    # Somebody said that the hole is none.
    WAIVED = "waived"


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    """Dates of recurring tickets."""

    def unworked(self) -> OccurrenceQuerySet:
        """Made, and when the next date came the ticket was still open and no colleague had done anything on it."""
        later = Occurrence.objects.filter(recurring=OuterRef("recurring"), due_at__gt=OuterRef("due_at"))
        touched = Event.objects.filter(stream_kind="ticket", stream_id=OuterRef("ticket"), actor_kind="agent")
        rows = self.filter(state=OccurrenceState.MADE, ticket__status_category__in=ACTIVE, ticket__deleted_at=None)
        return rows.filter(Exists(later), ~Exists(touched), ticket__merged_into=None)


class Occurrence(models.Model):
    """One date of it and what became of that; a date is dealt with once."""

    recurring = models.ForeignKey(Recurring, on_delete=models.CASCADE, related_name="occurrences")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=OccurrenceState.choices)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(null=True)
    # Why it could not be made.
    fault = models.CharField(max_length=200, blank=True, default="")
    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at"]
        constraints = [models.UniqueConstraint(fields=["recurring", "due_at"], name="a_date_once")]
        indexes = [models.Index(fields=["recurring"], name="recurring_holes", condition=Q(state="missed"))]

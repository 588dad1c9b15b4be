"""Service levels: policies with their targets, and the clocks of tickets, each a list of segments."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from tresen.core.calendars.models import Calendar
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Policies."""

    def visible_to(self, principal: Principal) -> PolicyQuerySet:
        """For who arranges them."""
        return self if principal.may("set_targets") else self.none()


class Policy(models.Model):
    """What was promised to whom: the first policy in order that fits a ticket gives it its targets."""

    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="policies")
    # {"organisations": [7], "brands": [], "priorities": [], "types": ["incident"]}; nothing named means any.
    conditions = models.JSONField(default=dict, blank=True)
    # {"first_response": {"4": 30, "3": 60}, …}: minutes of open time by metric and priority; none, no clock.
    targets = models.JSONField(default=dict, blank=True)
    # Who may have the ball while its clocks rest.
    pauses_for = models.JSONField(default=list, blank=True)
    # A clock warns when that share of its target has passed.
    warn_percent = models.PositiveSmallIntegerField(
        default=75, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks."""

    def at_risk(self) -> ClockQuerySet:
        """Those that have warned, run on and can still be kept."""
        warned = self.filter(stopped_at__isnull=True, warned_at__isnull=False, breached_at__isnull=True)
        return warned.filter(due_at__isnull=False)

    def overdue(self) -> ClockQuerySet:
        """Those that have run out and whose promise still waits to be kept."""
        return self.filter(stopped_at__isnull=True, breached_at__isnull=False)


class Clock(models.Model):
    """One promise on one ticket: since when, until when it is to be kept, and whether it was.

    `due_at` is reckoned from the segments by the calendar and the target that count now; it is empty while the clock
    rests without having run out. A clock that ran out keeps the moment in `breached_at`.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    metric = models.CharField(max_length=20)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="clocks")
    # Minutes of open time; empty while no policy sets a target, the segments go on.
    minutes = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    # Open time that is left while the clock rests, in seconds.
    left_seconds = models.IntegerField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric"], condition=Q(stopped_at__isnull=True), name="one_running_clock_a_metric"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="clock_stops_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="clocks_to_breach", condition=Q(stopped_at=None, breached_at=None)),
            models.Index(
                fields=["ticket"], name="view_overdue", condition=Q(stopped_at=None, breached_at__isnull=False)
            ),
            models.Index(fields=["ticket"], name="view_at_risk", condition=Q(stopped_at=None, warned_at__isnull=False)),
            models.Index(fields=["warn_at"], name="clocks_to_warn", condition=Q(stopped_at=None, warned_at=None)),
        ]


class ClockSegment(models.Model):
    """A piece of a clock's life in which one thing decides whether it runs: who has the ball, or that it is over."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="segments")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # us, customer, third_party, date, supplier, solved, bin: `reckoning` and the policy say which of them rest.
    reason = models.CharField(max_length=12)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at=None), name="one_open_segment_a_clock"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="segment_ends_after_start"
            ),
        ]


class ClockStrip(models.Model):
    """What lists and the ticket page show of a ticket's clocks, in one row: the next thing due, and all of them."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="clock_strip")
    metric = models.CharField(max_length=20, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    # Why the next clock rests; empty while one runs.
    rests = models.CharField(max_length=12, blank=True, default="")
    is_breached = models.BooleanField(default=False)
    clocks = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["due_at", "ticket"], name="view_due", condition=Q(due_at__isnull=False))]


class PolicyTrial(models.Model):
    """What a policy would have come to on the tickets of the last 90 days; the newest one of each policy is kept."""

    policy = models.OneToOneField(Policy, on_delete=models.CASCADE, related_name="trial")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # How many came under it, by metric how many were kept, missed or are open, and the worst misses.
    found = models.JSONField(default=dict)

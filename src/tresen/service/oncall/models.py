"""Who is called when nobody is at the desk: rotas with their layers and exceptions, and the calls themselves."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tresen.core.calendars.models import Calendar
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket
from tresen.kit import clock

PRIMARY, SECONDARY = 1, 2


class RotaQuerySet(models.QuerySet["Rota"]):
    """Rotas."""

    def visible_to(self, principal: Principal) -> RotaQuerySet:
        """All for who arranges them; whoever takes turns, or stands in, sees those on which he does."""
        if principal.may("set_levels"):
            return self
        return self.taken_by(principal.agent) if principal.agent else self.none()

    def taken_by(self, agent: Agent) -> RotaQuerySet:
        """Those in which somebody takes turns, or stands in from now on."""
        turns = [rota for rota, people in Layer.objects.values_list("rota", "people") if agent.pk in people]
        stands_in = Override.objects.filter(agent=agent, ends_at__gt=clock.now())
        return self.filter(Q(pk__in=turns) | Q(pk__in=stands_in.values("rota")))


class Cover(models.TextChoices):
    ALWAYS = "always", _("round the clock")
    INSIDE = "inside", _("in the hours of a calendar")
    OUTSIDE = "outside", _("outside the hours of a calendar")


class Rota(models.Model):
    """Somebody must be there for a level in these hours: tickets that come to it call whoever it is."""

    name = models.CharField(max_length=80, unique=True)
    level = models.PositiveSmallIntegerField(default=2)
    cover = models.CharField(max_length=8, choices=Cover.choices, default=Cover.ALWAYS)
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Nobody has acknowledged after that: the next one is called.
    ack_minutes = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    # Who hears of holes, and of calls that nobody answered.
    keeper = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    # The end of the hole of which the keeper was told last: its beginning moves on with the clock.
    told_hole_at = models.DateTimeField(null=True)
    objects = RotaQuerySet.as_manager()

    class Meta:
        ordering = ["level", "name"]

    def __str__(self) -> str:
        return self.name


class Layer(models.Model):
    """People who take turns, from a day and an hour on, for so many days each; with a calendar only in its hours."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="layers")
    rank = models.PositiveSmallIntegerField(default=PRIMARY, choices=[(PRIMARY, _("first")), (SECONDARY, _("second"))])
    # Keys of agents, in their order.
    people = models.JSONField(default=list)
    starts_on = models.DateField()
    hands_over_at = models.TimeField()
    days = models.PositiveSmallIntegerField(default=7, validators=[MinValueValidator(1), MaxValueValidator(60)])
    timezone = models.CharField(max_length=60, default="Europe/Berlin")
    calendar = models.ForeignKey(
        Calendar,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["rank", "id"]


class Override(models.Model):
    """Somebody else for a time: goes before every layer of its rank."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="overrides")
    rank = models.PositiveSmallIntegerField(default=PRIMARY, choices=[(PRIMARY, _("first")), (SECONDARY, _("second"))])
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_override_ends_after_it_begins")
        ]


class AlertState(models.TextChoices):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts."""

    def visible_to(self, principal: Principal) -> AlertQuerySet:
        """Those of tickets one sees."""
        return self.filter(ticket__in=Ticket.objects.visible_to(principal)) if principal.is_staff else self.none()

    def waiting(self, rota: Rota) -> AlertQuerySet:
        """Those of the rota for which somebody is being called now."""
        here = self.filter(rota=rota, state=AlertState.OPEN, ticket__level=rota.level, ticket__merged_into=None)
        return here.filter(ticket__status_category__in=ACTIVE, ticket__deleted_at=None)

    def instead_of(self, alert: Alert) -> AlertQuerySet:
        """That with which its ticket calls for the same level now: it may have left and come back since."""
        return self.filter(ticket=alert.ticket_id, state=AlertState.OPEN, rota__level=alert.rota.level)


class Alert(models.Model):
    """A ticket needs somebody now: one after the other is called until one says that he has it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="alerts")
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="alerts")
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    at = models.DateTimeField()
    next_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state=AlertState.OPEN), name="one_open_alert_a_ticket"
            )
        ]

    @property
    def is_past(self) -> bool:
        """Nobody is needed any more: its ticket is finished, merged, in the bin or on another level."""
        ticket = self.ticket
        is_away = bool(ticket.merged_into_id) or ticket.deleted_at is not None
        return is_away or ticket.status_category not in ACTIVE or ticket.level != self.rota.level


class AlertCall(models.Model):
    """One person was called."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="calls")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    # He was being called for another ticket of the rota: neither mail nor telephone besides.
    joined = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]


class BodyForm(models.TextChoices):
    JSON = "json", _("JSON")
    FORM = "form", _("Form fields")


class Gateway(models.Model):
    """One row at most: the SMS gateway that makes telephones ring, and what became of the last trial."""

    url = models.CharField(max_length=500, blank=True, default="")
    # How its body is written (gateway.py), and what of: text with names in double braces.
    form = models.CharField(max_length=4, choices=BodyForm.choices, default=BodyForm.JSON)
    template = models.TextField(blank=True, default="")
    # The header that carries its secret, whose value lies sealed; without one nothing secret is sent.
    header = models.CharField(max_length=60, blank=True, default="")
    sealed = models.TextField(blank=True, default="")
    # Numbers by the key of the agent.
    numbers = models.JSONField(default=dict)
    # The last trial: since when it runs, when it ended, the status (None: not reached) and the beginning of the answer.
    tried_at = models.DateTimeField(null=True)
    trial_ended_at = models.DateTimeField(null=True)
    trial_status = models.PositiveSmallIntegerField(null=True)
    trial_said = models.CharField(max_length=400, blank=True, default="")

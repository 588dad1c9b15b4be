"""Rules with their versions, and what became of each on every ticket."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.spine.events.models import Event


class RuleQuerySet(models.QuerySet["Rule"]):
    """Rules."""

    def visible_to(self, principal: Principal) -> RuleQuerySet:
        """For who writes them."""
        return self if principal.may("set_rules") else self.none()


class Rule(models.Model):
    """What the desk does by itself. Its place in the order is its place in life."""

    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=False)
    # Since when it is switched on: by time it acts on nothing that was due before.
    active_since = models.DateTimeField(null=True)
    # By time: until when it has looked, and when it last looked at all tickets (due.py).
    looked_at = models.DateTimeField(null=True)
    looked_at_all_at = models.DateTimeField(null=True)
    brand = models.ForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Names in triggers.py; empty for a rule by time, which has `since` and `minutes`.
    triggers = models.JSONField(default=list)
    since = models.CharField(max_length=12, blank=True, default="")
    minutes = models.PositiveIntegerField(null=True)
    condition = models.CharField(max_length=500, blank=True, default="")
    # [{"do": "status", "value": "waiting"}, …], each read by its entry of RULE_ACTIONS.
    actions: Any = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    # Why it was switched off by the desk itself: ring, depth, own_mail, gone.
    stopped_why = models.CharField(max_length=12, blank=True, default="")
    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since="", minutes__isnull=True) | (~Q(since="") & Q(minutes__isnull=False)),
                name="a_rule_is_on_events_or_by_time",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """A rule as it was under a number, for ever."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    values: Any = models.JSONField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="a_version_once")]


class RuleSet(models.Model):
    """One row, whose mark is another one whenever any rule was changed: what was compiled is kept until then. And what
    is too much for all rules together."""

    mark = models.CharField(max_length=22)
    most_deep = models.PositiveSmallIntegerField(
        _("rules that may call one another in a row"), default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )  # fmt: skip
    most_mails = models.PositiveSmallIntegerField(
        _("people to whom one rule may write in one go"), default=50,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )  # fmt: skip


class RuleLook(models.Model):
    """Which rules looked at a ticket because of an event, by their keys."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_looks")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    rules: Any = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "event"], name="rules_look_once_at_an_event")]
        indexes = [models.Index(fields=["at"], name="rule_looks_by_age")]


class Outcome(models.TextChoices):
    """What became of a rule that matched."""

    CHANGED = "changed", _("acted")
    NOTHING = "nothing", _("nothing left to do")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class RuleRun(models.Model):
    """A rule matched a ticket, and what it did: once on it for each root event, or for each time that has come."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs")
    version = models.PositiveIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_runs")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    root = models.BigIntegerField()
    # By time: the moment from which was counted.
    since_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    # Kinds of actions that changed something; why those did not that could not.
    did: Any = models.JSONField(default=list)
    why = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "root", "ticket"], name="a_rule_runs_once_on_a_ticket_per_root"),
            models.UniqueConstraint(fields=["rule", "ticket", "since_at"], name="a_rule_comes_due_once"),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="rule_runs_of_a_ticket"),
            models.Index(fields=["rule", "-id"], name="rule_runs_of_a_rule"),
        ]


class RuleTrial(models.Model):
    """The laboratory: what a rule would have done with what happened before."""

    rule = models.OneToOneField(Rule, on_delete=models.CASCADE, related_name="trial")
    version = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found: Any = models.JSONField(default=dict)

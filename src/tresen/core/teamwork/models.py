"""Working together on a ticket: who was asked for his part, what sleeps until when, what is to be done, time spent."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from tresen.core.people.models import Agent, Team
from tresen.core.teamwork import querysets
from tresen.core.tickets.choices import Ball
from tresen.core.tickets.models import Message, Ticket

# A day.
MOST_MINUTES = 24 * 60


class Mention(models.Model):
    """A note asks a colleague, or a team, for his part. A team is asked once: whoever does it, has done it for all."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE, related_name="mentions")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="mentions")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    objects = querysets.MentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "agent"], name="an_agent_once_in_a_note"),
            models.UniqueConstraint(fields=["message", "team"], name="a_team_once_in_a_note"),
            models.CheckConstraint(
                condition=Q(agent__isnull=False, team__isnull=True) | Q(agent__isnull=True, team__isnull=False),
                name="a_mention_is_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["agent"], name="view_mentions", condition=Q(done_at__isnull=True)),
            models.Index(fields=["team"], name="view_team_mentions", condition=Q(done_at__isnull=True)),
        ]


class WokenBy(models.TextChoices):
    """What ended a snooze."""

    TIME = "time"
    ANSWER = "answer"
    HAND = "hand"
    CHANGED = "changed"
    FINISHED = "finished"


class Snooze(models.Model):
    """A ticket sleeps until a time, or until the customer writes: for everybody, with who wanted it and why."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="snoozes")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="snoozes")
    reason = models.CharField(max_length=200, blank=True, default="")
    started_at = models.DateTimeField()
    wakes_at = models.DateTimeField()
    # Whose turn it was, for whoever wakes it by hand.
    ball_before = models.CharField(max_length=12, choices=Ball.choices)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=WokenBy.choices, blank=True, default="")
    objects = querysets.SnoozeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at__isnull=True), name="a_ticket_sleeps_once")
        ]


class ChecklistItem(models.Model):
    """A step on the way to done; somebody may be asked to take it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="checklist")
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="checklist_items")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position", "id"]


class ChecklistTemplate(models.Model):
    """Steps that are put on tickets again and again, under a name."""

    name = models.CharField(max_length=80)
    # A text for each step; a ticket gets copies, which go their own way.
    steps = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    objects = querysets.ChecklistTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class TimeEntry(models.Model):
    """Minutes that somebody has worked on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="times")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="times")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)])
    note = models.CharField(max_length=200, blank=True, default="")
    worked_at = models.DateTimeField()

    class Meta:
        ordering = ["-worked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="minutes_of_a_day")
        ]

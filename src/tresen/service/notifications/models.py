"""News for agents, and how each wants to be told."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.knowledge.models import Article
from tresen.core.people.models import Agent
from tresen.core.tickets.models import Message, Ticket
from tresen.service.notifications import querysets
from tresen.service.notifications.kinds import Kind
from tresen.spine.events.models import Event


class Notification(models.Model):
    """One agent is told of one event. It holds no words: they are made when it is read, from what he may see then."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # What it is about: a ticket or an article.
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="notifications")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # It is to leave by mail, and has.
    by_mail = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)
    objects = querysets.NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "event"], name="an_agent_is_told_once")]
        indexes = [
            models.Index(fields=["agent", "-id"], name="notifications_of_an_agent"),
            models.Index(fields=["agent"], name="notifications_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["agent"], name="notifications_to_mail", condition=Q(by_mail=True, mailed_at__isnull=True)
            ),
            models.Index(fields=["at"], name="notifications_by_age"),
        ]


class Choice(models.Model):
    """How an agent wants to be told of one kind, where that is not as usual."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    browser = models.BooleanField()
    mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "kind"], name="one_choice_a_kind")]


class Pace(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    HOURLY = "hourly", _("once an hour")
    DAILY = "daily", _("once a day")


class Rhythm(models.Model):
    """When news may reach an agent: how often by mail, and in which hours not at all. Times are those of his zone."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="notification_rhythm")
    pace = models.CharField(_("mail"), max_length=8, choices=Pace.choices, default=Pace.AT_ONCE)
    daily_hour = models.PositiveSmallIntegerField(_("hour"), default=8, validators=[MaxValueValidator(23)])
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("until"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("quiet on Saturdays and Sundays"), default=False)

"""What is asked after solving, whom it was asked, and what he said."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tresen.channels.mail.models import Outbox
from tresen.core.people.models import Agent, Brand, Contact, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Category, Ticket
from tresen.service.surveys.scales import SCALES, Scale, ScaleName


class Survey(models.Model):
    """What a brand asks, or, without a brand, every brand that has no survey of its own."""

    brand = models.OneToOneField(Brand, null=True, on_delete=models.CASCADE, related_name="survey")
    is_active = models.BooleanField(default=False)
    scale = models.CharField(max_length=4, choices=ScaleName.choices, default=ScaleName.CSAT)
    # {"de": {"question": "…", "thanks": "…"}}: what the desk has written; the rest is as shipped (wording.py).
    texts = models.JSONField(default=dict, blank=True)
    by_mail = models.BooleanField(default=True)
    in_portal = models.BooleanField(default=True)
    wait_hours = models.PositiveSmallIntegerField(default=4, validators=[MaxValueValidator(720)])
    in_office_hours = models.BooleanField(default=True)
    # Nobody is asked again within so many days, whatever ticket it is about.
    pause_days = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(365)])
    # So long a rating may be given, and changed.
    change_days = models.PositiveSmallIntegerField(default=14, validators=[MaxValueValidator(90)])
    # Only tickets that fit this search line; empty: all.
    query = models.CharField(max_length=500, blank=True, default="")
    asks_vip = models.BooleanField(default=True)
    # A bad rating opens the ticket again.
    reopens = models.BooleanField(default=False)

    class Meta:
        # One for all those without their own, too.
        constraints = [models.UniqueConstraint(Coalesce("brand", 0), name="one_survey_a_brand")]


class AskedState(models.TextChoices):
    # It will be asked when its time has come.
    WAITING = "waiting"
    # By mail, or on the page of the request where there is no mail.
    ASKED = "asked"
    # No mail after all, for a Reason.
    DROPPED = "dropped"


class Reason(models.TextChoices):
    """Why no mail has left."""

    TICKET = "ticket", _("the ticket is open again, merged or deleted")
    SETTINGS = "settings", _("the survey is not for it any more")
    ADDRESS = "address", _("there is no confirmed address that works")
    CAPS = "caps", _("there was too much automatic mail")


class AskedQuerySet(models.QuerySet["Asked"]):
    """People who were asked, with what they said."""

    def counting(self) -> AskedQuerySet:
        """What statistics count: asked or answered, about tickets that are there under their own number."""
        there = self.filter(ticket__deleted_at=None, ticket__merged_into=None)
        return there.filter(Q(state=AskedState.ASKED) | Q(rating__isnull=False))

    def visible_to(self, principal: Principal) -> AskedQuerySet:
        """Those about tickets that an agent sees; outsiders see none."""
        return self.filter(ticket__in=Ticket.objects.visible_to(principal)) if principal.is_staff else self.none()

    def in_results_of(self, principal: Principal) -> AskedQuerySet:
        """Those whose figures he may see: all with the right to see all tickets, else those of the teams he leads."""
        if not principal.is_staff:
            return self.none()
        return self if principal.may("see_all") else self.filter(team__in=principal.teams_with("lead"))


class Asked(models.Model):
    """One person, asked once about one ticket. Team, category, level and agent are those of the solution."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="asked")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="asked")
    scale = models.CharField(max_length=4, choices=ScaleName.choices)
    state = models.CharField(max_length=8, choices=AskedState.choices, default=AskedState.WAITING)
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True, default="")
    change_days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    mail = models.OneToOneField(Outbox, null=True, on_delete=models.SET_NULL, related_name="+")
    rating = models.SmallIntegerField(null=True)
    words = models.TextField(blank=True, default="", max_length=2000)
    rated_at = models.DateTimeField(null=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="+")
    level = models.PositiveSmallIntegerField()
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    objects = AskedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "contact"], name="asked_once_about_a_ticket")]
        indexes = [
            models.Index(fields=["contact", "-due_at"], name="asked_of_a_contact"),
            models.Index(fields=["asked_at"], name="asked_by_time"),
        ]

    @property
    def is_open(self) -> bool:
        """It can be answered: also on the page of the request by somebody whom no mail reaches."""
        return self.state != AskedState.DROPPED or self.reason in (Reason.ADDRESS, Reason.CAPS)

    @property
    def of_scale(self) -> Scale:
        """How it was asked."""
        return SCALES[self.scale]


class NoSurveys(models.Model):
    """A person who does not want to be asked."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="no_surveys")
    since = models.DateTimeField()

"""The levels of the desk, and how long tickets were on each. Imported by models.py."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.people.teams import MOST_LEVELS
from tresen.core.tickets.category_models import in_language


class LevelQuerySet(models.QuerySet["Level"]):
    """Levels."""

    def visible_to(self, principal: Principal) -> LevelQuerySet:
        """Staff see every level; outsiders none."""
        return self.all() if principal.is_staff else self.none()

    def active(self) -> LevelQuerySet:
        """Those in use."""
        return self.filter(is_active=True)


class Level(models.Model):
    """One rung of the desk: the first takes what comes in, each above it takes what the one below cannot solve. Teams
    say on which they work (`Team.level`); one without teams leaves the ticket with the team that has it."""

    number = models.PositiveSmallIntegerField(
        unique=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVELS)]
    )
    names = models.JSONField(_("names"), default=dict)
    # What its experts want to know besides what was tried, found and is needed: one question each, by language.
    questions = models.JSONField(default=list, blank=True)
    # When its target has run out, the ticket goes up by itself.
    climbs = models.BooleanField(default=False)
    # When its target is about to run out, the leads of the team are told.
    tells_leads = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    objects = LevelQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language, else English, else its number."""
        return in_language(self.names) or str(self.number)

    @property
    def asks(self) -> list[str]:
        """Its questions in the reader's language, else English, else whatever there is."""
        return [in_language(texts) for texts in self.questions]


class LevelStay(models.Model):
    """A time that a ticket has spent on a level and that is over; the present one stands on the ticket."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="stays")
    level = models.PositiveSmallIntegerField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="a_stay_ends_after_it_begins")
        ]

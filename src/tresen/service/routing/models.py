"""How a team gives its tickets to its people, and what each of them can take."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent, Team
from tresen.core.tickets.models import Category


class Method(models.TextChoices):
    HAND = "hand", _("by hand: people choose, or ask for the next one")
    ROUND = "round", _("in turn: each who is there gets one after the other")
    LEAST = "least", _("least load: whoever has the least to do")


class TeamRouting(models.Model):
    """A team's way; without a row it is by hand."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="routing")
    method = models.CharField(_("tickets are given"), max_length=8, choices=Method.choices, default=Method.HAND)
    is_sticky = models.BooleanField(_("the same person as last time"), default=False)
    by_skill = models.BooleanField(_("only who knows the category"), default=False)
    by_language = models.BooleanField(_("only who speaks the language"), default=False)
    # Who got one last, when it goes in turn.
    last = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")


class AgentRouting(models.Model):
    """What an agent can take; without a row anything, as much as there is."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="routing")
    # So many open tickets whose turn is ours at most, and so many by a channel; empty: no limit.
    cap = models.PositiveSmallIntegerField(
        _("open tickets at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    channel_caps = models.JSONField(default=dict, blank=True)
    # What he knows: categories, each with all below it.
    skills: models.ManyToManyField[Category, Any] = models.ManyToManyField(Category, related_name="+", blank=True)
    # Beside that of his account.
    languages = models.JSONField(default=list, blank=True)

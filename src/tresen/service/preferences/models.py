"""How an agent likes to work, where the account itself does not say it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent


class Afterwards(models.TextChoices):
    """What the desk shows when a ticket was answered, closed, or changed by a macro."""

    STAY = "stay", _("Stay on the ticket")
    NEXT = "next", _("Next ticket of the list")
    LIST = "list", _("Back to the list")


class AfterAction(models.Model):
    """An agent's choice for one list (its short name, `search` for found tickets), or with no name for all others."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    view = models.CharField(max_length=80, blank=True, default="")
    then = models.CharField(max_length=4, choices=Afterwards.choices, default=Afterwards.STAY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "view"], name="one_after_action_an_agent_and_view")]

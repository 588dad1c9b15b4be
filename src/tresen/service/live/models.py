"""What is told to open browsers and is no history: who is looking, and notices that pass."""

from __future__ import annotations

from django.db import models

from tresen.core.people.models import Agent
from tresen.core.tickets.models import Ticket


class PresenceState(models.TextChoices):
    LOOKING = "looking"
    REPLYING = "replying"
    NOTING = "noting"
    # It is open, but nobody has touched it for a while, or it is behind something else.
    AWAY = "away"


class Presence(models.Model):
    """A browser tab of an agent in which a ticket is open; it counts as long as it was heard of lately."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    # A random mark that the page made for itself.
    tab = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=PresenceState.choices)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "tab"], name="one_presence_a_tab")]


class Notice(models.Model):
    """Something about a ticket changed that is not an event, such as who is looking. Swept after minutes."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20)
    at = models.DateTimeField(db_index=True)

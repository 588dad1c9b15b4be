"""A side thread: a line of messages with a partner, a supplier above all, of which the customer sees nothing."""

from __future__ import annotations

from typing import Any

from django.db import models

from tresen.core.people.models import Agent, Contact
from tresen.core.tickets import querysets


class SideThread(models.Model):
    """Its circle of people, its own subject, since when it is their turn, and when to remind us that nobody has
    answered. Its key is the number that its mails carry."""

    thread = models.OneToOneField("tickets.Thread", primary_key=True, on_delete=models.CASCADE, related_name="side")
    subject = models.CharField(max_length=300)
    people: models.ManyToManyField[Contact, Any] = models.ManyToManyField(Contact, related_name="side_threads")
    opened_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="side_threads")
    remind_at = models.DateTimeField(null=True)
    # The partner owes an answer since then: the first message he has not answered.
    waits_since = models.DateTimeField(null=True)
    objects = querysets.SideThreadQuerySet.as_manager()

    class Meta:
        app_label = "tickets"

    def __str__(self) -> str:
        return self.subject

    @property
    def ticket(self) -> Any:
        """The ticket it belongs to."""
        return self.thread.ticket

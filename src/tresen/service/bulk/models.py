"""One change to many tickets: what is wanted, on which tickets, and what became of each."""

from __future__ import annotations

from django.db import models

from tresen.core.people.models import Agent
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation


class BulkState(models.TextChoices):
    WORKING = "working"
    DONE = "done"
    # An undo was begun, or who began it can no longer sign in.
    STOPPED = "stopped"


class Outcome(models.TextChoices):
    """What became of a ticket; empty while it waits."""

    WAITS = "", ""
    CHANGED = "changed"
    SAME = "same"
    # The reason says why: rights, or the field whose value could not be set.
    REFUSED = "refused"


class BulkChange(models.Model):
    """An agent's wish; its operation is the way back."""

    operation = models.OneToOneField(Operation, on_delete=models.CASCADE, related_name="bulk_change")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="bulk_changes")
    # {field: value}, rows by key: {"status": 3, "team": null, "add_tags": [1, 2]}; see wishes.Wish.
    wanted = models.JSONField()
    state = models.CharField(max_length=8, choices=BulkState.choices, default=BulkState.WORKING)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"bulk change {self.pk}"


class BulkTarget(models.Model):
    """One of its tickets."""

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="targets")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.WAITS)
    reason = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "ticket"], name="a_ticket_once_in_a_bulk_change")]
        indexes = [models.Index(fields=["change", "outcome", "ticket"], name="what_a_bulk_change_has_left")]

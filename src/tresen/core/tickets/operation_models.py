"""What an agent did in one go, and what it takes to take it back. Imported by models.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import pgettext_lazy

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.spine.events.models import Event


class OperationKind(models.TextChoices):
    """How an operation is called in the list of what one did."""

    CHANGE = "change", pgettext_lazy("operation", "Changed")
    BULK = "bulk", pgettext_lazy("operation", "Many at once")
    MACRO = "macro", pgettext_lazy("operation", "Macro")
    MERGE = "merge", pgettext_lazy("operation", "Merged")
    SPLIT = "split", pgettext_lazy("operation", "Split")
    LINK = "link", pgettext_lazy("operation", "Linked")
    ANSWER = "answer", pgettext_lazy("operation", "Answered all")
    DELETE = "delete", pgettext_lazy("operation", "Deleted")


class OperationState(models.TextChoices):
    DONE = "done", pgettext_lazy("operation", "done")
    UNDOING = "undoing", pgettext_lazy("operation", "being undone")
    UNDONE = "undone", pgettext_lazy("operation", "undone")


# Undone not only by whoever did it.
SHARED = (OperationKind.MERGE, OperationKind.SPLIT, OperationKind.DELETE)


class OperationQuerySet(models.QuerySet["Operation"]):
    """Operations."""

    def visible_to(self, principal: Principal) -> OperationQuerySet:
        """One's own, and what changed tickets as a whole where one sees them all, in the bin or not."""
        from tresen.core.tickets.models import Ticket

        if principal.agent is None:
            return self.none()
        seen = Ticket.objects.visible_to(principal) | Ticket.objects.in_bin(principal)
        unseen = OperationStep.objects.filter(operation=OuterRef("pk")).exclude(ticket__in=seen.values("pk"))
        return self.filter(Q(agent=principal.agent) | (Q(kind__in=SHARED) & ~Exists(unseen)))


class Operation(models.Model):
    """One intention of an agent, on one ticket or on many; its steps are the events it consists of."""

    kind = models.CharField(max_length=8, choices=OperationKind.choices)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="operations")
    # What its name in a list needs, never texts of people: {"macro": "…"}, {"tickets": 1284}.
    facts = models.JSONField(default=dict)
    objects = OperationQuerySet.as_manager()
    state = models.CharField(max_length=8, choices=OperationState.choices, default=OperationState.DONE)
    at = models.DateTimeField()
    undoable_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agent", "-id"], name="what_i_did")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OperationStep(models.Model):
    """One event of an operation, on one ticket; what it changed stands in the event."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="steps")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="operation_steps")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="step")
    undone_at = models.DateTimeField(null=True)
    # What could not be taken back: undoing.Left as dicts.
    left = models.JSONField(default=list)

"""How tickets hang together: merged, linked, parent and children. Imported by models.py."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tresen.core.tickets.operation_models import Operation


class Merge(models.Model):
    """One ticket went into another; what it takes to part them again."""

    operation = models.OneToOneField(Operation, on_delete=models.CASCADE, related_name="merge")
    source = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="went_into")
    target = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="took_in")
    # Keys of what went over: messages, side threads, personal links, drafts.
    messages = models.JSONField(default=list)
    threads = models.JSONField(default=list)
    links = models.JSONField(default=list)
    drafts = models.JSONField(default=list)
    # The same of other apps, by the name of each kind; teamwork: steps, times, and the snooze that ended.
    carried = models.JSONField(default=dict)
    # Keys of contacts and agents who joined the target by it.
    contacts = models.JSONField(default=list)
    agents = models.JSONField(default=list)
    # Since when the target's requester had been there, where the merge brought him older messages.
    joined_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class RelationKind(models.TextChoices):
    """What the source is to the target."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    CAUSED = "caused"
    CHILD = "child"


class Relation(models.Model):
    """Two tickets have to do with each other."""

    kind = models.CharField(max_length=10, choices=RelationKind.choices)
    source = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="relations")
    target = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="related")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_of_a_kind"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(kind=RelationKind.CHILD), name="one_parent_a_ticket"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="linked_with_another"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"

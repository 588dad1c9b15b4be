"""Drafts: what an agent has begun to write on a ticket, kept here as he types."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal


class DraftKind(models.TextChoices):
    """What becomes of it once it is sent."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note")


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts."""

    def visible_to(self, principal: Principal) -> DraftQuerySet:
        """An agent's own, on tickets he sees. Nobody outside ever sees one (S9)."""
        from tresen.core.tickets.models import Ticket

        if principal.agent is None:
            return self.none()
        return self.filter(agent=principal.agent, ticket__in=Ticket.objects.visible_to(principal))

    def written(self) -> DraftQuerySet:
        """Those in which something stands."""
        return self.filter(~Q(text="") | Q(files__isnull=False)).distinct()


class Draft(models.Model):
    """One for each agent, ticket and kind. Once sent or thrown away it stays behind empty for a while, so that a page
    that was open elsewhere cannot bring it back without being told."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=8, choices=DraftKind.choices)
    text = models.TextField(blank=True, default="")
    details = models.JSONField(default=dict, help_text="recipients, status afterwards, time; see drafts.DETAILS")
    # Up to which message and which event of the ticket its writer has seen it: what came since is shown before sending.
    seen_message = models.BigIntegerField(default=0)
    seen_event = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # The open page that wrote last, and how many times it has: its own next one needs no version to be right.
    writer = models.CharField(max_length=64, blank=True, default="")
    turn = models.PositiveIntegerField(default=0)
    # Messages that were undone into this draft: asked again, the answer is the same.
    took_back = models.JSONField(default=list)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "agent", "kind"], name="one_draft_an_agent_ticket_and_kind")
        ]
        indexes = [models.Index(fields=["updated_at"], name="drafts_left_empty", condition=Q(text=""))]

    def __str__(self) -> str:
        return f"{self.kind} draft {self.pk}"

    def detail(self, name: str, default: Any = None) -> Any:
        """One of the details, see drafts.DETAILS."""
        return self.details.get(name, default)

"""Drafts: what an agent has begun to write on a ticket, kept here as he types."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal


class DraftKind(models.TextChoices):
    """What becomes of it once it is sent."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note")
    FORWARD = "forward", _("Forward")
    SIDE = "side", _("To a partner")


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts."""

    def visible_to(self, principal: Principal) -> DraftQuerySet:
        """An agent's own and those that are shown for review, on tickets he sees. Nobody outside ever sees one (S9)."""
        from tresen.core.tickets.models import Ticket

        if principal.agent is None:
            return self.none()
        seen = Q(agent=principal.agent) | Q(asked_at__isnull=False)
        return self.filter(seen, Exists(Ticket.objects.visible_to(principal).filter(pk=OuterRef("ticket"))))

    def shared(self) -> DraftQuerySet:
        """Those that somebody has been asked to review."""
        return self.filter(asked_at__isnull=False)


class Draft(models.Model):
    """One for each agent, ticket and kind, and for each side thread. Once sent or thrown away it stays behind empty for
    a while, so that a page that was open elsewhere cannot bring it back without being told."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=8, choices=DraftKind.choices)
    # Of a message to a partner on a thread that is there already.
    side = models.ForeignKey("tickets.SideThread", null=True, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True, default="")
    details = models.JSONField(default=dict, help_text="recipients, status afterwards, time; see drafts.DETAILS")
    # Up to which message and which event of the ticket its writer has seen it: what came since is shown before sending.
    seen_message = models.BigIntegerField(default=0)
    seen_event = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # The open page that wrote last, and how many times it has: its own next one needs no version to be right.
    writer = models.CharField(max_length=64, blank=True, default="")
    turn = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    # Asked for a review since then: that colleague, or everybody of that team.
    asked_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    review_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    # Messages that were undone into this draft: asked again, the answer is the same.
    took_back = models.JSONField(default=list)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "agent", "kind"], condition=Q(side__isnull=True), name="one_draft_an_agent_and_kind"
            ),
            models.UniqueConstraint(
                fields=["side", "agent"], condition=Q(side__isnull=False), name="one_draft_an_agent_and_side_thread"
            ),
        ]
        indexes = [models.Index(fields=["updated_at"], name="drafts_left_empty", condition=Q(text=""))]

    def __str__(self) -> str:
        return f"{self.kind} draft {self.pk}"

    def detail(self, name: str, default: Any = None) -> Any:
        """One of the details, see drafts.DETAILS."""
        return self.details.get(name, default)


class DraftComment(models.Model):
    """What colleagues say to each other about a draft; gone with it."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="comments")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

"""What was learnt from the desk's own tickets, what it proposes, and what became of that."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.tickets.models import Ticket

SPAM, HAM = "spam", "ham"


class Field(models.TextChoices):
    """What is proposed."""

    CATEGORY = "category", _("Category")
    TEAM = "team", _("Team")
    TYPE = "type", pgettext_lazy("kind of ticket", "Type")
    PRIORITY = "priority", _("Priority")
    # Only ever proposed: no ticket is spam by itself.
    SPAM = "spam", _("Spam")


class FieldSettings(models.Model):
    """From which confidence on, in percent, a field is proposed and is filled in without anybody; without a row from
    `SHOWN_FROM` on and never."""

    field = models.CharField(max_length=10, choices=Field.choices, unique=True)
    shown_from = models.PositiveSmallIntegerField(validators=[MinValueValidator(30), MaxValueValidator(99)])
    # Empty: it never fills in by itself.
    filled_from = models.PositiveSmallIntegerField(null=True, validators=[MinValueValidator(50), MaxValueValidator(99)])


class LearntModel(models.Model):
    """What was learnt of one field: numbers in a format of our own (judging.to_bytes), no words of anybody."""

    field = models.CharField(max_length=10, choices=Field.choices, unique=True)
    data = models.BinaryField()
    tickets = models.PositiveIntegerField(help_text="from how many it was learnt")
    labels = models.PositiveIntegerField(help_text="how many values it knows")
    right = models.FloatField(help_text="share of hits among tickets kept back, half their words taken away")
    learnt_at = models.DateTimeField()

    @property
    def right_percent(self) -> int:
        """The share of hits in percent."""
        return round(100 * self.right)


class ProposalState(models.TextChoices):
    OPEN = "open"
    # The field has the proposed value by somebody's will, or kept it until the ticket was solved.
    TAKEN = "taken"
    # It has another one by now.
    CORRECTED = "corrected"
    # Somebody said no to it.
    REFUSED = "refused"
    # The ticket was solved without anybody having said anything.
    LEFT = "left"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals."""

    def standing(self) -> ProposalQuerySet:
        """Nobody has decided on them, or they were filled in without anybody and nobody has said no."""
        return self.filter(Q(state=ProposalState.OPEN) | Q(state=ProposalState.TAKEN, is_automatic=True))


class Proposal(models.Model):
    """What a field of one ticket should be, in the judgement of the model. Values are keys of rows or values of
    choices, as text; `before` is what stood there."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="proposals")
    field = models.CharField(max_length=10, choices=Field.choices)
    value = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    confidence = models.FloatField(help_text="0 to 1")
    words = models.JSONField(default=list)
    # It was filled in without anybody.
    is_automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "field"], name="one_proposal_a_field")]
        indexes = [
            models.Index(fields=["id"], name="proposals_open", condition=Q(state="open")),
            models.Index(fields=["made_at"], name="proposals_by_time"),
        ]

    @property
    def percent(self) -> int:
        """How sure it is, 0 to 100."""
        return round(100 * self.confidence)


class SpamMark(models.Model):
    """Somebody said that a ticket is spam, or that it is none: both teach. The ticket stays where it is found."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="spam_mark")
    is_spam = models.BooleanField()
    # Who said so last, as events name him, and when.
    name = models.CharField(max_length=200)
    at = models.DateTimeField()


class Similar(models.Model):
    """Two tickets that speak of the same, found when the newer came. `words` stand on both."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="similar")
    # Its index begins with it (below): many may name one, and only the most similar are read.
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="similar_later", db_index=False)
    score = models.FloatField(help_text="share of what the newer one says that the older says too, 0 to 1")
    words = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "other"], name="one_pair_of_similar_tickets")]
        indexes = [models.Index(fields=["other", "-score", "-id"], name="similar_later_by_score")]

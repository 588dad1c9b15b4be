"""What a person wants done with the data of his own: a copy, or that it is deleted."""

from __future__ import annotations

from django.db import models

from tresen.core.people.models import Brand, Contact
from tresen.core.tickets.models import Ticket


class WishKind(models.TextChoices):
    COPY = "copy"
    DELETION = "deletion"


class WishState(models.TextChoices):
    # A mail with the link is on its way.
    ASKED = "asked"
    # It lies behind the link: a file, or the question whether it is meant.
    READY = "ready"
    # The file was fetched; the deletion was confirmed and stands on a ticket.
    DONE = "done"
    OVER = "over"


class Wish(models.Model):
    """One of them. The link that was mailed is good once, until `expires_at`; only its hash is kept."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="wishes")
    brand = models.ForeignKey(Brand, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=WishKind.choices)
    state = models.CharField(max_length=5, choices=WishState.choices, default=WishState.ASKED)
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    storage_key = models.CharField(max_length=32, blank=True, default="")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]

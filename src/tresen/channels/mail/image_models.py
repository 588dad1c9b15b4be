"""The rows of images from outside: who asked to see them, and what was fetched."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tresen.core.people.models import Agent, Contact
from tresen.core.tickets.models import Message


class ImagesShown(models.Model):
    """An agent asked for the images from outside: of one message, or always of one contact."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "message"], name="images_once_a_message"),
            models.UniqueConstraint(fields=["agent", "contact"], name="images_once_a_contact"),
            models.CheckConstraint(
                condition=Q(message__isnull=True, contact__isnull=False)
                | Q(message__isnull=False, contact__isnull=True),
                name="images_of_a_message_or_a_contact",
            ),
        ]


class RemoteImage(models.Model):
    """An image from outside that was fetched once for all agents; without a key it is one that is not shown."""

    url_hash = models.CharField(max_length=64, unique=True)
    storage_key = models.CharField(max_length=32, blank=True, default="")
    content_type = models.CharField(max_length=20, blank=True, default="")
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    fetched_at = models.DateTimeField()

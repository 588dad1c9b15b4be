"""Where other systems hear of what happens: endpoints, and each call to them with what became of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.principals import Principal


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Endpoints."""

    def visible_to(self, principal: Principal) -> EndpointQuerySet:
        """For who arranges them."""
        return self if principal.may("set_webhooks") else self.none()


class Endpoint(models.Model):
    """An address that is called. Its secrets lie sealed and are never shown again; two count while one is replaced."""

    name = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=2000)
    is_active = models.BooleanField(default=True)
    # Kinds of events that call it by themselves (kinds.py); rules may call it besides.
    kinds: Any = models.JSONField(default=list)
    sealed = models.TextField()
    old_secret = models.TextField(blank=True, default="")
    old_until = models.DateTimeField(null=True)
    # Since when every call has failed.
    failing_since = models.DateTimeField(null=True)
    # Why the desk switched it off: gone, failing.
    stopped_why = models.CharField(max_length=8, blank=True, default="")
    created_at = models.DateTimeField()
    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waits")
    DELIVERED = "done", _("delivered")
    GIVEN_UP = "given_up", _("given up")


class Delivery(models.Model):
    """One call: the same id and body at every try."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="calls_that_wait", condition=Q(state="waiting")),
            models.Index(fields=["endpoint", "-id"], name="calls_of_an_endpoint"),
            models.Index(fields=["created_at"], name="calls_by_age"),
        ]

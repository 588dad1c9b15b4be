"""Reads of news that read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket

if TYPE_CHECKING:
    from tresen.service.notifications.models import Notification  # noqa: F401


class NotificationQuerySet(models.QuerySet["Notification"]):
    """News."""

    def visible_to(self, principal: Principal) -> NotificationQuerySet:
        """An agent's own, of tickets that he sees now."""
        if principal.agent is None:
            return self.none()
        return self.filter(agent=principal.agent, ticket__in=Ticket.objects.visible_to(principal))

    def unread(self) -> NotificationQuerySet:
        """Not seen yet."""
        return self.filter(read_at=None)

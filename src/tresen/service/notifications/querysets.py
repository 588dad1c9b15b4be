"""Reads of news that read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Prefetch, Q

from tresen.core.knowledge.models import ArticleText
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket

if TYPE_CHECKING:
    from tresen.service.notifications.models import Notification  # noqa: F401


class NotificationQuerySet(models.QuerySet["Notification"]):
    """News."""

    def visible_to(self, principal: Principal) -> NotificationQuerySet:
        """An agent's own, of tickets that he sees now, and of articles, which every agent sees."""
        if principal.agent is None:
            return self.none()
        seen = Q(ticket=None) | Q(ticket__in=Ticket.objects.visible_to(principal))
        return self.filter(seen, agent=principal.agent)

    def with_subjects(self) -> NotificationQuerySet:
        """With what a line says of them: the ticket or the titles of the article, and the event."""
        texts = ArticleText.objects.select_related("newest").defer("newest__source", "newest__html")
        rows = self.select_related("ticket", "article", "event")
        return rows.prefetch_related(Prefetch("article__texts", texts))

    def unread(self) -> NotificationQuerySet:
        """Not seen yet."""
        return self.filter(read_at=None)

"""Jobs of notifications."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from tresen.core.people.models import Agent
from tresen.kit import clock
from tresen.service.notifications.models import Notification
from tresen.spine.jobs.registry import job

READ_DAYS, UNREAD_DAYS = 30, 90
MOST_AT_ONCE = 5000


@job("notifications.mail", queue="mail-out", outside=True)
def mail_news(*, agent_id: int) -> None:
    """Mails an agent what waits for him."""
    from tresen.service.notifications.mails import send_news

    agent = Agent.objects.active().select_related("user").filter(pk=agent_id).first()
    if agent is not None:
        send_news(agent)


@job("notifications.sweep", outside=True)
def sweep() -> None:
    """Removes news that was read a month ago, and any that is three months old."""
    now = clock.now()
    old = Q(at__lt=now - timedelta(days=UNREAD_DAYS)) | Q(read_at__lt=now - timedelta(days=READ_DAYS))
    keys = Notification.objects.filter(old).order_by().values_list("pk", flat=True)[:MOST_AT_ONCE]
    Notification.objects.filter(pk__in=list(keys)).delete()

"""Telling open browsers that something about a ticket changed which is no event: `publish`."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.live.models import Notice

KEPT = timedelta(minutes=10)


class Topic(models.TextChoices):
    """What about a ticket has changed. `ticket` comes from the event log, the other from `publish`."""

    TICKET = "ticket"
    PRESENCE = "presence"


def publish(ticket: Ticket, topic: str) -> None:
    """Tells every open browser whose agent sees the ticket that `topic` of it changed, some 0.2 s after commit.

    Only the fact is told: the island that listens (`live:ticket` in desk/js/live-stream.js) fetches what there is to
    see with its own right. A notice passes: who was not connected is told `live:reload` when he comes back.
    """
    Notice.objects.create(ticket=ticket, topic=topic, at=clock.now())


def sweep_notices() -> int:
    """Removes notices that nobody waits for any more; how many."""
    return Notice.objects.filter(at__lt=clock.now() - KEPT).delete()[0]

"""What the mail channel does when a ticket is made or answered. Rows and jobs only; the job talks to the server."""

from __future__ import annotations

from tresen.spine.events.models import Event


def queue_acknowledgement(event: Event) -> None:
    """Puts the confirmation of receipt into the outbox."""


def queue_reply(event: Event) -> None:
    """Puts an agent's reply into the outbox."""

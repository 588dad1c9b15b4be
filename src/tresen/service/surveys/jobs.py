"""Jobs of surveys."""

from __future__ import annotations

from tresen.spine.jobs.registry import job


@job("surveys.consider")
def consider_ticket(*, ticket_id: int) -> None:
    """Decides whether the requester of a solved ticket is asked."""
    from tresen.service.surveys.asking import consider

    consider(ticket_id)


@job("surveys.ask")
def ask_now(*, asked_id: int) -> None:
    """Puts the mail of a survey into the outbox."""
    from tresen.service.surveys.asking import ask

    ask(asked_id)

"""What follows when a ticket is solved, and when somebody rates badly."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache

from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.services import reopen_ticket
from tresen.service.surveys.models import Survey
from tresen.service.surveys.services import survey_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

KEY, KNOWN_SECONDS = "surveys:on", 5


def follow_solution(event: Event) -> None:
    """A ticket is solved by this event: whether its requester is asked is decided in a job."""
    ticket: Any = event.stream_row
    changed = "status" in event.changes or event.kind == "reply.added"
    if not changed or not isinstance(ticket, Ticket) or ticket.status_category not in FINISHED or not _any_is_on():
        return
    if _was_finished_before(event):
        return
    from tresen.service.surveys.jobs import consider_ticket

    consider_ticket.enqueue(ticket_id=ticket.pk, key=f"survey-of:{ticket.pk}")


def _was_finished_before(event: Event) -> bool:
    """It was solved already, and is closed by this event: nobody is asked about that anew."""
    before = (event.changes.get("status") or [None])[0]
    return before is not None and Status.objects.filter(slug=before, category__in=FINISHED).exists()


def _any_is_on() -> bool:
    """Whether any survey is on, asked once in some seconds: most desks' tickets are solved without."""
    known: bool | None = cache.get(KEY)
    if known is None:
        known = Survey.objects.filter(is_active=True).exists()
        cache.set(KEY, known, timeout=KNOWN_SECONDS)
    return known


def reopen_after_bad(event: Event) -> None:
    """A bad rating opens the ticket again, where the survey says so; once, not with each word that is changed."""
    if not event.changes.get("is_newly_bad"):
        return
    ticket = event.stream_row or Ticket.objects.get(pk=event.stream_id)
    survey = survey_of(ticket.brand_id)
    if survey is None or not survey.reopens or ticket.status_category not in FINISHED:
        return
    try:
        reopen_ticket(ticket, by=Actor.system("surveys", cause_id=event.pk))
    except StaleTicket:  # merged or deleted meanwhile
        return

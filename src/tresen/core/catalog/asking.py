"""Somebody asks for a service: a ticket comes of it, with what was answered beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from tresen.core.catalog.models import Request, Service, ServiceForm
from tresen.core.catalog.showing import as_text, said, subject_of
from tresen.core.people.models import Brand, Contact
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import create_ticket
from tresen.spine.events.actors import Actor


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: the version of the form that was filled in, the answers as evaluate() keeps them, and
    what was said `besides`, as lines of the message. `language`: that in which it was filled in."""

    form: ServiceForm
    answers: dict[str, Any]
    language: str
    besides: Sequence[tuple[str, str]] = field(default=())
    more: str = ""

    @property
    def service(self) -> Service:
        """What is asked for."""
        return self.form.service

    @property
    def subject(self) -> str:
        """Of the ticket."""
        with translation.override(self.language):
            return subject_of(self.service.name, self.form.fields, self.answers)

    @property
    def text(self) -> str:
        """Of its first message."""
        answered = [*said(self.form.fields, self.answers, self.language), *self.besides]
        with translation.override(self.language):
            return as_text(self.service.name, answered, self.more)


def ask_for(
    wish: Wish, *, by: Actor, requester: Contact, brand: Brand, set: dict[str, Any] | None = None, **ticket: Any
) -> Ticket:  # fmt: skip
    """A new ticket with the wish beside it (`service_request`), for the team and with the values that the service
    says; `set` and `ticket` (as create_ticket takes them) say otherwise. Event `ticket.created`, whose reactions find
    the request. Raises WrongValue."""
    service, wanted = wish.service, dict(set or {})
    kept = service.ticket_category
    if kept and kept.is_active and kept.brand_id in (None, brand.pk):
        wanted.setdefault("category", kept)
    usual: dict[str, Any] = {
        "subject": wish.subject, "content": Content(wish.text), "impact": service.impact, "urgency": service.urgency,
        "type": service.type, "team": service.team if service.team and service.team.is_active else None,
    }  # fmt: skip

    def put_beside(made: Ticket) -> dict[str, Any]:
        request = Request.objects.create(
            ticket=made, service=service, form=wish.form, answers=wish.answers, language=wish.language
        )
        return {"request": request.pk, "service": service.slug}

    return create_ticket(by=by, requester=requester, brand=brand, set=wanted, beside=put_beside, **{**usual, **ticket})


def service_of(ticket: Ticket) -> int | None:
    """The key of the service that was asked for, None for a ticket that is no request."""
    if not ticket.pk:  # one that is made up, to see what would become of it
        return None
    request: Request | None = getattr(ticket, "service_request", None)
    return request.service_id if request else None


def asked_service(ticket: Ticket) -> Service | None:
    """The service that was asked for."""
    return Service.objects.filter(requests__ticket=ticket).first()


def next_step_in(ticket: Ticket, language: str) -> str:
    """What happens after a service was asked for, as the catalogue says it in that language; empty for a ticket that is
    no request."""
    service = asked_service(ticket)
    with translation.override(language):
        return service.next_step if service else ""

"""/tickets/{number}/messages: what was said, and saying more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Identity
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets import services
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import Channel, MessageKind, Trust
from tresen.core.tickets.content import Content, tie_pictures
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.permissions import require_set
from tresen.faces.api.answers import answer, expected_version
from tresen.faces.api.bodies import read_body
from tresen.faces.api.lookups import changes_of, uploads, wrong_field
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import WrongField
from tresen.faces.api.tickets import output, schemas
from tresen.faces.api.tickets.finding import refuse_stale, stale, ticket_of

router = Router(tags=["tickets"])
Recipients = list[dict[str, str]]
ROLES = ("to", "cc", "bcc")


@router.get("/tickets/{number}/messages", response=schemas.Messages, url_name="messages", operation_id="list_messages")
def list_messages(request: HttpRequest, number: str, params: Query[ListQuery]) -> HttpResponse:
    """The messages of a ticket, oldest first."""
    ticket = ticket_of(request, number)
    messages = output.with_people(Message.objects.visible_to(principal_of(request)).filter(ticket=ticket))
    rows, after = page(
        messages, params, name=f"messages {ticket.pk}", sorts={"created_at": "pk"}, default="created_at"
    )  # fmt: skip
    return answer(schemas.Messages(items=list(map(output.message, rows)), next=after))


@router.post(
    "/tickets/{number}/messages", response={201: schemas.Message}, url_name="message-create",
    operation_id="create_message",
)  # fmt: skip
def create_message(request: HttpRequest, number: str, body: schemas.MessageCreate) -> HttpResponse:
    """A reply, which leaves by mail to `to`, `cc` and `bcc` (all on the ticket when left out), a note, or something
    received.

    `set` changes fields of the ticket in the same act. `If-Match` is compared with the ticket's ETag.
    """
    principal = principal_of(request)
    ticket = ticket_of(request, number)
    require(principal, "ticket.note" if body.kind == MessageKind.NOTE else "ticket.reply", ticket)
    refuse_stale(request, ticket)
    content = read_body(body.body_text, body.body_html)
    recipients = _recipients(ticket, body)
    version = expected_version(request, ticket.version)

    def act() -> HttpResponse:
        with transaction.atomic():
            files = uploads(principal, body.attachments)
            tie_pictures(content.html, files)
            wanted = changes_of(principal, body.set, "set.") if body.set else {}
            # The status goes along with an answer.
            others = {name: value for name, value in wanted.items() if name != "status" or body.kind != "reply"}
            require_set(principal, ticket, others)
            try:
                message = WRITERS[body.kind](principal, ticket, content, files, wanted, recipients, version)
            except services.StaleTicket as fault:
                raise stale(request, fault.ticket) from fault
            except WrongValue as fault:
                raise wrong_field(fault, "set.") from fault
        written = output.with_people(Message.objects.filter(pk=message.pk)).get()
        return answer(output.message(written), status=201)

    return once(request, act)


def _reply(
    principal: Principal, ticket: Ticket, content: Content, files: list[Attachment], wanted: dict[str, Any],
    recipients: Recipients | None, version: int | None,
) -> Message:  # fmt: skip
    if principal.agent is None:
        raise WrongField("kind", _("Only an agent can write a reply."))
    return services.add_reply(
        ticket, by=principal.actor, agent=principal.agent, content=content, files=files, set=wanted,
        recipients=recipients, expected_version=version,
    )  # fmt: skip


def _note(
    principal: Principal, ticket: Ticket, content: Content, files: list[Attachment], wanted: dict[str, Any],
    recipients: Recipients | None, version: int | None,
) -> Message:  # fmt: skip
    if principal.agent is None:
        raise WrongField("kind", _("Only an agent can write a note."))
    return services.add_note(
        ticket, by=principal.actor, agent=principal.agent, content=content, files=files, set=wanted,
        channel=Channel.API, expected_version=version,
    )  # fmt: skip


def _received(
    principal: Principal, ticket: Ticket, content: Content, files: list[Attachment], wanted: dict[str, Any],
    recipients: Recipients | None, version: int | None,
) -> Message:  # fmt: skip
    """What the requester said by another way, written down on his behalf."""
    return services.add_received(
        ticket, by=principal.actor, contact=ticket.requester, content=content, channel=Channel.API,
        trust=Trust.CLAIMED, files=files, set=wanted, expected_version=version,
    )  # fmt: skip


Writer = Callable[
    [Principal, Ticket, Content, list[Attachment], dict[str, Any], Recipients | None, int | None], Message
]
WRITERS: dict[str, Writer] = {
    MessageKind.REPLY: _reply,
    MessageKind.NOTE: _note,
    MessageKind.RECEIVED: _received,
}


def _recipients(ticket: Ticket, body: schemas.MessageCreate) -> Recipients | None:
    """The people named in `to`, `cc` and `bcc`, None for all. Raises Problem for one who is not on the ticket, and
    where nobody gets it openly."""
    given = body.given()
    named = [role for role in ROLES if role in given]
    if not named:
        return None
    if body.kind != MessageKind.REPLY:
        raise WrongField(named[0], _("Only a reply has recipients."))
    here = Identity.objects.filter(kind="mail", contact__participations__ticket=ticket).select_related("contact")
    known = {identity.folded: identity for identity in here}
    wanted = {role: _addresses(given.get(role) or ()) for role in ROLES}
    chosen: Recipients = []
    if "to" not in given:
        asks = [row for row in services.default_recipients(ticket) if row["role"] == "to"]
        chosen = [row for row in asks if fold_mail(row["address"]) not in wanted["bcc"]]
    taken = {fold_mail(row["address"]) for row in chosen}
    for role, addresses in wanted.items():
        for position, folded in enumerate(addresses):
            if folded not in known:
                raise WrongField(f"{role}.{position}", _("This address is not on the ticket."))
            if folded not in taken:
                taken.add(folded)
                identity = known[folded]
                chosen.append({"role": role, "name": identity.contact.name, "address": identity.value})
    if chosen and all(row["role"] == "bcc" for row in chosen):
        raise WrongField("bcc", _("Besides blind copies a reply needs somebody in To or Cc."))
    return chosen


def _addresses(people: Sequence[str | schemas.NamedAddress]) -> list[str]:
    return [fold_mail(one if isinstance(one, str) else one.email) for one in people]

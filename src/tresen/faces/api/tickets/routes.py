"""/tickets: list, one, new, change, assign, snooze, events."""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from tresen.core.people.models import Brand, Contact
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.teamwork.snoozing import CannotSnooze, snooze, wake
from tresen.core.tickets import services
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import Channel, TicketType
from tresen.core.tickets.custom_fields import fields_for, starting_values
from tresen.core.tickets.field_models import Outline
from tresen.core.tickets.first_team import team_of_new
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.permissions import HANDING, can_begin_with, require_set
from tresen.faces.api.answers import answer, expected_version
from tresen.faces.api.bodies import read_body
from tresen.faces.api.lookups import brand_named, changes_of, check_requester, requester_named, uploads, wrong_field
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import Problem, WrongField, query_error
from tresen.faces.api.tickets import output, schemas
from tresen.faces.api.tickets.finding import fresh, refuse_stale, show, stale, ticket_of
from tresen.service.search.query import QueryError
from tresen.service.search.services import apply_query
from tresen.spine.events.models import Event

router = Router(tags=["tickets"])
SORTS = {"updated_at": "updated_at", "created_at": "created_at", "priority": "priority"}
# Ways in that anybody can use in anybody's name: the address is unproven until its owner says so (decision 8).
OPEN_CHANNELS = frozenset({Channel.API, Channel.WEB, Channel.MAIL, Channel.CHAT})


class TicketQuery(ListQuery):
    """Parameters of the list of tickets."""

    query: Annotated[str, Field(description="a line in the search language of the desk")] = ""


@router.get("/tickets", response=schemas.Tickets, url_name="tickets", operation_id="list_tickets")
def list_tickets(request: HttpRequest, params: Query[TicketQuery]) -> HttpResponse:
    """Tickets you may see. `sort`: updated_at, created_at, priority; `-updated_at` when left out."""
    principal = principal_of(request)
    tickets = Ticket.objects.visible_to(principal)
    if params.query.strip():
        try:
            tickets = apply_query(tickets, params.query, principal)
        except QueryError as fault:
            detail = _("The search line cannot be understood.")
            raise Problem("wrong-input", detail, errors=[query_error("query", str(fault))]) from fault
    rows, after = page(
        output.with_everything(tickets), params, name="tickets", sorts=SORTS, default="-updated_at"
    )  # fmt: skip
    return answer(schemas.Tickets(items=list(map(output.ticket, rows)), next=after))


@router.post("/tickets", response={201: schemas.Ticket}, url_name="ticket-create", operation_id="create_ticket")
def create_ticket(request: HttpRequest, body: schemas.TicketCreate) -> HttpResponse:
    """A new ticket. The requester is found by address or made; the first message is his."""
    principal = principal_of(request)
    require(principal, "ticket.create")
    content = read_body(body.body_text, body.body_html)
    brand = brand_named(principal, body.brand, "brand") if "brand" in body.given() else _default_brand()
    wanted = changes_of(principal, body, but=("requester", "brand"))
    check_requester(principal, body.requester)
    asks = list(fields_for(principal).active())
    team = wanted["team"] if "team" in wanted else team_of_new(brand, wanted.get("category"))
    if not can_begin_with(principal, team=team, assignee=wanted.get("assignee")):
        raise PermissionDenied("ticket.assign")
    about = Outline(wanted.get("type", TicketType.INCIDENT), team.pk if team else None, brand.pk)
    if values := starting_values(asks, about, wanted.get("fields", {})):
        wanted["fields"] = values
    number = take_number(brand)

    def act() -> HttpResponse:
        channel = body.channel or Channel.API
        with transaction.atomic():
            requester = requester_named(principal, body.requester)
            files = uploads(principal, body.attachments)
            try:
                ticket = services.create_ticket(
                    by=principal.actor, requester=requester, subject=body.subject, content=content, channel=channel,
                    brand=brand, files=files, number=number, set=wanted, asks=asks,
                    is_unconfirmed=is_open_to_strangers(channel, requester),
                )  # fmt: skip
            except WrongValue as fault:
                raise wrong_field(fault) from fault
        return show(fresh(ticket), status=201)

    return once(request, act)


@router.get("/tickets/{number}", response=schemas.Ticket, url_name="ticket", operation_id="get_ticket")
def get_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket; the number in any spoken form (`T204187`, `T 20418-7`)."""
    return show(ticket_of(request, number))


@router.patch("/tickets/{number}", response=schemas.Ticket, url_name="ticket-change", operation_id="change_ticket")
def change_ticket(request: HttpRequest, number: str, body: schemas.TicketChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed the ticket meanwhile."""
    return _change(request, number, body)


@router.post(
    "/tickets/{number}/assign", response=schemas.Ticket, url_name="ticket-assign", operation_id="assign_ticket"
)
def assign_ticket(request: HttpRequest, number: str, body: schemas.TicketAssign) -> HttpResponse:
    """Gives a ticket to a team, an agent or both."""
    if not body.model_fields_set:
        raise WrongField("assignee", _("Name a team, an assignee or both."))
    return _change(request, number, schemas.TicketChange(**body.given()))


@router.post(
    "/tickets/{number}/snooze", response=schemas.Ticket, url_name="ticket-snooze", operation_id="snooze_ticket"
)
def snooze_ticket(request: HttpRequest, number: str, body: schemas.TicketSnooze) -> HttpResponse:
    """Lets a ticket sleep, out of everybody's daily views, until a time or an answer of the customer; or wakes it."""
    principal = principal_of(request)
    ticket = ticket_of(request, number)
    require(principal, "ticket.change", ticket)

    def act() -> HttpResponse:
        try:
            if body.until is None:
                wake(ticket, by=principal.actor)
            elif principal.agent is not None:
                snooze(ticket, agent=principal.agent, until=body.until, reason=body.reason, by=principal.actor)
        except services.StaleTicket as fault:
            raise stale(request, fault.ticket) from fault
        except CannotSnooze as fault:
            raise WrongField("until", _("This value is not possible here.")) from fault
        return show(fresh(ticket))

    return once(request, act)


@router.get("/tickets/{number}/events", response=schemas.Events, url_name="ticket-events", operation_id="list_events")
def list_events(request: HttpRequest, number: str, params: Query[ListQuery]) -> HttpResponse:
    """What happened to a ticket, oldest first."""
    ticket = ticket_of(request, number)
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk)
    rows, after = page(events, params, name=f"events {ticket.pk}", sorts={"at": "pk"}, default="at")
    return answer(schemas.Events(items=list(map(output.event, rows)), next=after))


def _change(request: HttpRequest, number: str, body: schemas.TicketChange) -> HttpResponse:
    principal = principal_of(request)
    ticket = ticket_of(request, number)
    if not HANDING.issuperset(body.given()):
        require(principal, "ticket.change", ticket)
    refuse_stale(request, ticket)

    def act() -> HttpResponse:
        wanted = changes_of(principal, body)
        require_set(principal, ticket, {name: wanted[name] for name in HANDING & wanted.keys()})
        try:
            changed = services.update_ticket(
                ticket, by=principal.actor, set=wanted,
                expected_version=expected_version(request, ticket.version),
            )  # fmt: skip
        except services.StaleTicket as fault:
            raise stale(request, fault.ticket) from fault
        except WrongValue as fault:
            raise wrong_field(fault) from fault
        return show(fresh(changed))

    return once(request, act)


def _default_brand() -> Brand:
    try:
        found: Brand = Brand.objects.default()
    except Brand.DoesNotExist as fault:
        raise Problem("conflict", _("This desk is not set up yet: it has no brand to number tickets for.")) from fault
    return found


def is_open_to_strangers(channel: str, requester: Contact) -> bool:
    """Whether anybody could have written so in the requester's name."""
    return channel in OPEN_CHANNELS and _is_unproven(requester)


def _is_unproven(requester: Contact) -> bool:
    """Nobody has shown yet that he reads mail under this contact's address."""
    mails = [identity for identity in requester.identities.all() if identity.kind == "mail"]
    return bool(mails) and all(identity.verified_at is None for identity in mails)

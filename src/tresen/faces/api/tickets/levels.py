"""/tickets/{number}: escalate, return."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.tickets.operations import start
from tresen.core.tickets.rows import StaleTicket
from tresen.faces.api.inputs import ById, Filled, Input, Line, optional
from tresen.faces.api.lookups import agent_named, team_named
from tresen.faces.api.once import once
from tresen.faces.api.problems import Problem, WrongField
from tresen.faces.api.tickets import schemas
from tresen.faces.api.tickets.finding import fresh, refuse_stale, show, stale, ticket_of
from tresen.service.levels.handing import CannotHandOver, Package, escalate, hand_back

router = Router(tags=["tickets"])
FIELDS = {"level": "level", "team": "team", "agent": "assignee", "empty": "summary"}


class Escalate(Input):
    """Where the ticket goes, and what the next person must know."""

    level: int = Field(description="number of a level above")
    summary: Filled = Field(description="what was tried, found and is needed; becomes a note")
    team: ById | schemas.BySlug | int | Line | None = optional("needed where several teams work on that level")
    assignee: ById | schemas.ByAddress | int | Line | None = optional(
        "somebody of that team; left out: the team's way finds somebody"
    )


class Return(Input):
    """The answer to whoever handed it up."""

    summary: Filled = Field(description="the answer; becomes a note")


@router.post(
    "/tickets/{number}/escalate", response=schemas.Ticket, url_name="ticket-escalate", operation_id="escalate_ticket"
)
def escalate_ticket(request: HttpRequest, number: str, body: Escalate) -> HttpResponse:
    """Hands the ticket up to a level. You follow it from then on. Can be undone for a day."""
    principal, ticket = principal_of(request), ticket_of(request, number)
    require(principal, "ticket.assign", ticket)
    refuse_stale(request, ticket)
    team, assignee = team_named(principal, body.team, "team"), agent_named(principal, body.assignee, "assignee")

    def act() -> HttpResponse:
        agent = principal.agent
        try:
            escalate(
                ticket, by=principal.actor, agent=agent, level=body.level, team=team, assignee=assignee,
                package=Package(needed=body.summary), operation=start("change", agent=agent) if agent else None,
            )  # fmt: skip
        except StaleTicket as fault:
            raise stale(request, fault.ticket) from fault
        except CannotHandOver as fault:
            raise _refused(fault) from fault
        return show(fresh(ticket))

    return once(request, act)


@router.post(
    "/tickets/{number}/return", response=schemas.Ticket, url_name="ticket-return", operation_id="return_ticket"
)
def return_ticket(request: HttpRequest, number: str, body: Return) -> HttpResponse:
    """Hands the ticket back with the answer to the person who handed it up. Can be undone for a day."""
    principal, ticket = principal_of(request), ticket_of(request, number)
    require(principal, "ticket.assign", ticket)
    refuse_stale(request, ticket)

    def act() -> HttpResponse:
        agent = principal.agent
        operation = start("change", agent=agent) if agent else None
        try:
            hand_back(ticket, by=principal.actor, agent=agent, answer=body.summary, operation=operation)
        except StaleTicket as fault:
            raise stale(request, fault.ticket) from fault
        except CannotHandOver as fault:
            raise _refused(fault) from fault
        return show(fresh(ticket))

    return once(request, act)


def _refused(fault: CannotHandOver) -> Exception:
    if fault.why in FIELDS:
        return WrongField(FIELDS[fault.why], _("This value is not possible here."))
    return Problem("conflict", _("The ticket cannot be handed over as it is now."), why=fault.why)

"""/tickets/{number}: merge, split, undo."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from tresen.core.people.models import Agent
from tresen.core.people.permissions import can, require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets import merging, splitting, undoing
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.numbers import read_number, take_number
from tresen.core.tickets.operation_models import Operation as OperationRow
from tresen.faces.api.answers import answer
from tresen.faces.api.inputs import FilledLine, Input, Line, optional
from tresen.faces.api.once import once
from tresen.faces.api.problems import Problem, WrongField
from tresen.faces.api.tickets.finding import merged, ticket_of

router = Router(tags=["tickets"])
MOST_MESSAGES = 200


class Merge(Input):
    """The ticket into which this one goes."""

    into: FilledLine
    confirm: bool = Field(False, description="people of the one ticket may read what is on the other")


class Split(Input):
    """Messages that become a ticket of their own."""

    messages: Annotated[list[int], Field(min_length=1, max_length=MOST_MESSAGES)]
    subject: Line = optional("left out: that of the first message")


class Undo(Input):
    """What is to be taken back."""

    operation: int


class Operation(BaseModel):
    """Something that can be undone."""

    operation: int
    ticket: str = Field(description="number of the ticket where the messages are now")
    undoable_until: datetime


class Left(BaseModel):
    """What could not be taken back, and why."""

    ticket: str
    what: str = Field(description="a field, or `reply`, `note`, `message`, `ticket`")
    why: str = Field(description="`changed`, `sent`, `moved`, `others`, `gone`, `used` or `rights`")
    who: str = Field(description="who changed it since")


class Undone(BaseModel):
    """What an undo did."""

    tickets: list[str] = Field(description="numbers of the tickets on which something was taken back")
    left: list[Left]
    more: int = Field(description="tickets on which it still goes on")


@router.post("/tickets/{number}/merge", response=Operation, url_name="ticket-merge", operation_id="merge_ticket")
def merge_ticket(request: HttpRequest, number: str, body: Merge) -> HttpResponse:
    """This ticket goes into another; its number leads there from then on. 409 names the people who could read what they
    could not before, unless `confirm` says that this is meant. Can be undone for 30 days."""
    principal, source = principal_of(request), ticket_of(request, number)
    agent = _agent(principal)
    _refuse_merged(request, source)
    found = Ticket.objects.visible_to(principal).filter(number=read_number(body.into)).first()
    if found is None:
        raise WrongField("into", _("There is no other ticket with this number."))
    target = merging.final_of(found)
    for ticket in (source, target):
        if not can(principal, "ticket.see", ticket):
            raise WrongField("into", _("There is no other ticket with this number."))
        require(principal, "ticket.merge", ticket)

    def act() -> HttpResponse:
        exposed = merging.preview(source, target).exposed if body.confirm else []
        try:
            done = merging.merge(source, into=target, by=principal.actor, agent=agent, confirmed=exposed)
        except merging.NotAsked as asked:
            names = [str(one) for one in (*asked.preview.readers, *asked.preview.joiners)]
            detail = _("People could then read what they could not before. Send `confirm` if this is meant.")
            raise Problem("conflict", detail, people=names) from asked
        except merging.CannotMerge as fault:
            _refuse_merged(request, ticket_of(request, number))
            raise Problem("conflict", _("These two tickets cannot be merged."), why=fault.why) from fault
        return _show(done, target)

    return once(request, act)


@router.post("/tickets/{number}/split", response=Operation, url_name="ticket-split", operation_id="split_ticket")
def split_ticket(request: HttpRequest, number: str, body: Split) -> HttpResponse:
    """Messages of this ticket become one of their own. Can be undone for 30 days."""
    principal, source = principal_of(request), ticket_of(request, number)
    agent = _agent(principal)
    _refuse_merged(request, source)
    require(principal, "ticket.merge", source)
    seen = Message.objects.visible_to(principal).filter(ticket=source, pk__in=body.messages).count()
    if seen != len(set(body.messages)):
        raise WrongField("messages", _("Not all of these messages are on this ticket."))
    taken = take_number(source.brand)

    def act() -> HttpResponse:
        try:
            new, done = splitting.split(
                source, messages=body.messages, by=principal.actor, agent=agent, number=taken,
                subject=body.subject or "",
            )  # fmt: skip
        except splitting.CannotSplit as fault:
            _refuse_merged(request, ticket_of(request, number))
            raise Problem("conflict", _("These messages cannot be split off."), why=fault.why) from fault
        return _show(done, new)

    return once(request, act)


@router.post("/tickets/{number}/undo", response=Undone, url_name="ticket-undo", operation_id="undo_operation")
def undo_operation(request: HttpRequest, number: str, body: Undo) -> HttpResponse:
    """Takes back an operation on this ticket, as far as nobody has changed since what it did."""
    principal, ticket = principal_of(request), ticket_of(request, number)
    found = OperationRow.objects.visible_to(principal).filter(pk=body.operation, steps__ticket=ticket).first()
    if found is None:
        raise Http404
    require(principal, "operation.undo", found)

    def act() -> HttpResponse:
        try:
            undone = undoing.undo(found, by=principal.actor, principal=principal)
        except undoing.CannotUndo as fault:
            raise Problem("conflict", _("That can no longer be taken back."), why=fault.why) from fault
        left = [Left(ticket=one.number, what=one.what, why=one.why, who=one.who) for one in undone.left]
        return answer(Undone(tickets=undone.tickets, left=left, more=undone.more))

    return once(request, act)


def _refuse_merged(request: HttpRequest, ticket: Ticket) -> None:
    """Raises Problem with the number of the ticket that this one leads to, if it is a signpost."""
    if ticket.merged_into_id:
        raise merged(request, ticket)


def _agent(principal: Principal) -> Agent:
    if principal.agent is None:
        raise Http404
    return principal.agent


def _show(done: OperationRow, ticket: Ticket) -> HttpResponse:
    return answer(Operation(operation=done.pk, ticket=ticket.number, undoable_until=done.undoable_until))

"""Finds the one ticket of an address, and says what stands in the way of a change."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tresen.core.people.principals import principal_of
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.faces.api.answers import if_match_version, resource, version_etag
from tresen.faces.api.problems import Problem, stale_now
from tresen.faces.api.tickets import output


def ticket_of(request: HttpRequest, number: str) -> Ticket:
    """The ticket under a number in any spoken form. Raises Http404 for what is not there or not for this reader."""
    read = read_number(number)
    tickets = output.with_everything(Ticket.objects.visible_to(principal_of(request)))
    found = tickets.filter(number=read).first() if read else None
    if found is None:
        raise Http404
    return found


def fresh(ticket: Ticket) -> Ticket:
    """The ticket as it is now, also when a change took it out of the reader's sight."""
    return output.with_everything(Ticket.objects.filter(pk=ticket.pk)).get()


def show(ticket: Ticket, *, status: int = 200) -> HttpResponse:
    """The ticket with its ETag; one that was made also with its address."""
    shown = output.ticket(ticket)
    return resource(shown, f"tickets/{shown.number}", etag=version_etag(shown.version, shown), status=status)


def refuse_stale(request: HttpRequest, ticket: Ticket) -> None:
    """Raises Problem (412) with the ticket as it is now when `If-Match` names another version."""
    if not if_match_version(request, ticket.version):
        raise stale(request, ticket)


def stale(request: HttpRequest, ticket: Ticket) -> Problem:
    """412, with the ticket as it is now, so that a caller can decide what to do; for one that was merged 409, with the
    number of the one it leads to, where the reader sees that. Raises Http404 when he does not see it any more."""
    row = ticket_of(request, ticket.number)
    now = output.ticket(row)
    if row.merged_into_id and if_match_version(request, row.version):
        return merged(request, row)
    detail = _("The ticket is no longer as your If-Match says. Here is how it is now.")
    return stale_now(detail, now, version_etag(now.version, now))


def merged(request: HttpRequest, ticket: Ticket) -> Problem:
    """409: nothing is done on a ticket that is a signpost. `merged_into` in the answer is the number of the one
    in which its messages are, null where the reader does not see that one."""
    there = Ticket.objects.visible_to(principal_of(request)).filter(pk=final_of(ticket).pk).first()
    detail = _("The ticket was merged into another one. Do it there.")
    return Problem("merged", detail, why="merged", merged_into=there.number if there else None)

"""Side threads: asking a supplier beside a ticket, on a page of its own, so that nothing reaches the customer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import with_pictures
from tresen.core.tickets.models import Message, Thread, Ticket
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import WrongCircle, open_side, write_side
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.sides.writing import SideDraft, check_side, read_side
from tresen.faces.desk.ticket.queries import shown_messages
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.faces.desk.ticket.refusing import why_not
from tresen.faces.desk.ticket.timeline import message_entry
from tresen.kit import notices
from tresen.kit.html import SANITISER_VERSION

MOST_SHOWN = 100


@staff_page
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/sides/new/`: asks a partner."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.reply", found)
    if request.method == "GET":
        return _page(request, found, SideDraft())
    draft, agent, by = read_side(request), request.principal.agent, request.principal.actor
    check_side(draft, found, is_new=True)
    if draft.errors or agent is None:
        return _page(request, found, draft, status=422)
    try:
        with transaction.atomic():
            people = [find_or_create_contact(mail=address, by=by) for address in draft.addresses]
            begun = open_side(
                found, by=by, agent=agent, people=people, subject=draft.subject,
                content=with_pictures(draft.text, draft.uploads), files=draft.uploads, remind_at=draft.remind_at,
                waits=draft.waits,
            )  # fmt: skip
    except (WrongCircle, StaleTicket) as fault:
        return _wrong(request, found, draft, fault)
    notices.tell(request, _("The message is on its way. The customer sees nothing of it."))
    return HttpResponseRedirect(reverse("desk:side", args=[begun.pk]))


@staff_page
@require_http_methods(["GET", "POST"])
def side(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/sides/<key>/`: the thread with its people, and the form to write on."""
    # The key is another table’s: the database does not look whether such a large number can be one.
    begun = SideThread.objects.visible_to(request.principal).filter(thread__in=Thread.objects.filter(pk=pk)).first()
    if begun is None:
        raise Http404
    ticket: Ticket = begun.ticket
    if request.method == "GET":
        return _page(request, ticket, SideDraft(), begun)
    require(request.principal, "ticket.reply", ticket)
    draft, agent = read_side(request), request.principal.agent
    check_side(draft, ticket, is_new=False)
    if draft.errors or agent is None:
        return _page(request, ticket, draft, begun, status=422)
    try:
        write_side(
            begun, by=request.principal.actor, agent=agent, content=with_pictures(draft.text, draft.uploads),
            files=draft.uploads, remind_at=draft.remind_at, waits=draft.waits,
        )  # fmt: skip
    except (WrongCircle, StaleTicket) as fault:
        return _wrong(request, ticket, draft, fault, begun)
    notices.tell(request, _("The message is on its way. The customer sees nothing of it."))
    return HttpResponseRedirect(reverse("desk:side", args=[begun.pk]))


def _wrong(
    request: StaffRequest, ticket: Ticket, draft: SideDraft, fault: Exception, begun: SideThread | None = None
) -> HttpResponseBase:
    said, status = why_not(fault)
    draft.errors.append(said)
    return _page(request, ticket, draft, begun, status=status)


def _page(
    request: StaffRequest, ticket: Ticket, draft: SideDraft, begun: SideThread | None = None, *, status: int = 200
) -> HttpResponseBase:
    context: dict[str, Any] = {"ticket": ticket, "draft": draft, "side": begun}
    if begun:
        rows = shown_messages(request.principal).filter(thread=begun.pk).order_by("-pk")[:MOST_SHOWN]
        context["entries"] = [_entry(row) for row in list(rows)[::-1]]
        context["people"] = begun.people.prefetch_related("identities").order_by("pk")
    return render(request, "desk/sides/page.html", context, status=status)


def _entry(row: Message) -> Any:
    return message_entry(row, read_up_to=row.pk, sanitiser=SANITISER_VERSION)

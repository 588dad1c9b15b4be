"""Side threads: asking a supplier beside a ticket, on a page of its own, so that nothing reaches the customer. What is
typed there is kept as a draft; what was sent can be taken back for some seconds, like a reply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import with_pictures
from tresen.core.tickets.draft_models import DraftKind
from tresen.core.tickets.drafts import StaleDraft, save_draft, spend_draft
from tresen.core.tickets.models import Message, Thread, Ticket
from tresen.core.tickets.planning import undo_seconds
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import Back, WrongCircle, open_side, settle, write_side
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.clocks.targets import target_of
from tresen.faces.desk.sides.writing import SideDraft, check_side, kept_side, read_side
from tresen.faces.desk.ticket.queries import shown_messages
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.faces.desk.ticket.refusing import why_not
from tresen.faces.desk.ticket.timeline import message_entry
from tresen.faces.desk.ticket.writing import too_long
from tresen.kit import clock, notices
from tresen.kit.html import SANITISER_VERSION
from tresen.kit.pages import wants_fragment
from tresen.service.sla.metrics import supplier_slug

MOST_SHOWN = 100


@staff_page
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/sides/new/`: asks a partner, or keeps what is typed (`keep`)."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.reply", found)
    return _write(request, found)


@staff_page
@require_http_methods(["GET", "POST"])
def side(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/sides/<key>/`: the thread with its people, and the form to write on; `keep` as above, `settle`:
    nobody waits for an answer any more."""
    # The key is another table’s: the database does not look whether such a large number can be one.
    begun = SideThread.objects.visible_to(request.principal).filter(thread__in=Thread.objects.filter(pk=pk)).first()
    if begun is None:
        raise Http404
    ticket: Ticket = begun.ticket
    if request.method == "POST":
        require(request.principal, "ticket.reply", ticket)
    if "settle" in request.POST:
        settle(begun, by=request.principal.actor)
        notices.tell(request, _("The ticket no longer waits for this partner."))
        return HttpResponseRedirect(request.path)
    return _write(request, ticket, begun)


def _write(request: StaffRequest, ticket: Ticket, begun: SideThread | None = None) -> HttpResponseBase:
    agent = request.principal.agent
    if request.method == "GET" or agent is None:
        return _page(request, ticket, kept_side(ticket, agent, begun), begun)
    draft = read_side(request)
    if "keep" in request.POST:
        return _keep(request, ticket, agent, draft, begun)
    check_side(draft, ticket, is_new=begun is None)
    if draft.errors:
        return _page(request, ticket, draft, begun, status=422)
    try:
        sent = _send(request, ticket, agent, draft, begun)
    except StaleDraft as stale:
        draft.meets(stale)
        return _page(request, ticket, draft, begun, status=409)
    except (WrongCircle, StaleTicket) as fault:
        said, status = why_not(fault)
        draft.errors.append(said)
        return _page(request, ticket, draft, begun, status=status)
    notices.tell(request, _("The message is on its way. The customer sees nothing of it."))
    return HttpResponseRedirect(reverse("desk:side", args=[sent.pk]))


@transaction.atomic
def _send(
    request: StaffRequest, ticket: Ticket, agent: Agent, draft: SideDraft, begun: SideThread | None
) -> SideThread:
    by, wait = request.principal.actor, undo_seconds()
    spend_draft(
        ticket, agent=agent, kind=DraftKind.SIDE, text=draft.text, version=draft.version, writer=draft.once,
        sent=draft.uploads, known=draft.shown, side=begun,
    )  # fmt: skip
    sent: dict[str, Any] = {
        "by": by, "agent": agent, "content": with_pictures(draft.text, draft.uploads), "files": draft.uploads,
        "remind_at": draft.remind_at, "waits": draft.waits, "back": Back(details=draft.details),
        "leaves_at": clock.now() + timedelta(seconds=wait) if wait else None,
    }  # fmt: skip
    if begun is not None:
        write_side(begun, **sent)
        return begun
    people = [find_or_create_contact(mail=address, by=by) for address in draft.addresses]
    return open_side(ticket, people=people, subject=draft.subject, **sent)


def _keep(
    request: StaffRequest, ticket: Ticket, agent: Agent, draft: SideDraft, begun: SideThread | None
) -> HttpResponseBase:
    """Nothing is sent. The page keeps it by itself as one types and hears the new version; without a script there is a
    button for it."""
    try:
        kept = save_draft(ticket, agent=agent, kind=DraftKind.SIDE, writing=draft.writing, side=begun)
    except StaleDraft as stale:
        draft.meets(stale)
    except ValueError:
        draft.errors.append(too_long())
    if wants_fragment(request):
        if draft.errors:
            return JsonResponse({"said": draft.errors[-1]}, status=409)
        return JsonResponse({"version": kept.version, "said": _("The draft is kept.")})
    if draft.errors:
        return _page(request, ticket, draft, begun, status=409 if draft.elsewhere else 422)
    notices.tell(request, _("The draft is kept."))
    return HttpResponseRedirect(request.path)


def _page(
    request: StaffRequest, ticket: Ticket, draft: SideDraft, begun: SideThread | None = None, *, status: int = 200
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "ticket": ticket, "draft": draft, "side": begun, "page": {"may": request.principal.here(ticket.team_id)}
    }  # fmt: skip
    if begun:
        rows = shown_messages(request.principal).filter(thread=begun.pk).order_by("-pk")[:MOST_SHOWN]
        context["entries"] = [_entry(row) for row in list(rows)[::-1]]
        target = target_of(ticket, supplier_slug(begun.pk))
        context["clocks"] = {"targets": [target] if target else []}
        context["people"] = begun.people.prefetch_related("identities").order_by("pk")
    return render(request, "desk/sides/page.html", context, status=status)


def _entry(row: Message) -> Any:
    return message_entry(row, read_up_to=row.pk, sanitiser=SANITISER_VERSION)

"""“This belongs elsewhere”: a message goes to another ticket or to a new one, and comes back when that was wrong."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tresen.channels.mail.moving import move as move_message
from tresen.channels.mail.moving import take_back as take_back_move
from tresen.channels.mail.reasons import why_here
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.core.tickets.merging import number_after_merges
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.moving import CannotMove, can_take_back, later_of
from tresen.core.tickets.numbers import read_number
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket.finding import find_message
from tresen.kit import notices
from tresen.spine.events.models import Event

SUGGESTED = 8


@staff_page
@require_http_methods(["GET", "POST"])
def move(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/messages/<id>/move/`: asks where it belongs; POST with `to` (a number, or `new`) moves it there. When
    people could then read it who could not before, it asks once more (`sure`)."""
    message = find_message(request.principal, pk)
    require(request.principal, "message.move", message)
    if request.method == "GET":
        return _page(request, message)
    wanted, target = request.POST.get("to") or request.POST.get("number", ""), None
    if wanted != "new":
        target = _target(request.principal, wanted)
        if target is None or target.pk == message.ticket_id:
            return _page(request, message, problem=_("There is no other ticket with this number."), status=422)
        require(request.principal, "ticket.merge", target)
        if (readers := _new_readers(message, target)) and not request.POST.get("sure"):
            return _page(request, message, target=target, readers=readers, status=409)
    try:
        with_later = bool(request.POST.get("later"))
        moved_to, event = move_message(message, to=target, with_later=with_later, by=request.principal.actor)
    except CannotMove:
        return _page(request, message, problem=_("It is no longer there. Load the ticket again."), status=409)
    if not Ticket.objects.visible_to(request.principal).filter(pk=moved_to.pk).exists():
        return HttpResponseRedirect(reverse("desk:ticket", args=[message.ticket.number]))
    return HttpResponseRedirect(reverse("desk:ticket", args=[moved_to.number]) + f"?moved={event.pk}")


@staff_page
@require_POST
def take_back(request: StaffRequest, event: int) -> HttpResponseBase:
    """Undoes a move, for whoever may write on both tickets."""
    seen = Ticket.objects.visible_to(request.principal)
    moves = Event.objects.filter(kind="message.moved", stream_kind="ticket", stream_id__in=seen.values("pk"))
    found = moves.filter(pk=event).first()
    if found is None:
        raise Http404
    for ticket in Ticket.objects.filter(Q(pk=found.stream_id) | Q(number=found.changes.get("to"))):
        if not seen.filter(pk=ticket.pk).exists():
            raise Http404
        require(request.principal, "ticket.merge", ticket)
    try:
        source = take_back_move(found, by=request.principal.actor)
    except CannotMove:
        notices.tell(request, _("That can no longer be taken back: the message was moved again or answered."), "warn")
        number = found.changes.get("to")
        there = Ticket.objects.visible_to(request.principal).filter(number=number).exists()
        return HttpResponseRedirect(reverse("desk:ticket", args=[number]) if there else reverse("desk:start"))
    notices.tell(request, _("The message is back where it was."))
    return HttpResponseRedirect(reverse("desk:ticket", args=[source.number]))


def just_moved(request: HttpRequest, ticket: Ticket) -> Event | None:
    """The move that led here, as long as it can be taken back (`?moved=`)."""
    key = request.GET.get("moved", "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    event = Event.objects.filter(pk=int(key), kind="message.moved", changes__to=ticket.number).first()
    return event if event and can_take_back(event) else None


def _target(principal: Principal, typed: str) -> Ticket | None:
    number = read_number(typed)
    number = number_after_merges(number) if number else None
    return Ticket.objects.visible_to(principal).select_related("requester").filter(number=number).first()


def _new_readers(message: Message, target: Ticket) -> list[str]:
    """Who takes part there and not here: they may read it from then on."""
    here = message.ticket.participants.exclude(contact=None).values("contact")
    others = target.participants.exclude(contact=None).exclude(contact__in=here).exclude(contact=message.contact)
    return [str(row.contact) for row in others.select_related("contact").order_by("id")[:5]]


def _suggested(principal: Principal, message: Message) -> list[Ticket]:
    """The sender's other tickets and those that hang together with this one, newest first."""
    ticket = message.ticket
    linked = Q(follows=ticket.pk) | Q(pk=ticket.follows_id or 0)
    theirs = Q(requester=message.contact_id) if message.contact_id else Q(pk=0)
    found = Ticket.objects.visible_to(principal).filter(linked | theirs).exclude(pk=ticket.pk)
    return list(found.select_related("status", "requester").order_by("-pk")[:SUGGESTED])


def _page(request: StaffRequest, message: Message, *, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "message": message, "ticket": message.ticket, "why": why_here(message.why),
        "later": later_of(message).count(), "with_later": bool(request.POST.get("later")),
        "number": request.POST.get("number", "")[:40], "suggested": _suggested(request.principal, message), **more,
    }  # fmt: skip
    return render(request, "desk/ticket/move.html", context, status=status)

"""What becomes of a reply: taken back, sent now, sent again, dealt with; and where it is at this moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.services import send_again
from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.core.tickets.drafts import StaleDraft, taken_back_before
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.planning import HasLeft, note_undelivered, send_now, take_back
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer, page_context
from tresen.faces.desk.ticket.drafting import keep
from tresen.faces.desk.ticket.messages import find_message
from tresen.faces.desk.ticket.reading import read_page
from tresen.faces.desk.ticket.timeline import Sending
from tresen.faces.desk.ticket.writing import clean_text, read_composer
from tresen.kit.pages import wants_fragment

CHANGED = (answers.HEAD, answers.TIMELINE)


@staff_page
@require_safe
def delivery(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/messages/<id>/delivery/`: the line below a reply that says where it is; it asks again while that may
    change in a moment."""
    message = find_message(request.principal, pk)
    sending = Sending(message)
    if request.GET.get("state") == message.delivery and sending.is_watched:
        return HttpResponse(status=204)
    return render(request, "desk/ticket/delivery.html", {"m": message, "sending": sending})


@staff_page
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Takes a reply that has not left back into the agent's draft, with its files and recipients; what is typed there
    by now stays below it. Asked again, for instance since the first answer was lost, it answers the same."""
    agent = request.principal.agent
    done = taken_back_before(pk, agent=agent) if agent else None
    if done and Ticket.objects.visible_to(request.principal).filter(pk=done.ticket_id).exists():
        return _taken_back(request, done.ticket.number)
    message = find_message(request.principal, pk)
    require(request.principal, "message.take_back", message)
    if agent is None:
        return _too_late(request, message)
    try:
        take_back(
            message, by=request.principal.actor, agent=agent, typed=clean_text(request.POST.get("reply_text", ""))
        )
    except HasLeft:
        return _too_late(request, message)
    _keep_note(request, message.ticket, agent)
    return _taken_back(request, message.ticket.number)


def _keep_note(request: StaffRequest, ticket: Ticket, agent: Agent) -> None:
    """The composer is drawn anew: what stands in its other tab comes along."""
    composer = read_composer(request, request.principal)
    with suppress(StaleDraft, ValueError):
        keep(ticket, agent=agent, composer=composer, kind="note")


def _taken_back(request: StaffRequest, number: str) -> HttpResponseBase:
    if wants_fragment(request):
        said = _("Taken back: nothing has left.")
        return answer(request, number, answers.COMPOSER, *CHANGED, said=said, posted=True)
    page = read_page(request.principal, number)
    return render(request, "desk/ticket/page.html", page_context(page))


def _too_late(request: StaffRequest, message: Message) -> HttpResponseBase:
    said = _("Too late: the reply has left.")
    return answer(request, message.ticket.number, *CHANGED, said=said, anchor=f"m{message.pk}")


@staff_page
@require_POST
def now(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A reply that waits for its time, or was stopped, leaves now."""
    try:
        return _done(request, pk, "message.take_back", send_now, _("The reply is on its way."))
    except HasLeft:
        return _too_late(request, find_message(request.principal, pk))


@staff_page
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Tries once more to send a reply that has not arrived."""
    return _done(request, pk, "message.send_again", send_again, _("It will be sent again."))


@staff_page
@require_POST
def noted(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Somebody has dealt with it that the reply did not arrive."""
    said = _("It is no longer among what was not delivered.")
    return _done(request, pk, "message.send_again", note_undelivered, said)


def _done(request: StaffRequest, pk: int, right: str, act: Callable[..., object], said: str) -> HttpResponseBase:
    message = find_message(request.principal, pk)
    require(request.principal, right, message)
    act(message, by=request.principal.actor)
    return answer(request, message.ticket.number, *CHANGED, said=said, anchor=f"m{message.pk}")

"""What becomes of a reply: taken back, sent now, sent again, dealt with; and where it is at this moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.services import send_again
from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.core.tickets.draft_models import DraftKind
from tresen.core.tickets.drafts import StaleDraft, save_draft, taken_back_before
from tresen.core.tickets.models import Draft, Message, Ticket
from tresen.core.tickets.planning import HasLeft, note_undelivered, send_now, take_back
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer, page_context
from tresen.faces.desk.ticket.drafting import keep
from tresen.faces.desk.ticket.messages import find_message
from tresen.faces.desk.ticket.reading import read_page
from tresen.faces.desk.ticket.timeline import Sending
from tresen.faces.desk.ticket.writing import clean_text, read_composer
from tresen.kit import notices
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
    return render(
        request,
        "desk/ticket/delivery.html",
        {"m": message, "sending": sending, "may": request.principal.here(message.ticket.team_id)},
    )


@staff_page
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Takes a reply that has not left back into the agent's draft, with its files and recipients; what is typed there
    by now stays below it. Asked again, for instance since the first answer was lost, it answers the same."""
    agent = request.principal.agent
    done = taken_back_before(pk, agent=agent) if agent else None
    if done and Ticket.objects.visible_to(request.principal).filter(pk=done.ticket_id).exists():
        return _taken_back(request, done)
    message = find_message(request.principal, pk)
    require(request.principal, "message.take_back", message)
    if agent is None:
        return _too_late(request, message)
    try:
        typed = "" if message.is_side else clean_text(request.POST.get("reply_text", ""))
        draft = take_back(message, by=request.principal.actor, agent=agent, typed=typed)
    except HasLeft:
        return _too_late(request, message)
    _keep_others(request, draft, agent)
    return _taken_back(request, draft)


def _keep_others(request: StaffRequest, draft: Draft, agent: Agent) -> None:
    """The composer is drawn anew: what stands in its other tabs comes along."""
    composer = read_composer(request, request.principal)
    with suppress(StaleDraft, ValueError):
        keep(draft.ticket, agent=agent, composer=composer, kind="note")
    if draft.kind == DraftKind.FORWARD and "reply_text" in request.POST:
        # The page sends the text alone: whom it is for stays as it was kept.
        kept = Draft.objects.filter(ticket=draft.ticket, agent=agent, kind=DraftKind.REPLY).first()
        typed = replace(composer.writing("reply"), details=kept.details if kept else {})
        with suppress(StaleDraft, ValueError):
            save_draft(draft.ticket, agent=agent, kind=DraftKind.REPLY, writing=typed)


def _taken_back(request: StaffRequest, draft: Draft) -> HttpResponseBase:
    number = draft.ticket.number
    if draft.kind == DraftKind.SIDE:
        side = reverse("desk:side", args=[draft.side_id]) if draft.side_id else ""
        return _led(request, side or reverse("desk:side-new", args=[number]))
    if wants_fragment(request):
        said = _("Taken back: nothing has left.")
        return answer(request, number, answers.COMPOSER, *CHANGED, said=said, posted=True)
    page = read_page(request.principal, number)
    return render(request, "desk/ticket/page.html", page_context(page))


def _led(request: StaffRequest, url: str) -> HttpResponseBase:
    """To the page on which one writes to the partner."""
    notices.tell(request, _("Taken back: nothing has left."))
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


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

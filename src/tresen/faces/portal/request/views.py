"""One request: its page, its files, and what can be done there. GET shows, POST acts."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.channels.mail.cleaning import queue_cleaning
from tresen.core.people.permissions import require
from tresen.core.people.pins import change_pin
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.file_urls import signed_url
from tresen.core.tickets.models import Attachment
from tresen.core.tickets.nudging import NoNudge, nudge
from tresen.faces.portal.first_error import point_at_error
from tresen.faces.portal.followed import followed_link
from tresen.faces.portal.form_keys import read_form_key
from tresen.faces.portal.limits import HOUR
from tresen.faces.portal.request import acting
from tresen.faces.portal.request.doors import Door, through_a_door
from tresen.faces.portal.request.forms import AnswerForm
from tresen.faces.portal.request.reading import is_framed, read_page, visible_messages
from tresen.faces.portal.surroundings import portal_context
from tresen.faces.portal.survey.asking import question_on, send_rating
from tresen.faces.portal.survey.forms import RatingForm
from tresen.faces.portal.uploads import stored
from tresen.kit import notices
from tresen.kit.frames import SANDBOX, frame_response
from tresen.kit.html import fill_images
from tresen.kit.replies import split_quote
from tresen.service.surveys.services import TooLate


@require_safe
@through_a_door
def show(request: HttpRequest, door: Door) -> HttpResponse:
    """The page: how it stands, what was said, room for an answer."""
    return _page(request, door, AnswerForm(allowance=door.allowance, label=_label(door)))


@require_http_methods(["GET", "POST"])
@through_a_door
def answer(request: HttpRequest, door: Door) -> HttpResponse:
    """Sends an answer; on a finished request it opens it again."""
    return _send(request, door, _("Thank you, your message has arrived."))


@require_http_methods(["GET", "POST"])
@through_a_door
def close(request: HttpRequest, door: Door) -> HttpResponse:
    """“This solved it”, with a last word or without."""
    require(door.principal, "ticket.close", door.ticket)
    return _send(request, door, _("Thank you. We are glad that it is solved."), solved=True)


@require_http_methods(["GET", "POST"])
@through_a_door
def reopen(request: HttpRequest, door: Door) -> HttpResponse:
    """“Open again”, with a reason or without."""
    require(door.principal, "ticket.reopen", door.ticket)
    return _send(request, door, _("The request is open again. We look into it."), again=True)


@require_http_methods(["GET", "POST"])
@through_a_door
def rate(request: HttpRequest, door: Door) -> HttpResponse:
    """How it was, asked on the page of a finished request; only POST rates."""
    question = question_on(door.ticket, door.principal) if door.is_proven else None
    if request.method != "POST" or question is None:
        return HttpResponseRedirect(door.base)
    require(door.principal, "ticket.answer", door.ticket)
    try:
        wrong = send_rating(request, question.asked, door.principal)
    except TooLate:
        notices.tell(request, _("The time for this rating is over."))
        return HttpResponseRedirect(door.base)
    if wrong is not None:
        form = AnswerForm(allowance=door.allowance, label=_label(door))
        return _page(request, door, form, status=422, rating=wrong)
    notices.tell(request, question.thanks)
    return HttpResponseRedirect(door.base)


@require_http_methods(["GET", "POST"])
@through_a_door
def confirm(request: HttpRequest, door: Door) -> HttpResponse:
    """“This is my address”: only for who came by the link in our mail."""
    if request.method == "POST" and door.may_confirm:
        require(door.principal, "ticket.confirm", door.ticket)
        mine = followed_link(request, door.ticket.number)
        acting.confirm(door, keep_link=mine.pk if mine else None)
        notices.tell(request, _("Thank you. Your address is confirmed."))
    return HttpResponseRedirect(door.base)


@require_http_methods(["GET", "POST"])
@through_a_door
def hurry(request: HttpRequest, door: Door) -> HttpResponse:
    """“Ask for more speed”: within the limits of nudging.py, which the page tells."""
    if request.method == "POST" and door.is_proven:
        require(door.principal, "ticket.nudge", door.ticket)
        try:
            nudge(door.ticket, by=door.principal.actor)
        except NoNudge:
            notices.tell(request, _("That is not possible just now. Beside your request it says why."), "info")
        else:
            notices.tell(request, _("We have told whoever takes care of it that you are waiting."))
    return HttpResponseRedirect(door.base)


@require_http_methods(["GET", "POST"])
@through_a_door
def pin(request: HttpRequest, door: Door) -> HttpResponse:
    """Another PIN for the telephone; the old one proves nothing any more."""
    if request.method == "POST" and door.link is None:
        require(door.principal, "ticket.answer", door.ticket)
        change_pin(door.contact, by=door.principal.actor)
        notices.tell(request, _("You have another PIN. The old one counts no longer."))
    return HttpResponseRedirect(door.base)


@require_safe
@through_a_door
def frame(request: HttpRequest, door: Door, message_id: int) -> HttpResponse:
    """A mail's cleaned HTML in a page of its own, without scripts and without requests to anywhere."""
    rows = visible_messages(door).prefetch_related("attachments").filter(pk=message_id)
    message: Any = rows.first()
    if message is None:
        raise Http404
    message.has_html = bool(message.html)
    if not is_framed(message):
        raise Http404
    places = {f.content_id: f"{door.base}files/{f.pk}/" for f in message.attachments.all() if f.content_id}
    html = fill_images(message.html, content=places.get)
    new, rest = split_quote(message.text, message.reply_text)
    title = message.subject or door.ticket.subject
    return frame_response(html, title=title, new=new, quote_label=_("Show quoted text") if rest else "")


@require_safe
@through_a_door
def file(request: HttpRequest, door: Door, file_id: uuid.UUID) -> HttpResponse:
    """On to the signed address of a file, which is good for five minutes."""
    found = Attachment.objects.visible_to(door.principal).filter(pk=file_id, message__ticket=door.ticket.pk).first()
    if found is None:
        raise Http404
    return HttpResponseRedirect(signed_url(found, principal=door.principal))


def _send(request: HttpRequest, door: Door, thanks: str, *, solved: bool = False, again: bool = False) -> HttpResponse:
    """What all three buttons below the text do: the text is never lost, whichever is pressed."""
    if request.method != "POST":
        return HttpResponseRedirect(door.base)
    require(door.principal, "ticket.answer", door.ticket)
    form = AnswerForm(
        request.POST, request.FILES, allowance=door.allowance, label=_label(door), may_be_empty=solved or again
    )
    if not form.is_valid():
        return _page(request, door, form, status=413 if form.is_too_large else 422)
    if not form.is_empty:
        key = read_form_key(request.POST.get("key"))
        try:
            with stored(form.cleaned_data["files"]) as files:
                acting.answer(door, text=form.cleaned_data["text"], files=files, key=key, solved=solved)
        except acting.TooMany:
            return _page(request, door, form, status=429)
    elif solved:
        acting.say_solved(door)
    elif again:
        acting.open_again(door)
    notices.tell(request, thanks)
    return HttpResponseRedirect(door.base)


def _label(door: Door) -> str:
    return _("Is something missing?") if door.ticket.status_category in FINISHED else ""


def _page(
    request: HttpRequest, door: Door, form: AnswerForm, *, status: int = 200, rating: RatingForm | None = None
) -> HttpResponse:
    asked = request.GET if request.method != "POST" else {}
    before = asked.get("before", "")
    is_key = before.isascii() and before.isdigit() and len(before) < 18
    page = read_page(door, whole="all" in asked, before=int(before) if is_key else 0)
    queue_cleaning(page.to_clean)
    context = {
        **portal_context(request, door.ticket.brand, active="requests" if door.link is None else "",
                         ticket=door.ticket),
        "page": page, "door": door, "ticket": door.ticket, "stand": page.stand, "form": form, "base": door.base,
        "sandbox": SANDBOX, "too_many": status == 429,
    }  # fmt: skip
    if page.stand.is_finished and door.is_proven:
        context["question"] = question_on(door.ticket, door.principal, form=rating)
    if rating is None and status != 200:
        point_at_error(form, default="text")
    response = render(request, "portal/request.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response

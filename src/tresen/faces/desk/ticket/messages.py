"""One message: its formatted text in a frame, its original, its files; held mail accepted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.models import RawMail
from tresen.channels.mail.moving import move
from tresen.channels.mail.reasons import why_here
from tresen.channels.mail.spool import raw_bytes, still_kept
from tresen.core.people.permissions import require
from tresen.core.tickets.choices import Trust
from tresen.core.tickets.file_urls import signed_url
from tresen.core.tickets.models import Attachment, Message
from tresen.core.tickets.moving import CannotMove
from tresen.core.tickets.rows import TooManyParticipants
from tresen.core.tickets.services import accept_held
from tresen.core.tickets.sides import WrongCircle, accept_side
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.fields import Refusal
from tresen.faces.desk.ticket.finding import find_message
from tresen.faces.desk.ticket.images import image_places
from tresen.kit import files
from tresen.kit.downloads import send_bytes, send_zip
from tresen.kit.filetypes import INLINE_TYPES
from tresen.kit.frames import frame_response
from tresen.kit.html import SANITISER_VERSION, fill_images
from tresen.kit.replies import split_quote

HEADER_BYTES = 64 * 1024
ORIGINAL_CHARACTERS = 1_000_000


def _source_of(message: Message) -> RawMail | None:
    """The mail it came in, as long as its bytes are kept (90 days)."""
    return still_kept(RawMail.objects.filter(message=message)).order_by("pk").first()


@staff_page
@require_safe
def html(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/messages/<id>/html/`: the cleaned HTML in its sandbox. 404 when there is none of the present rules."""
    message = find_message(request.principal, pk)
    if not message.html or message.html_version != SANITISER_VERSION:
        raise Http404
    pictures = {
        file.content_id.strip("<> "): file
        for file in message.attachments.all()
        if file.content_id and file.content_type in INLINE_TYPES
    }

    def address_of(content_id: str) -> str | None:
        file = pictures.get(content_id)
        return signed_url(file, principal=request.principal) if file else None

    title = _("Message of %(name)s") % {"name": message.author_name}
    shown = fill_images(message.html, content=address_of, remote=image_places(message, request.principal))
    new, rest = split_quote(message.text, message.reply_text)
    return frame_response(shown, title=title, new=new, quote_label=_("Show the quoted text") if rest else "")


@staff_page
@require_safe
def original(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/messages/<id>/original/`: headers as they came, why it is here, how sure we are, all of the text."""
    message = find_message(request.principal, pk)
    raw = _source_of(message)
    head = raw_bytes(raw).replace(b"\r\n", b"\n").partition(b"\n\n")[0] if raw else b""
    context: dict[str, Any] = {
        "message": message, "ticket": message.ticket, "raw": raw, "why": why_here(message.why),
        "headers": head[:HEADER_BYTES].decode("utf-8", "replace").replace("\0", "�"),
        "trust": Trust(message.trust).label if message.kind == "received" else "",
        "text": message.text[:ORIGINAL_CHARACTERS], "is_cut": len(message.text) > ORIGINAL_CHARACTERS,
    }  # fmt: skip
    return render(request, "desk/ticket/original.html", context)


@staff_page
@require_safe
def raw(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/messages/<id>/raw/`: the mail byte for byte, as a plain text file."""
    message = find_message(request.principal, pk)
    row = _source_of(message)
    if row is None:
        raise Http404
    name = f"{message.ticket.number}-{message.pk}.eml.txt"
    return send_bytes(raw_bytes(row), filename=name, content_type="text/plain")


@staff_page
@require_safe
def all_files(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/messages/<id>/files.zip`: its attachments as one zip."""
    message = find_message(request.principal, pk)
    rows = list(message.attachments.order_by("created_at", "filename"))
    if not rows:
        raise Http404
    entries: list[tuple[str, Callable[[], BinaryIO]]] = [
        (row.filename, partial(files.open_file, row.storage_key)) for row in rows
    ]
    return send_zip(request, entries, filename=f"{message.ticket.number}-{message.pk}.zip")


@staff_page
@require_safe
def attachment(request: StaffRequest, pk: uuid.UUID) -> HttpResponseBase:
    """`/desk/attachments/<id>/`: checks that it may be seen, then leads to its address of five minutes."""
    found = Attachment.objects.visible_to(request.principal).filter(pk=pk).first()
    if found is None:
        raise Http404
    return HttpResponseRedirect(signed_url(found, principal=request.principal))


@staff_page
@require_POST
def held(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What becomes of a held message: `act` is accept, join (its sender joins the ticket) or move (a new ticket)."""
    message = find_message(request.principal, pk)
    require(request.principal, "message.accept", message)
    act, by, number = request.POST.get("act", ""), request.principal.actor, message.ticket.number
    if act == "move" and not message.is_side:
        try:
            new, event = move(message, by=by)
        except CannotMove:
            return answer(request, number, answers.TIMELINE, said=_("It is no longer there."))
        address = reverse("desk:ticket", args=[new.number]) + f"?moved={event.pk}"
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
    try:
        if message.is_side:
            accept_side(message, by=by, join=act == "join")
        else:
            accept_held(message, by=by, join=act == "join")
    except WrongCircle:
        text = _("The sender takes part in the ticket itself, or has no mail address that we know.")
        return answer(request, number, answers.HEAD, refusal=Refusal("person", _("Side thread"), text), status=422)
    except TooManyParticipants:
        refusal = Refusal("person", _("In copy"), _("A ticket has at most 48 people from outside."))
        return answer(request, number, answers.HEAD, refusal=refusal, status=422)
    parts = (answers.TIMELINE, answers.HEAD, answers.CONTEXT, answers.RECIPIENTS)
    return answer(request, number, *parts, said=_("The message is accepted."), anchor=f"m{message.pk}")

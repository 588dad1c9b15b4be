"""What an attached file looks like before it is downloaded: the first pages of a PDF, the first lines of a text."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Attachment
from tresen.core.tickets.preview_models import Preview
from tresen.core.tickets.previews import PDF, drawn_page, first_lines, has_preview, page_is_gone, preview_of
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.kit import clock, files
from tresen.kit.downloads import send_file
from tresen.kit.pages import page_or_fragment

# After so many seconds it is said that drawing takes long.
LONG_SECONDS = 30


@staff_page
@require_safe
def preview(request: StaffRequest, pk: uuid.UUID) -> HttpResponseBase:
    """`/desk/attachments/<id>/preview/`: the first time a job is asked to draw it; until that is done it says so."""
    file = _find(request.principal, pk)
    context: dict[str, Any] = {"file": file, "ticket": file.message.ticket if file.message else None}
    if file.content_type == PDF:
        found = preview_of(file)
        context |= {"preview": found, **_waiting(found)}
    else:
        try:
            context["text"], context["is_cut"] = first_lines(file)
        except FileNotFoundError as gone:
            raise Http404 from gone
    return page_or_fragment(request, "desk/ticket/preview_page.html", "desk/ticket/preview.html", context)


@staff_page
@require_safe
def page(request: StaffRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """`/desk/attachments/<id>/pages/<n>/`: a drawn page; an empty 404 whatever the reason why there is none."""
    file = _find(request.principal, pk)
    picture = drawn_page(file, number)
    if picture is None:
        return HttpResponseNotFound()
    try:
        stored = files.open_file(picture["key"])
    except FileNotFoundError:
        page_is_gone(file, picture["key"])
        return HttpResponseNotFound()
    return send_file(request, stored, size=picture["size"], filename="page.png", content_type="image/png")


def _waiting(found: Preview) -> dict[str, Any]:
    """In how many seconds to ask whether it is drawn, the rarer the longer it takes, and whether that is said."""
    waited = (clock.now() - found.asked_at).total_seconds()
    return {"delay": 1 if waited < 5 else 3 if waited < LONG_SECONDS else 15, "is_long": waited >= LONG_SECONDS}


def _find(principal: Principal, pk: uuid.UUID) -> Attachment:
    found = Attachment.objects.visible_to(principal).filter(pk=pk, message__isnull=False)
    file = found.select_related("message__ticket").first()
    if file is None or not has_preview(file):
        raise Http404
    return file

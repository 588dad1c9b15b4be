"""What the desk answers after something was done to a ticket: the parts that changed, or the page again."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tresen.core.people.principals import principal_of
from tresen.core.tickets.operation_models import Operation
from tresen.faces.desk.ticket.fields import Conflict, Refusal
from tresen.faces.desk.ticket.reading import TicketPage, read_page
from tresen.faces.desk.ticket.writing import Composer
from tresen.kit import notices
from tresen.kit.pages import wants_fragment

HEAD, TAIL, TIMELINE = "desk/ticket/head.html", "desk/ticket/tail.html", "desk/ticket/timeline.html"
COMPOSER, RECIPIENTS, CONTEXT = "desk/ticket/composer.html", "desk/ticket/recipients.html", "desk/ticket/context.html"
TOAST, SHARED = "desk/operations/toast.html", "desk/ticket/shared_drafts.html"
START = "/desk/"


def undo_url(operation: Operation | None) -> str:
    """Where its undo is asked for; nothing when it changed nothing."""
    return reverse("desk:operation-undo", args=[operation.pk]) if operation and operation.pk else ""


def page_context(page: TicketPage, *, draft: Composer | None = None, sent: str = "", **more: Any) -> dict[str, Any]:
    """What the templates of a ticket read. `draft`: what stands in the composer, else what the agent's drafts say;
    `sent`: the tab that has just been sent."""
    return {"page": page, "draft": draft or SimpleLazyObject(lambda: page.composer(sent=sent)), **more}


def answer(
    request: HttpRequest, number: str, *parts: str, said: str = "", draft: Composer | None = None, sent: str = "",
    conflict: Conflict | None = None, refusal: Refusal | None = None, status: int = 200, anchor: str = "",
    operation: Operation | None = None, is_shown: bool = False, posted: bool = False,
) -> HttpResponse:  # fmt: skip
    """The changed parts for htmx; without it a redirect to the ticket, or its page when something is wrong.

    `said` is announced or stands on the next page; with `operation` it is shown beside its undo, with `is_shown`
    without one; `posted`: what stood in the composer came along. An agent who no longer sees the ticket is led to
    the list.
    """
    try:
        page = read_page(principal_of(request), number)
    except Http404:
        return _gone(request, said)
    context = page_context(page, draft=draft, sent=sent, conflict=conflict, refusal=refusal, posted=posted)
    if wants_fragment(request):
        undo = undo_url(operation)
        context |= {"parts": (*parts, TOAST) if undo else parts, "oob": True, "undo": undo, "said": said}
        response = render(request, "desk/ticket/parts.html", context, status=status)
        triggers: dict[str, Any] = {"ticket-changed": {"number": page.number}} if status == 200 else {}
        if said:
            triggers["tresen:toast" if is_shown else "tresen:announce"] = {"text": said}
        if triggers:
            response["HX-Trigger"] = json.dumps(triggers)
        return response
    if status == 200:
        if said:
            undo = undo_url(operation)
            notices.tell(request, said, act=(_("Undo"), undo, {"ticket": page.number}) if undo else None)
        return HttpResponseRedirect(reverse("desk:ticket", args=[page.number]) + (f"#{anchor}" if anchor else ""))
    return render(request, "desk/ticket/page.html", context, status=status)


def _gone(request: HttpRequest, said: str) -> HttpResponse:
    """The change has taken the ticket out of the agent's sight: say so and go back to the list."""
    notices.tell(request, f"{said} {_('The ticket is no longer among those you see.')}".strip(), tone="info")
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": START})
    return HttpResponseRedirect(START)

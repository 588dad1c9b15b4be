"""Reading without a connection: the worker, the page it shows, and a plain copy of a ticket to be kept."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tresen.core.tickets.models import Message
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.offline.marks import MARK, mark_of
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import assets

MESSAGES, CHARACTERS = 30, 8000
SCRIPTS = ("desk/js/offline-shell.js", "desk/js/offline-store.js")


@staff_page
@require_safe
def worker(request: StaffRequest) -> HttpResponseBase:
    """`/desk/offline/worker.js`: our static script with the names of what it keeps; scope is `/desk/`."""
    if not mark_of(request):
        raise Http404
    kept = [*(static(name) for name in (*assets.styles("desk"), assets.SPRITE, *SCRIPTS)), reverse("desk:offline")]
    version = hashlib.sha256(f"{kept}{get_language()}".encode()).hexdigest()[:12]
    head = f"const KEPT = {json.dumps(kept)};\nconst VERSION = {json.dumps(version)};\n"
    head += f"const MARK = {json.dumps(reverse('desk:offline-mark'))};\n"
    response = HttpResponse(head + _worker_source(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = reverse("desk:start")
    return response


@cache
def _worker_source() -> str:
    found = finders.find("desk/js/offline-worker.js")
    return Path(str(found)).read_text()


@staff_page
@require_safe
def shell(request: StaffRequest) -> HttpResponseBase:
    """`/desk/offline/`: what this browser has kept. It holds nothing itself: a script draws it from what lies here."""
    return render(request, "desk/offline/shell.html", {"scripts": SCRIPTS[:1], "csrf_token": ""})


@staff_page
@require_safe
def mark(request: StaffRequest) -> HttpResponseBase:
    """`/desk/offline/mark/`: the mark of this session as it is now."""
    return JsonResponse({"mark": mark_of(request)})


@staff_page
@require_safe
def ticket(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/offline/tickets/<number>/`: the ticket as text, for a browser that keeps it."""
    now = mark_of(request)
    if not now:
        raise Http404
    found = find_ticket(request.principal, number)
    messages = Message.objects.visible_to(request.principal).filter(ticket=found).order_by("-created_at", "-pk")
    latest = list(messages.defer("html", "html_source")[:MESSAGES])
    context = {"ticket": found, "messages": latest[::-1], "characters": CHARACTERS}
    response = render(request, "desk/offline/ticket.html", context)
    response.headers[MARK] = now
    return response

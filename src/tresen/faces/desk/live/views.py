"""The live desk: who may listen, what is new for who only asks, who is looking at a ticket."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.principals import principal_of
from tresen.core.people.viewers import viewers_of_agents
from tresen.core.tickets.numbers import read_number
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.lists.pane import read_rows, source_of
from tresen.faces.desk.live.stream import DOOR, Admission, Door
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit.crypto import token_hash
from tresen.kit.requests import is_from_own_page
from tresen.service.live.cursor import Cursor, WrongCursor, read_cursor
from tresen.service.live.models import PresenceState
from tresen.service.live.presence import be_present, leave_ticket, others_on
from tresen.service.live.resume import newest, news_since

TAB = re.compile(r"[0-9a-z]{8,40}")
MOST_ROWS = 200


@require_safe
def stream(request: HttpRequest) -> HttpResponseBase:
    """`/desk/live/stream/?after=`: who may listen. The line itself is kept open by stream.py, in front of Django; where
    that is not there (WSGI) the answer is 204, and browsers ask by `poll` instead.

    It takes a session's cookie and nothing else, from pages of ours: no other site, no token, no ticket may be named.
    """
    principal = principal_of(request)
    if principal.agent is None:
        if principal.kind == "nobody" and not request.user.is_authenticated:
            return HttpResponse(status=401)
        raise Http404
    if not is_from_own_page(request):
        return HttpResponse(status=403)
    try:
        after = _after(request)
    except WrongCursor:
        return HttpResponse(status=400)
    door = getattr(request, "scope", {}).get(DOOR)
    if not isinstance(door, Door) or request.method != "GET":
        return HttpResponse(status=204)
    door.admitted = Admission(token_hash(request.session.session_key or ""), principal.agent.pk, after)
    return HttpResponse(
        content_type="text/event-stream", headers={"X-Accel-Buffering": "no", "Cache-Control": "private, no-store"}
    )


def _after(request: HttpRequest) -> Cursor | None:
    """Where the browser was before. Raises WrongCursor, also for any other parameter: a stream can be asked for
    nothing in particular."""
    if set(request.GET) - {"after"}:
        raise WrongCursor("a parameter that is none")
    said = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return read_cursor(said) if said else None


@staff_page
@require_safe
def poll(request: StaffRequest) -> HttpResponseBase:
    """`/desk/live/poll/?after=`: the same news as one answer, and the cursor to ask with next."""
    agent = request.principal.agent
    try:
        after = _after(request)
    except WrongCursor:
        return HttpResponse(status=400)
    viewer = viewers_of_agents([agent.pk]).get(agent.pk) if agent else None
    if viewer is None:
        raise Http404
    if after is None:
        return JsonResponse({"cursor": str(newest())})
    news, here = news_since(viewer, after)
    return JsonResponse({"cursor": str(here), **news.as_data()})


@staff_page
@require_safe
def rows(request: StaffRequest) -> HttpResponseBase:
    """`/desk/live/rows/?view=&n=T1&n=T2`: those of the tickets that still belong into the list, as rows."""
    source = source_of(request)
    if source is None:
        raise Http404
    numbers = [plain for number in request.GET.getlist("n")[:MOST_ROWS] if (plain := read_number(number))]
    context = {"rows": read_rows(request, source, numbers), "source": source, "words": ()}
    return render(request, "desk/live/rows.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/live/presence/<number>/`: who else has the ticket open. With POST (`tab`, `state`) one says so oneself."""
    ticket, agent = find_ticket(request.principal, number), request.principal.agent
    if agent is None:
        raise Http404
    if request.method == "POST":
        tab, state = request.POST.get("tab", ""), request.POST.get("state", "")
        if not TAB.fullmatch(tab) or state not in PresenceState.values:
            return HttpResponse(status=400)
        be_present(ticket, agent=agent, tab=tab, state=state)
    return render(request, "desk/live/presence.html", {"others": others_on(ticket, but=agent)})


@staff_page
@require_POST
def leave(request: StaffRequest) -> HttpResponseBase:
    """`/desk/live/leave/`: the tab shows no ticket any more."""
    if request.principal.agent and TAB.fullmatch(request.POST.get("tab", "")):
        leave_ticket(agent=request.principal.agent, tab=request.POST["tab"])
    return HttpResponse(status=204)

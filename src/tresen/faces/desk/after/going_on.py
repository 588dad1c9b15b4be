"""What the desk shows when something was done to a ticket: the ticket still, the next one of its list, or the list."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.lists.counting import view_tickets
from tresen.faces.desk.lists.ordering import Order, Place, after, in_order
from tresen.faces.desk.lists.pane import Source, source_of
from tresen.kit.pages import wants_fragment
from tresen.service.preferences.after_action import after_action, choose_after_action
from tresen.service.preferences.models import Afterwards
from tresen.service.search.query import QueryError
from tresen.service.search.services import search_tickets

SEARCH = "search"
LOOKED_THROUGH = 50


def list_behind(request: HttpRequest) -> Source | None:
    """The list from which the ticket was opened: the form says it (`list`), the page htmx asks from, or the address."""
    if "list" in request.POST:
        return source_of(request, QueryDict(request.POST["list"][:700]))
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.current_url:
        return source_of(request, QueryDict(urlsplit(htmx.current_url).query[:2000]))
    return source_of(request)


def name_of(source: Source | None) -> str:
    """How a choice for that list is kept; empty without a list."""
    if source is None:
        return ""
    return source.view.slug if source.view else SEARCH


def wanted_after(request: HttpRequest, source: Source | None) -> str:
    """What comes after an action here; without a list there is only the ticket."""
    agent = principal_of(request).agent
    return after_action(agent, name_of(source)) if agent and source else str(Afterwards.STAY)


def remember(request: HttpRequest, source: Source) -> None:
    """Keeps what was chosen beside the button (`after`) for this list."""
    principal, then = principal_of(request), request.POST.get("after", "")
    if principal.agent and then in Afterwards.values:
        choose_after_action(principal.agent, then=then, by=principal.actor, view=name_of(source))


def go_on(
    request: HttpRequest, response: HttpResponse, before: Ticket, *, said: str = "", undo: str = ""
) -> HttpResponse:
    """Leads on from the answer to an action that is done, as the agent wants it; `before`: the ticket as it was, and
    so its place in the list. `said` stands beside the next ticket or the list, with the address of its `undo`; empty
    where the answer shows it by itself."""
    source = list_behind(request)
    if source is None or response.status_code not in (200, 204, 302):
        return response
    remember(request, source)
    then = wanted_after(request, source)
    if then == Afterwards.STAY:
        if response.status_code == 302:
            response["Location"] = _beside(response["Location"], source)
        return response
    following = next_number(source, principal_of(request), before) if then == Afterwards.NEXT else ""
    url = f"{reverse('desk:ticket', args=[following])}?{source.parameter}" if following else source.url
    if not wants_fragment(request):
        response["Location"] = url
    elif "HX-Redirect" in response:
        response["HX-Redirect"] = url
    else:
        facts = {"url": url, "number": following, "from": before.number, "then": then}
        response["HX-Trigger-After-Settle"] = json.dumps({"desk:go-on": facts})
        if said:
            told = render_to_string("desk/after/toast.html", {"said": said, "undo": undo}, request)
            response.content += told.encode()
    return response


def _beside(url: str, source: Source) -> str:
    """The ticket's address with the list beside it."""
    path, mark, anchor = url.partition("#")
    is_ticket = path.startswith(reverse("desk:ticket", args=["-"]).partition("-")[0]) and "?" not in path
    return f"{path}?{source.parameter}{mark}{anchor}" if is_ticket else url


def next_number(source: Source, principal: Principal, before: Ticket) -> str:
    """The number of the ticket that stood below this one; empty at the end of the list."""
    if source.view is None:
        return _next_found(source, principal, before)
    order = source.view.sorting
    below = in_order(view_tickets(source.view, principal), order).filter(after(order, _place(before, order)))
    return below.exclude(pk=before.pk).values_list("number", flat=True).first() or ""


def _place(before: Ticket, order: Order) -> Place:
    """Where the ticket stood in a list that is sorted like this."""
    values = []
    for key in order.keys:
        if key.read is not None:
            values.append(key.read(before))
            continue
        path = key.name if key.made_of is None else key.made_of.get_source_expressions()[0].name
        value: Any = before
        for part in path.split("__"):
            value = getattr(value, part, None)
        values.append("" if value is None else value)
    return Place(tuple(values))


def _next_found(source: Source, principal: Principal, before: Ticket) -> str:
    try:
        found: list[Any] = list(search_tickets(principal, source.query, limit=LOOKED_THROUGH, best=source.best).items)
    except QueryError:
        return ""
    numbers = [str(ticket.number) for ticket in found]
    at = numbers.index(before.number) if before.number in numbers else len(numbers)
    return next(iter(numbers[at + 1 :]), "")

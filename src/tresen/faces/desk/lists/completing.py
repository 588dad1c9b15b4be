"""What the search box shows while somebody types: how the line could go on, and what it finds already."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tresen.core.people.principals import Principal
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.lists.pane import MAX_QUERY
from tresen.service.search.completion import complete
from tresen.service.search.kinds import Found, Hit, SearchKind, found_beside
from tresen.service.search.query import QueryError
from tresen.service.search.services import first_tickets, parse_query

TICKETS = 5


@staff_page
@require_safe
def completions(request: StaffRequest) -> HttpResponseBase:
    """`/desk/search/complete/?q=&at=&asked=`: options for the search box. `at` is the caret, in characters; `asked`
    shows the fields also where the line may as well end."""
    line = request.GET.get("q", "").replace("\0", " ")[:MAX_QUERY]
    given = request.GET.get("at", "")
    at = min(int(given), len(line)) if given.isascii() and given.isdigit() and len(given) < 5 else len(line)
    offers = complete(line, at, request.principal, asked="asked" in request.GET)
    found = [] if offers and offers[0].whole else _found(request.principal, line)
    return render(request, "desk/lists/completions.html", {"offers": offers, "found": found})


def _found(principal: Principal, line: str) -> list[Found]:
    """The newest tickets the line finds, then people and organisations; nothing while it cannot be understood."""
    try:
        query = parse_query(line, principal)
        words = " ".join(query.words)
        tickets = first_tickets(principal, query, limit=TICKETS) if len(words) > 1 else []
    except QueryError:
        return []
    hits = [
        Hit(ticket.subject, ticket.shown_number, reverse("desk:ticket", args=[ticket.number])) for ticket in tickets
    ]
    first = [Found(SearchKind("tickets", _("Tickets"), "ticket", lambda *_: []), hits)] if hits else []
    return first + found_beside(principal, words)

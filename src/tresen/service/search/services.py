"""Searching tickets: the one way for the search box, the lists and the interface."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.service.search.compiling import compile_query
from tresen.service.search.facts import Facts
from tresen.service.search.fields import aliases_of, fields_for
from tresen.service.search.query import QueryError, parse
from tresen.service.search.tree import Query

# Beyond this many hits nobody counts on.
COUNT_LIMIT = 1000
MAX_LIMIT = 100

# The key of the last ticket that was shown, and the total; fifteen digits stay below what a database key can be.
_CURSOR = re.compile("([0-9a-f]{1,15})-([0-9a-f]{1,4})")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of found tickets, newest first. `next` is the cursor of the page after, None on the last.

    `total` counts all hits this reader may see up to `COUNT_LIMIT`; where `has_more_than_total`, there are more:
    "1,000+". `words` are the typed words, to be marked in what is shown.
    """

    items: list[Ticket]
    next: str | None
    total: int
    has_more_than_total: bool
    words: tuple[str, ...]


def parse_query(text: str, principal: Principal, *, typing: bool = True) -> Query:
    """Return the tree of a search line with the fields this reader may use.

    `typing`: the last word may be the beginning of one; not so in a line that is kept (saved views, rules). Raises
    `QueryError` with a message for the person and the place of the fault.
    """
    fields = fields_for(principal)
    return parse(text, fields, aliases=aliases_of(fields), typing=typing)


def apply_query(
    queryset: TicketQuerySet, query: str | Query, principal: Principal, *, now: datetime | None = None
) -> TicketQuerySet:
    """Return those tickets of the queryset that the search line asks for; the order stays as it is.

    The queryset must come from `Ticket.objects.visible_to(principal)`. Ages in the line count from `now`. Adds no query
    of its own, except one for each of team, assignee, tag, status … that is given by name. Raises `QueryError` with a
    message for the person.
    """
    tree = parse_query(query, principal) if isinstance(query, str) else query
    return queryset.filter(compile_query(tree, principal, now=now).q())


def predicate(
    query: str | Query, principal: Principal, *, now: datetime | None = None
) -> Callable[[Ticket | Facts], bool]:
    """Return the same line as a question to one ticket in memory: the two always agree.

    Give `Facts(ticket)` to ask several lines about the same ticket: what stands beside it is then read once. It does
    not say whether the reader may see the ticket. Compile anew when time has passed: ages count from `now`. Raises
    `QueryError`.
    """
    tree = parse_query(query, principal, typing=False) if isinstance(query, str) else query
    condition = compile_query(tree, principal, now=now)
    return lambda ticket: condition.holds(ticket if isinstance(ticket, Facts) else Facts(ticket))


def search_tickets(
    principal: Principal, query: str | Query, *, limit: int = 50, cursor: str | None = None
) -> SearchPage:
    """Return a page of the tickets that this reader may see and the search line asks for, newest first.

    At most `MAX_LIMIT` tickets a page. A line without words or fields finds nothing. Raises `QueryError` with a
    message for the person, also for a cursor that is none.
    """
    tree = parse_query(query, principal) if isinstance(query, str) else query
    if not tree.parts:
        return SearchPage([], None, 0, False, ())
    found = (
        apply_query(Ticket.objects.visible_to(principal), tree, principal).order_by("-pk").values_list("pk", flat=True)
    )
    limit = max(1, min(limit, MAX_LIMIT))
    # The index is asked once: the keys of all hits that count give the first page and the total.
    if cursor is None:
        keys = list(found[: max(COUNT_LIMIT, limit) + 1])
        total = len(keys)
    else:
        last, total = _read_cursor(cursor)
        keys = list(found.filter(pk__lt=last)[: limit + 1])
    shown = keys[:limit]
    return SearchPage(
        items=list(Ticket.objects.visible_to(principal).filter(pk__in=shown).with_row().order_by("-pk")),
        next=f"{shown[-1]:x}-{total:x}" if len(keys) > limit else None,
        total=min(total, COUNT_LIMIT),
        has_more_than_total=total > COUNT_LIMIT,
        words=tree.words,
    )


def first_tickets(principal: Principal, query: Query, *, limit: int) -> list[Ticket]:
    """Return the newest tickets that this reader may see and the line asks for, uncounted: number and subject alone."""
    found = apply_query(Ticket.objects.visible_to(principal), query, principal)
    return list(found.order_by("-pk").only("number", "subject")[:limit])


def _read_cursor(cursor: str) -> tuple[int, int]:
    """Return the key and total of a cursor. Raises `QueryError` for anything that `search_tickets` did not hand out."""
    read = _CURSOR.fullmatch(cursor)
    if not read:
        raise QueryError("bad_cursor", _("This page of the search no longer exists: please search again."))
    return int(read[1], 16), int(read[2], 16)

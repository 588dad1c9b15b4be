"""Searching tickets: the one way for the search box, the lists and the interface."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.kit.prepared import prepared
from tresen.service.search.analyser import Term
from tresen.service.search.compiling import compile_query, wanted_terms
from tresen.service.search.custom_kind import custom_fields, names_others
from tresen.service.search.facts import Facts
from tresen.service.search.fields import aliases_of, fields_for
from tresen.service.search.forgiving import forgiven
from tresen.service.search.health import while_searching
from tresen.service.search.query import QueryError, parse
from tresen.service.search.ranking import RANKED, best_first
from tresen.service.search.tree import Query

# Reads the tickets that are shown, by their keys: those that this reader may see, in any order.
Rows = Callable[[Principal, tuple[int, ...]], Iterable[Ticket]]
# Beyond this many hits nobody counts on.
COUNT_LIMIT = 1000
MAX_LIMIT = 100

# The key of the last ticket that was shown, with its rank in front where the best come first, and the total; fifteen
# digits stay below what a database key can be.
_CURSOR = re.compile(r"(?:([0-9a-f]{1,2})\.)?([0-9a-f]{1,15})-([0-9a-f]{1,4})")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of found tickets, newest or best first. `next` is the cursor of the page after, None on the last.

    `total` counts all hits this reader may see up to `COUNT_LIMIT`; where `has_more_than_total`, there are more:
    "1,000+". `words` are the words looked for, to be marked in what is shown. `forgiven` says which typed words were
    taken for which, because nothing was found by them. `query` is the line that was looked for in the end.
    """

    items: list[Ticket]
    next: str | None
    total: int
    has_more_than_total: bool
    words: tuple[str, ...]
    query: Query = field(default_factory=Query)
    forgiven: dict[str, str] = field(default_factory=dict)


def parse_query(text: str, principal: Principal, *, typing: bool = True) -> Query:
    """Return the tree of a search line with the fields this reader may use.

    `typing`: the last word may be the beginning of one; not so in a line that is kept (saved views, rules). Raises
    `QueryError` with a message for the person and the place of the fault.
    """
    fields = fields_for(principal)
    if names_others(text, fields, aliases_of(fields)):
        fields = {**custom_fields(principal), **fields}
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
    principal: Principal,
    query: str | Query,
    *,
    limit: int = 50,
    cursor: str | None = None,
    best: bool = False,
    forgive: bool = False,
    rows: Rows | None = None,
) -> SearchPage:
    """Return a page of the tickets that this reader may see and the search line asks for, newest first.

    `best`: those first whose subject has the words, among the newest 2,000. `forgive`: where nothing is found, misspelt
    words are taken for the nearest that something has. `rows` reads the tickets of the page. At most `MAX_LIMIT`
    tickets a page. A line without words or fields finds nothing. Raises `QueryError` with a message for the person,
    also for a cursor that is none.
    """
    tree = parse_query(query, principal) if isinstance(query, str) else query
    if not tree.parts:
        return SearchPage([], None, 0, False, ())
    limit = max(1, min(limit, MAX_LIMIT))
    with while_searching():
        page = _page(principal, tree, limit, cursor, best, rows)
        # What was found by the nearest words goes on by them: the line of the next page is the mended one.
        if not page.total and forgive and (nearest := forgiven(tree, principal)):
            found = _page(principal, nearest[0], limit, None, best, rows)
            return replace(found, forgiven=nearest[1]) if found.items else page
    return page


@prepared
def _with_row(principal: Principal, keys: tuple[int, ...]) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(principal).filter(pk__in=keys).with_row()


def _page(
    principal: Principal, tree: Query, limit: int, cursor: str | None, best: bool, rows: Rows | None
) -> SearchPage:  # fmt: skip
    found = (
        apply_query(Ticket.objects.visible_to(principal), tree, principal).order_by("-pk").values_list("pk", flat=True)
    )
    rank, last, total = _read_cursor(cursor) if cursor is not None else (None, None, 0)
    terms = wanted_terms(tree) if best else []
    if terms and (last is None or rank is not None):
        shown, following, total = _ranked(found, terms, limit, (rank or 0, last) if last is not None else None)
    else:
        # The index is asked once: the keys of all hits that count give the first page and the total.
        keys = list(found[: max(COUNT_LIMIT, limit) + 1] if last is None else found.filter(pk__lt=last)[: limit + 1])
        total = len(keys) if last is None else total
        shown = keys[:limit]
        following = f"{shown[-1]:x}-{total:x}" if len(keys) > limit else None
    tickets = (rows or _with_row.rows)(principal, tuple(shown))
    place = {key: number for number, key in enumerate(shown)}
    return SearchPage(
        items=sorted(tickets, key=lambda ticket: place[ticket.pk]),
        next=following,
        total=min(total, COUNT_LIMIT),
        has_more_than_total=total > COUNT_LIMIT,
        words=tree.words,
        query=tree,
    )


def _ranked(
    found: QuerySet[Any, int], terms: list[Term], limit: int, after: tuple[int, int] | None
) -> tuple[list[int], str | None, int]:
    """Keys of a page of the best, the cursor behind it, and the total. Behind the ranked ones come the older ones."""
    keys = list(found[: RANKED + 1])
    total = min(len(keys), COUNT_LIMIT + 1)
    ranked = best_first(keys[:RANKED], terms)
    if after is not None:
        ranked = [place for place in ranked if place < after]
    shown = ranked[:limit]
    if len(ranked) > limit:
        return [key for _score, key in shown], f"{shown[-1][0]:x}.{shown[-1][1]:x}-{total:x}", total
    older = f"{keys[RANKED - 1]:x}-{total:x}" if len(keys) > RANKED else None
    return [key for _score, key in shown], older, total


def first_tickets(principal: Principal, query: Query, *, limit: int) -> list[Ticket]:
    """Return the newest tickets that this reader may see and the line asks for, uncounted: number and subject alone."""
    found = apply_query(Ticket.objects.visible_to(principal), query, principal)
    with while_searching():
        return list(found.order_by("-pk").only("number", "subject")[:limit])


def _read_cursor(cursor: str) -> tuple[int | None, int, int]:
    """Return rank (None where the newest come first), key and total of a cursor. Raises `QueryError` for anything that
    `search_tickets` did not hand out."""
    read = _CURSOR.fullmatch(cursor)
    if not read:
        raise QueryError("bad_cursor", _("This page of the search no longer exists: please search again."))
    return None if read[1] is None else int(read[1], 16), int(read[2], 16), int(read[3], 16)

"""The list as a part of a page: what its templates read. The ticket page shows it beside the ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tresen.core.people.models import Brand
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.numbers import misheard_number, show_number
from tresen.faces.desk.lists.column import column_of
from tresen.faces.desk.lists.counting import CAP, count_text, count_view, is_longer, view_tickets
from tresen.faces.desk.lists.heads import Heads
from tresen.faces.desk.lists.ordering import MOST_SORTED, ORDERS, read_cursor
from tresen.faces.desk.lists.own_columns import own_fields, own_order
from tresen.faces.desk.lists.reading import PAGE, Page, Row, cells_of, read_view, rows_of, with_cells
from tresen.faces.desk.lists.table import View
from tresen.kit import clock
from tresen.kit.addresses import address
from tresen.kit.prepared import prepared
from tresen.service.search.excerpts import excerpts
from tresen.service.search.kinds import Found, found_beside
from tresen.service.search.query import QueryError, normalise
from tresen.service.search.services import SearchPage, search_tickets
from tresen.service.views.choices import DEFAULT_COLUMNS, OWN, Sort, own_slug

MAX_QUERY = 500


@dataclass(frozen=True)
class Source:
    """Where a list comes from: a view (also a team's) or a search line."""

    view: View | None = None
    query: str = ""
    # The best hits of a search first, not the newest.
    best: bool = False
    # The order that the address asks for (Sort); the view has it already. Empty: as the view has it.
    sort: str = ""
    # Fields of the desk's own that its columns and its order name.
    own: tuple[CustomField, ...] = field(default=(), compare=False)

    @property
    def parameter(self) -> str:
        """How a ticket's address names the list beside it: `view=mine`, `view=team-netz&sort=oldest`, `q=vpn`."""
        if self.view:
            return urlencode({"view": self.view.slug, **({"sort": self.sort} if self.sort else {})})
        return urlencode({"q": self.query, **({"order": "best"} if self.best else {})})

    @property
    def line(self) -> str:
        """What stands in the search box: the line that was typed, or that of a saved view."""
        return self.view.saved.query if self.view and self.view.saved else self.query

    @property
    def columns(self) -> tuple[str, ...]:
        """What its rows show."""
        return self.view.columns if self.view else DEFAULT_COLUMNS

    @property
    def own_columns(self) -> list[CustomField]:
        """Those of its columns that are fields of the desk's own."""
        return [field for field in self.own if OWN + field.slug in self.columns]

    @property
    def marks(self) -> str:
        """What the style sheet knows its columns by."""
        own = (f"f{n}" for n, _field in enumerate(self.own_columns, 1))
        return " ".join((*(name for name in self.columns if not own_slug(name)), *own))

    @property
    def url(self) -> str:
        """The list's own address."""
        if self.view is None:
            return f"{address('desk:search')}?{self.parameter}"
        sort = f"?{urlencode({'sort': self.sort})}" if self.sort else ""
        if self.view.slug.startswith("team-"):
            return address("desk:team", self.view.slug.removeprefix("team-")) + sort
        return address("desk:view", self.view.slug) + sort

    def sorted_by(self, sort: str) -> Source:
        """The same view in another order, with the fields that it shows; a word that is none leaves the view's own."""
        if self.view is None:
            return self
        own = self.own or own_fields(self.columns, sort or self.view.own_sort)
        wanted = ORDERS.get(sort) or own_order(sort, own)
        order = wanted or own_order(self.view.own_sort, own) or self.view.order
        view = replace(self.view, order=order, own_sort="")
        return replace(self, view=view, sort=sort if wanted else self.sort, own=own)


@dataclass(frozen=True)
class ViewLink:
    """An entry of the views' column."""

    slug: str
    label: str
    url: str
    icon: str
    count: str
    current: bool

    @property
    def hue(self) -> str:
        """Marks of a status have their colour, the others none."""
        return self.icon if self.icon.startswith("st-") else ""


@dataclass(frozen=True)
class Pane:
    """A list ready to be drawn: its source, rows, how many there are in all, and what went wrong with a search."""

    source: Source
    page: Page
    total: str
    number: int = 0
    words: tuple[str, ...] = ()
    # Too long for orders without an index.
    is_long: bool = False
    fault: str = ""
    # The line before, at and behind the place that is not understood; empty where no place is to blame.
    fault_at: tuple[str, str, str] | None = None
    # The line is a ticket number that can be none, as it is shown.
    misheard: str = ""
    # What was typed and found nothing, and what was looked for instead; the source has the line with the latter.
    forgiven: tuple[tuple[str, str], ...] = ()
    # People, organisations … found by the same words.
    beside: tuple[Found, ...] = ()

    @property
    def heads(self) -> Heads:
        """Its columns, and the orders it can have."""
        view = self.source.view
        group = view.group.slug if view and view.group else ""
        return Heads(
            self.source.columns, self._address, view.sort if view else "", group, self.is_long, self.source.own_columns
        )

    def _address(self, sort: str) -> str:
        return self.source.sorted_by(sort).url

    @property
    def other_order(self) -> Source | None:
        """The same search in the other order; None where there is but one."""
        return replace(self.source, best=not self.source.best) if self.words and self.number > 1 else None

    @property
    def older_url(self) -> str:
        """The page after this one; empty on the last."""
        joint = "&" if "?" in self.source.url else "?"
        return f"{self.source.url}{joint}{urlencode({'after': self.page.next})}" if self.page.next else ""


def source_of(request: HttpRequest, named: QueryDict | None = None) -> Source | None:
    """The list that a ticket's address names (`view=` or `q=`), or None; `named`: an address other than this one's."""
    given = request.GET if named is None else named
    if slug := given.get("view", ""):
        view = column_of(request).find(slug)
        return Source(view).sorted_by(given.get("sort", "")) if view else None
    query = given.get("q", "").replace("\0", "").strip()
    return Source(query=query[:MAX_QUERY], best=given.get("order") == "best") if query else None


def wants_best(request: HttpRequest) -> bool:
    """Whether the address of a search asks for the best hits first."""
    return request.GET.get("order") == "best"


def counts_of(request: HttpRequest) -> dict[str, int]:
    """The counts of all views, asked once a request (the rail's badge and the views' column share them)."""
    return column_of(request).counts


def list_context(request: HttpRequest, source: Source | None = None, *, cursor: str = "") -> dict[str, Any]:
    """What `desk/lists/views.html` and `desk/lists/pane.html` read; empty when the address names no list.

    The ticket page adds it to its own context: `{**page_context(page), **list_context(request)}`.
    """
    source = source or source_of(request)
    if source is None:
        return {}
    pane = read_pane(request, source, cursor=cursor)
    view = source.view
    may_edit = view is not None and (not view.saved or can(principal_of(request), "view.change", view.saved))
    solved = next(iter(_solved.rows(principal_of(request))), None)
    return {
        "may_edit_view": may_edit,
        "may_bulk": can(principal_of(request), "bulk.begin"),
        "solved": solved,
        "pane": pane,
        **views_context(request, source),
        "since": clock.now().isoformat(),
    }


@prepared
def _solved(principal: Principal) -> QuerySet[Status]:
    found = Status.objects.visible_to(principal).filter(category="solved", is_default=True)
    return found.order_by("position", "pk")[:1]


def views_context(request: HttpRequest, source: Source | None) -> dict[str, Any]:
    """The entries of the views' column: `views`, `teams` and `saved_views`."""
    column, here = column_of(request), source.view.slug if source and source.view else ""
    parts = {"views": column.built_in, "teams": column.teams, "saved_views": column.saved}
    return {name: [_link(view, column.counts.get(view.slug), here) for view in views] for name, views in parts.items()}


def _link(view: View, count: int | None, here: str) -> ViewLink:
    shown = "" if count is None else count_text(count)
    return ViewLink(view.slug, str(view.label), Source(view).url, view.icon, shown, view.slug == here)


def read_pane(request: HttpRequest, source: Source, *, cursor: str = "", counted: bool = True) -> Pane:
    """The rows of a list from a cursor on and, if they are `counted`, how many there are in all."""
    principal = principal_of(request)
    view = source.view
    if view is None:
        return _search(principal, source, cursor)
    if view.fault:
        return Pane(source, Page([]), "", fault=view.fault)
    count = _count(request, view) if counted else None
    begun = _begun(source, cursor) if cursor else None
    # Behind a cursor the order is the one that the page before had, however long the list is by now.
    is_long = False if begun and count is None else _is_long(view, principal, count)
    if begun:
        source = begun
    elif is_long and view.order.bounded:
        source = source.sorted_by(Sort.CHANGED)
    view = source.view
    assert view is not None
    page = read_view(view, principal, cursor=cursor, own=bool(source.own))
    if count is None:
        return Pane(source, page, "", words=view.words)
    return Pane(source, page, count_text(count), count, view.words, is_long)


def _count(request: HttpRequest, view: View) -> int:
    count = counts_of(request).get(view.slug)
    return count_view(view, principal_of(request)) if count is None else count


def _begun(source: Source, cursor: str) -> Source | None:
    """The list in the order in which the cursor was handed out; None for a cursor that is not of this list."""
    for one in (source, source.sorted_by(Sort.CHANGED)):
        if one.view and read_cursor(cursor, one.view.slug, one.view.sorting):
            return one
    return None


def _is_long(view: View, principal: Principal, count: int | None) -> bool:
    """Counts end at CAP, so a list that has so many is asked. One that is not counted (the rows behind a cursor) shows
    no orders: there it matters only where it is in one of those that are bounded."""
    if count is None and not view.order.bounded:
        return False
    if count is not None and count < CAP:
        return count > MOST_SORTED
    return is_longer(view, principal, than=MOST_SORTED)


def _search(principal: Principal, source: Source, cursor: str) -> Pane:
    if not source.query:
        return Pane(source, Page([]), "")
    try:
        found = search_tickets(
            principal, source.query, limit=PAGE, cursor=cursor or None, best=source.best, forgive=True, rows=cells_of
        )
    except QueryError as wrong:
        if wrong.code == "bad_cursor":
            return _search(principal, source, "")
        return Pane(source, Page([]), "0", fault=str(wrong), fault_at=_at_fault(source.query, wrong))
    for typed, meant in found.forgiven.items():
        source = replace(source, query=source.query.replace(typed, meant))
    cut = excerpts(found.items, found.query, principal)
    rows = [replace(row, excerpt=cut.get(row.ticket.pk, "")) for row in rows_of(found.items, principal)]
    return Pane(
        source, Page(rows, found.next or ""), _total(found), found.total, found.words,
        misheard="" if found.items else _misheard(principal, source.query), forgiven=tuple(found.forgiven.items()),
        beside=() if cursor else tuple(found_beside(principal, " ".join(found.words))),
    )  # fmt: skip


def _total(found: SearchPage) -> str:
    number = number_format(found.total, force_grouping=True)
    return _("%(number)s+") % {"number": number} if found.has_more_than_total else number


def _at_fault(query: str, fault: QueryError) -> tuple[str, str, str] | None:
    if fault.span is None:
        return None
    line, (start, end) = normalise(query), fault.span
    return line[:start], line[start:end], line[end:]


def _misheard(principal: Principal, query: str) -> str:
    """The number of a line that has the letters of a brand but a check digit that does not fit, as it is shown.

    Other letters with digits are names of things (`HP 3055`), which are simply not found.
    """
    number = misheard_number(bare_number(query))
    if number is None:
        return ""
    letters = number.rstrip("0123456789")
    return show_number(number) if Brand.objects.visible_to(principal).filter(letters=letters).exists() else ""


def bare_number(query: str) -> str:
    """A search line without what people write around a ticket number."""
    return query.strip("[]# ").removeprefix("number:")


def read_row(request: HttpRequest, source: Source, number: str) -> Row | None:
    """One row of the list anew, or None for a ticket this agent does not see."""
    principal = principal_of(request)
    found = Ticket.objects.visible_to(principal).filter(number=number)
    ticket = with_cells(found, own=bool(source.own)).first()
    return rows_of([ticket], principal)[0] if ticket else None


def read_rows(request: HttpRequest, source: Source, numbers: Sequence[str]) -> list[Row]:
    """Those of these tickets that belong into the list now; of a search those that the agent sees."""
    principal = principal_of(request)
    tickets = view_tickets(source.view, principal) if source.view else Ticket.objects.visible_to(principal)
    found = list(with_cells(tickets.filter(number__in=numbers), own=bool(source.own)))
    if "tags" in source.columns:
        prefetch_related_objects(found, "tags")
    return rows_of(found, principal)

"""Which tickets somebody has selected: by number, or everything that a list holds. It goes along from step to step in
the form, so it works without a script and after a reload."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.faces.desk.access import StaffRequest
from tresen.faces.desk.lists.column import column_of
from tresen.faces.desk.lists.counting import view_tickets
from tresen.faces.desk.lists.pane import MAX_QUERY, Source
from tresen.service.search.services import apply_query, parse_query

MOST_NUMBERS = 2000


@dataclass(frozen=True)
class Selection:
    """`numbers` of tickets, or with `is_all` every ticket of `source`; `source` is where one came from."""

    numbers: tuple[str, ...]
    is_all: bool
    source: Source | None

    @property
    def is_empty(self) -> bool:
        """Nothing was selected."""
        return not self.numbers and not (self.is_all and self.source)

    def tickets(self, request: StaffRequest) -> TicketQuerySet:
        """The tickets, as far as they can be seen. Raises QueryError for a search line that means nothing."""
        seen = Ticket.objects.visible_to(request.principal)
        if not self.is_all or self.source is None:
            return seen.filter(number__in=self.numbers)
        if self.source.view is not None:
            return view_tickets(self.source.view, request.principal)
        return apply_query(seen, parse_query(self.source.query, request.principal), request.principal)


def read_selection(request: StaffRequest) -> Selection:
    """The selection that a form carries: `ticket` (several), `all`, and `from`, the list's own parameter."""
    numbers = [plain for number in request.POST.getlist("ticket")[:MOST_NUMBERS] if (plain := read_number(number))]
    return Selection(tuple(dict.fromkeys(numbers)), bool(request.POST.get("all")), _source(request))


def _source(request: StaffRequest) -> Source | None:
    came_from = QueryDict(request.POST.get("from", "")[:1500])
    if slug := came_from.get("view", ""):
        view = column_of(request).find(slug)
        return Source(view) if view else None
    query = came_from.get("q", "").replace("\0", "").strip()
    return Source(query=query[:MAX_QUERY]) if query else None

"""What a list shows: counts of all views in one query, a page of rows by key, what is unread."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import ACTIVE, Ball, Channel, MessageKind, Priority
from tresen.core.tickets.marks import marks_on
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.faces.desk.lists.counting import Asked, asked_of, asked_tickets, view_tickets
from tresen.faces.desk.lists.ordering import Group, Order, Place, after, in_order, read_cursor, write_cursor
from tresen.faces.desk.lists.table import View
from tresen.kit.prepared import prepared
from tresen.spine.events.models import Event

PAGE = 50
NEWS = 100
TEAMS = 30
CELLS = (
    "number", "subject", "status__names", "status__slug", "status__position", "status_category", "ball", "priority",
    "type", "level", "category__names", "category__trails", "category__slug", "channel", "team__name",
    "assignee__user__name",
    "requester__name", "requester__is_vip", "organisation__name", "organisation__is_vip", "language",
    "last_message_at", "last_text", "last_author", "last_kind", "is_undelivered", "created_at", "updated_at",
    "ball_since", "due_at", "clock_strip__due_at", "clock_strip__warn_at", "clock_strip__rests", "clock_strip__metric",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A ticket as one line of a list."""

    ticket: Ticket
    unread: bool
    mine: bool
    # Who wrote last, unless it was the requester: "you", a name, or nobody.
    by_me: bool
    speaker: str
    # The agent has begun to write something on it.
    begun: bool = False
    # The heading that begins with this row, if one does.
    heading: str = ""
    # Where a search found it, in place of the beginning of the last message.
    excerpt: str = ""

    @property
    def priority(self) -> str:
        """Its word. Straight from the list of choices: a row is drawn fifty times a page."""
        return str(Priority(self.ticket.priority).label)

    @property
    def channel(self) -> str:
        """The way in, as a word."""
        return str(Channel(self.ticket.channel).label)

    @property
    def paused(self) -> bool:
        """Somebody else has to act before we do."""
        return self.ticket.status_category in ACTIVE and self.ticket.ball != Ball.US

    @property
    def finished(self) -> bool:
        """Solved or closed."""
        return self.ticket.status_category not in ACTIVE


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor of the page after (empty on the last)."""

    rows: list[Row]
    next: str = ""


def teams_of(principal: Principal) -> list[Team]:
    """The own teams; for an administrator without a team every one."""
    return [team for team in principal.teams if team.is_active][:TEAMS]


def read_view(view: View, principal: Principal, *, cursor: str = "", own: bool = False) -> Page:
    """A page of a view after the cursor; `own`: with the desk's own fields. A cursor that we have not handed out gives
    the first page."""
    place = read_cursor(cursor, view.slug, view.sorting) if cursor else None
    # The keys first: what is sorted stays narrow, and only the rows of this page are read whole.
    keys = _keys_of(view, principal, place)
    shown = _rows_with.rows(principal, tuple(keys[:PAGE]), view.sorting, own)
    if "tags" in view.columns:
        prefetch_related_objects(shown, "tags")
    rows, heading = _under_headings(rows_of(shown, principal), view.group, place.heading if place else "")
    more = write_cursor(view.slug, view.sorting, shown[-1], heading) if len(keys) > PAGE and shown else ""
    return Page(rows, more)


def _keys_of(view: View, principal: Principal, place: Place | None) -> list[int]:
    """The keys of a page's tickets, and of one more where there are more."""
    asked, values = asked_of(view, principal), place.values if place else ()
    if asked is not None and all(isinstance(value, datetime) for value in values[:-1]):
        return _page_keys.rows(principal, asked, view.sorting, values)
    found = in_order(view_tickets(view, principal), view.sorting)
    if place is not None:
        found = found.filter(after(view.sorting, place))
    return list(found.values_list("pk", flat=True)[: PAGE + 1])


@prepared
def _page_keys(principal: Principal, asked: Asked, order: Order, values: tuple[Any, ...]) -> QuerySet[Any, int]:
    found = in_order(asked_tickets(principal, asked), order)
    if values:
        found = found.filter(after(order, Place(values)))
    return found.values_list("pk", flat=True)[: PAGE + 1]


@prepared
def _rows_with(principal: Principal, keys: tuple[int, ...], order: Order, own: bool) -> QuerySet[Ticket]:
    return in_order(with_cells(Ticket.objects.visible_to(principal).filter(pk__in=keys), own=own), order)


@prepared
def _cells(principal: Principal, keys: tuple[int, ...]) -> QuerySet[Ticket]:
    return with_cells(Ticket.objects.visible_to(principal).filter(pk__in=keys))


def cells_of(principal: Principal, keys: tuple[int, ...]) -> list[Ticket]:
    """Those of these tickets that this agent may see, with what a row shows, in no order."""
    return _cells.rows(principal, keys)


def with_cells(tickets: TicketQuerySet, *, own: bool = False) -> TicketQuerySet:
    """With what a row shows and nothing else: fifty whole contacts a page would cost more than all the rest. `own`: and
    the desk's own fields."""
    beside = ("status", "category", "team", "assignee__user", "requester", "organisation", "clock_strip")
    return tickets.select_related(*beside).only(*CELLS, *(("fields",) if own else ()))


def _under_headings(rows: list[Row], group: Group | None, last: str) -> tuple[list[Row], str]:
    """The rows, with a heading wherever a new one begins, and the one that stood last. `last`: of the page before."""
    if group is None:
        return rows, ""
    headed = []
    for row in rows:
        mark, words = group.heading(row.ticket)
        headed.append(replace(row, heading=words) if mark != last else row)
        last = mark
    return headed, last


def rows_of(tickets: Sequence[Ticket], principal: Principal) -> list[Row]:
    """The tickets as lines; one query tells which of them hold something unread, or something begun."""
    agent = principal.agent
    if agent is None:
        return []
    active = [t.pk for t in tickets if t.status_category in ACTIVE]
    unread, begun = marks_on([t.pk for t in tickets], active=active, agent=agent)
    return [_row(ticket, agent, unread, begun) for ticket in tickets]


def _row(ticket: Ticket, agent: Agent, unread: Set[int], begun: Set[int]) -> Row:
    author, ours = ticket.last_author, ticket.last_kind != MessageKind.RECEIVED
    by_me = ours and author == agent.user.name
    speaker = author if author != ticket.requester.name and not by_me else ""
    return Row(
        ticket=ticket, unread=ticket.pk in unread, mine=ticket.assignee_id == agent.pk, by_me=by_me,
        speaker=speaker.split(" ")[0] if ours else speaker, begun=ticket.pk in begun,
    )  # fmt: skip


def count_news(view: View, principal: Principal, *, since: datetime) -> int:
    """How many tickets of the view others have changed since then; stops at NEWS."""
    if principal.agent is None:
        return 0
    mine = Event.objects.filter(
        stream_kind="ticket", stream_id=OuterRef("pk"), actor_kind="agent", actor_id=principal.agent.pk,
        at__gte=OuterRef("updated_at"),
    )  # fmt: skip
    changed = view_tickets(view, principal).filter(updated_at__gt=since).exclude(Exists(mine))
    return len(changed.order_by().values_list("pk", flat=True)[:NEWS])

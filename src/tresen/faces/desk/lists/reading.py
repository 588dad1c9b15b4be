"""What a list shows: counts of all views in one query, a page of rows by key, what is unread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_datetime

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import ACTIVE, Ball, Channel, MessageKind, Priority
from tresen.core.tickets.marks import unread_tickets
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.faces.desk.lists.counting import CappedCount
from tresen.faces.desk.lists.table import ACTIVE_ONLY, VIEWS, Order, View, awake
from tresen.spine.events.models import Event

PAGE = 50
NEWS = 100
TEAMS = 30
_CURSOR_SALT = "desk.list"


@dataclass(frozen=True)
class Row:
    """A ticket as one line of a list."""

    ticket: Ticket
    unread: bool
    mine: bool
    # Who wrote last, unless it was the requester: "you", a name, or nobody.
    by_me: bool
    speaker: str

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


@dataclass(frozen=True)
class TeamCount:
    """A team with its open tickets."""

    team: Team
    count: int


def count_views(principal: Principal) -> dict[str, int]:
    """How many tickets each view has, up to CAP, in one query."""
    if principal.agent is None:
        return {}
    seen = Ticket.objects.visible_to(principal)
    columns = [CappedCount(seen.filter(view.where(principal))) for view in VIEWS]
    row = Agent.objects.visible_to(principal).filter(pk=principal.agent.pk).values_list(*columns).get()
    return {view.slug: count for view, count in zip(VIEWS, row, strict=True)}


def count_teams(principal: Principal) -> list[TeamCount]:
    """The own teams with their open tickets, in one query; an administrator without a team sees every team's."""
    teams = Team.objects.visible_to(principal).active().order_by("name")
    if principal.team_ids or not principal.sees_all_tickets:
        teams = teams.filter(pk__in=principal.team_ids)
    open_ones = Ticket.objects.visible_to(principal).filter(ACTIVE_ONLY, awake(), team=OuterRef("pk"))
    return [TeamCount(team, team.n) for team in teams.annotate(n=CappedCount(open_ones))[:TEAMS]]


def view_tickets(view: View, principal: Principal) -> TicketQuerySet:
    """The tickets of a view that this agent may see, without order."""
    return Ticket.objects.visible_to(principal).filter(view.where(principal))


def read_view(view: View, principal: Principal, *, cursor: str = "") -> Page:
    """A page of a view after the cursor. A cursor that we have not handed out gives the first page."""
    order, sign = view.order, "-" if view.order.newest_first else ""
    tickets = view_tickets(view, principal).with_row().order_by(f"{sign}{order.field}", f"{sign}pk")
    if (place := _read_cursor(cursor, view)) is not None:
        tickets = tickets.filter(_after(order, *place))
    found = list(tickets[: PAGE + 1])
    shown = found[:PAGE]
    more = write_cursor(view, shown[-1]) if len(found) > PAGE else ""
    return Page(rows_of(shown, principal), more)


def rows_of(tickets: Sequence[Ticket], principal: Principal) -> list[Row]:
    """The tickets as lines; one query tells which of them hold something unread."""
    agent = principal.agent
    if agent is None:
        return []
    unread = unread_tickets([t.pk for t in tickets if t.status_category in ACTIVE], agent=agent)
    return [_row(ticket, agent, unread) for ticket in tickets]


def _row(ticket: Ticket, agent: Agent, unread: Iterable[int]) -> Row:
    author, ours = ticket.last_author, ticket.last_kind != MessageKind.RECEIVED
    by_me = ours and author == agent.user.name
    speaker = author if author != ticket.requester.name and not by_me else ""
    return Row(
        ticket=ticket, unread=ticket.pk in unread, mine=ticket.assignee_id == agent.pk, by_me=by_me,
        speaker=speaker.split(" ")[0] if ours else speaker,
    )  # fmt: skip


def write_cursor(view: View, last: Ticket) -> str:
    """Where the next page of this view begins; signed, so that it means this view and nothing else."""
    at: datetime = getattr(last, view.order.field)
    return signing.dumps([at.isoformat(), last.pk], salt=f"{_CURSOR_SALT}.{view.slug}")


def _read_cursor(cursor: str, view: View) -> tuple[datetime, int] | None:
    try:
        at, pk = signing.loads(cursor, salt=f"{_CURSOR_SALT}.{view.slug}")
    except (signing.BadSignature, ValueError):
        return None
    parsed = parse_datetime(at)
    return (parsed, pk) if parsed else None


def _after(order: Order, at: datetime, pk: int) -> Q:
    """What follows in the order. The first condition alone lets the index find the place."""
    way = "lt" if order.newest_first else "gt"
    follows = Q(**{f"{order.field}__{way}": at}) | Q(**{f"pk__{way}": pk})
    return Q(**{f"{order.field}__{way}e": at}) & follows


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

"""The views of the desk: one table of name, filter and sort. A new view is one more entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.people.models import Team
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import Mention, Snooze
from tresen.core.tickets.choices import ACTIVE, FINISHED, Ball, ParticipantRole
from tresen.core.tickets.models import Message, Participant, Ticket
from tresen.faces.desk.lists.ordering import GROUPS, ORDERS, Group, Order
from tresen.kit import clock
from tresen.service.sla.models import Clock
from tresen.service.views.choices import DEFAULT_COLUMNS, Sort, own_slug
from tresen.service.views.models import SavedView
from tresen.service.views.services import Choice

LATELY = timedelta(days=14)
ACTIVE_ONLY = Q(status_category__in=ACTIVE)
FINISHED_ONLY = Q(status_category__in=FINISHED)


CHANGED = ORDERS[Sort.CHANGED]
WAITING = ORDERS[Sort.WAITING]
DUE = ORDERS[Sort.DUE]


@dataclass(frozen=True)
class View:
    """A filter with a sort. `where` gets the principal; `none_title` and `none_text` are said when it is empty.

    `fault`: why its search line cannot be understood any more. `is_counted`: whether a count stands beside it.
    """

    slug: str
    label: Any
    icon: str
    where: Callable[[Principal], Q]
    none_title: Any
    none_text: Any
    order: Order = DUE
    none_icon: str = "check"
    group: Group | None = None
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    saved: SavedView | None = None
    words: tuple[str, ...] = ()
    fault: str = ""
    is_counted: bool = True
    team_id: int | None = None
    # An order by a field of the desk's own that is meant, until the list is read (Source.sorted_by).
    own_sort: str = ""

    @property
    def sorting(self) -> Order:
        """The order with its headings before it."""
        return self.group.sorts(self.order) if self.group else self.order

    @property
    def sort(self) -> str:
        """The name of its order."""
        return self.order.own or self.own_sort or next(name for name, order in ORDERS.items() if order == self.order)


def awake() -> Q:
    """Nobody has put it to sleep: what one works through day by day. A few rows sleep, so they are asked first."""
    return ~Q(pk__in=Snooze.objects.asleep().values("ticket"))


def _mine(principal: Principal) -> Q:
    return ACTIVE_ONLY & Q(assignee=principal.agent) & awake()


def _unassigned(principal: Principal) -> Q:
    """In the own teams, and those that nobody has given to a team yet; an administrator without a team sees all."""
    nobodys = ACTIVE_ONLY & Q(assignee=None) & awake()
    if principal.sees_all_tickets and not principal.team_ids:
        return nobodys
    return nobodys & (Q(team_id__in=principal.team_ids) | Q(team=None))


def _waiting(principal: Principal) -> Q:
    return _mine(principal) & Q(ball=Ball.US)


def _undelivered(principal: Principal) -> Q:
    """A reply came back or could not leave: on the own tickets, and where nobody is responsible. Solved ones too."""
    # Asked of the few that the index knows; who is responsible is not looked up by an index of its own.
    few = Ticket.objects.filter(is_undelivered=True).annotate(who=Coalesce("assignee", 0))
    nobodys = Q(who=0) & (Q(team_id__in=principal.team_ids) | Q(team=None))
    return Q(pk__in=few.filter(Q(who=principal.agent.pk if principal.agent else 0) | nobodys).values("pk"))


def _mentions(principal: Principal) -> Q:
    """Somebody asked for this agent's part, or his team's, and nobody has said that it is done."""
    return Q(pk__in=Mention.objects.undone().asking(principal).values("message__ticket"))


def _active_with(few: QuerySet[Any]) -> Q:
    """Active tickets of these rows, a few of all: they are asked first, and their tickets looked up one by one. So
    the state is not asked by its own name, or the index of all active tickets would be gone through."""
    states = few.annotate(state=Coalesce("ticket__status_category", Value("")))
    return Q(pk__in=states.filter(state__in=ACTIVE).values("ticket"))


def _at_risk(principal: Principal) -> Q:
    """A clock has warned and can still be kept."""
    return _active_with(Clock.objects.at_risk())


def _overdue(principal: Principal) -> Q:
    return _active_with(Clock.objects.overdue())


def _snoozed(principal: Principal) -> Q:
    return _active_with(Snooze.objects.asleep())


def _following(principal: Principal) -> Q:
    return _active_with(Participant.objects.filter(agent=principal.agent, role=ParticipantRole.FOLLOWER))


def _held(principal: Principal) -> Q:
    """Tickets on which a mail waits until somebody accepts it."""
    return Q(pk__in=Message.objects.filter(is_held=True).values("ticket"))


def _open(principal: Principal) -> Q:
    return ACTIVE_ONLY


def _solved(principal: Principal) -> Q:
    return FINISHED_ONLY & Q(updated_at__gte=clock.now() - LATELY)


def _all(principal: Principal) -> Q:
    return Q()


VIEWS: tuple[View, ...] = (
    View(
        "mine", _("Mine"), "user", _mine, _("Nothing on your plate"),
        _("Tickets you are responsible for stand here. Take one from “Unassigned”, or wait to be given one."),
    ),
    View(
        "unassigned", _("Unassigned"), "st-new", _unassigned, _("Everything is taken"),
        _("New tickets of your teams that nobody is responsible for yet will stand here."),
    ),
    View(
        "waiting", _("Waiting for me"), "reply", _waiting, _("Nobody is waiting for you"),
        _("When a customer writes on a ticket of yours, it stands here until you have answered."), WAITING,
    ),
    View(
        "mentions", _("Mentions"), "at", _mentions, _("Nobody asks for your part"),
        _("When a colleague calls you or your team in a note (@name), the ticket stands here until you say that your "
          "part is done."),
    ),
    View(
        "following", _("Following"), "eye", _following, _("You follow nothing at present"),
        _("Tickets that you follow (w) without being responsible stand here."), none_icon="eye",
    ),
    View(
        "at-risk", _("At risk"), "clock", _at_risk, _("Nothing is at risk"),
        _("When a clock has warned and its time is not over yet, its ticket stands here, the next one due on top."),
    ),
    View(
        "overdue", _("Overdue"), "alert", _overdue, _("Nothing is overdue"),
        _("When a target was missed and still waits to be met, its ticket stands here."),
    ),
    View(
        "snoozed", _("Snoozed"), "moon", _snoozed, _("Nothing is asleep"),
        _("A ticket that can wait sleeps here until its time, or until the customer writes. Then it stands in the "
          "other views again."), none_icon="moon",
    ),
    View(
        "undelivered", _("Not delivered"), "alert", _undelivered, _("Every reply has left"),
        _("When a reply comes back, or could not be sent, its ticket stands here until somebody has dealt with it."),
        CHANGED,
    ),
    View(
        "held", _("Held mail"), "pause", _held, _("No mail waits for you"),
        _("When a mail names a ticket but its sender has no proven place there, it waits until somebody accepts it."),
        CHANGED,
    ),
    View(
        "open", _("All open"), "ticket", _open, _("No open tickets"),
        _("Every mail to one of your mailboxes and every request in the portal becomes a ticket. A call or a visit "
          "you take down by hand."),
    ),
    View(
        "solved", _("Solved lately"), "st-solved", _solved, _("Nothing solved in the last two weeks"),
        _("What was solved or closed in the last two weeks stands here."), CHANGED,
        none_icon="st-solved",
    ),
    View(
        "all", pgettext_lazy("tickets", "All"), "list", _all, _("No tickets yet"),
        _("Every mail to one of your mailboxes and every request in the portal becomes a ticket. A call or a visit "
          "you take down by hand."), CHANGED, none_icon="ticket",
    ),
)  # fmt: skip
# Filters that depend on nothing but the principal: not on the time, and on no row that was read for them.
LASTING = frozenset(
    {
        _mine,
        _unassigned,
        _waiting,
        _mentions,
        _following,
        _at_risk,
        _overdue,
        _snoozed,
        _undelivered,
        _held,
        _open,
        _all,
    }
)
BY_SLUG = {view.slug: view for view in VIEWS}
FIRST = VIEWS[0]


def of_team(team_id: int) -> Q:
    """The open tickets of a team."""
    return ACTIVE_ONLY & Q(team_id=team_id) & awake()


def team_view(team: Team) -> View:
    """The open tickets of a team."""
    return View(
        slug=f"team-{team.slug}", label=team.name, icon="people",
        team_id=team.pk,
        where=lambda principal: of_team(team.pk), none_title=_("The team has nothing open"),
        none_text=_("Tickets that are given to this team will stand here."),
    )  # fmt: skip


def as_chosen(view: View, choice: Choice | None) -> View:
    """The view as this agent wants to see it; a saved one brings its own look."""
    if choice is None or view.saved or view.fault:
        return view
    return with_look(view, sort=choice.sort, grouping=choice.grouping, columns=choice.columns)


def with_look(view: View, *, sort: str, grouping: str, columns: Iterable[str]) -> View:
    """The view with another sort, other headings, other columns; what is empty stays as it is."""
    order, group = ORDERS.get(sort, view.order), GROUPS.get(grouping)
    own = sort if own_slug(sort) else ""
    return replace(view, order=order, group=group, columns=tuple(columns) or view.columns, own_sort=own)

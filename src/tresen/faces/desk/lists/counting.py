"""How many tickets the views have: all of them in one query, each counted up to a thousand only.

Django takes longer to put such a query together than the database to answer it. So each count is a prepared query of
its own: that of a view whose filter depends on nothing but who asks by that filter's name, that of a saved one by its
filter, value by value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Expression, Q, QuerySet

from tresen.core.announcements.models import Announcement
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.faces.desk.lists.table import LASTING, View, of_team
from tresen.kit.counting import Compiled, compile_count, count_of, run_counts
from tresen.kit.prepared import prepared
from tresen.service.notifications.services import compiled_unread

# One more than is shown: three digits, then "999+".
CAP = 1000
Asked = int | Q | Callable[[Principal], Q]


@dataclass(frozen=True)
class Counts:
    """What the rail and the views' column say: how many tickets each view has, and how many notifications wait; and
    how many announced troubles last now."""

    views: dict[str, int]
    unread: int
    troubles: int = 0


def count_text(count: int) -> str:
    """A count as it stands beside a view: "12", from a thousand on "999+"."""
    return f"{CAP - 1}+" if count >= CAP else str(count)


def view_tickets(view: View, principal: Principal) -> TicketQuerySet:
    """The tickets of a view that this agent may see, without order."""
    return Ticket.objects.visible_to(principal).filter(view.where(principal))


def count_all(principal: Principal, views: Iterable[View]) -> Counts:
    """How many tickets each view has, up to CAP, those without a count left out, and the unread notifications: in one
    query, as nearly every page shows both."""
    if principal.agent is None:
        return Counts({}, 0)
    counted = [view for view in views if view.is_counted]
    beside = [compiled_unread(principal), count_of(_troubles)]
    unread, troubles, *found = run_counts([*beside, *(_compiled(view, principal) for view in counted)])
    return Counts({view.slug: count for view, count in zip(counted, found, strict=True)}, unread, troubles)


@prepared
def _troubles() -> QuerySet[Any, Any]:
    return Announcement.objects.known_troubles().order_by().values("pk")[:CAP]


def count_view(view: View, principal: Principal) -> int:
    """How many tickets one view has, up to CAP; for those that have no count beside them."""
    return len(view_tickets(view, principal).order_by().values_list("pk", flat=True)[:CAP])


def is_longer(view: View, principal: Principal, *, than: int) -> bool:
    """Whether a view has more tickets, also beyond CAP: whether there is one at that place. To go that far costs as
    much as the page it is asked for, and such a list changes little in a minute: so long the answer is kept."""
    asked = f"{principal.agent and principal.agent.pk} {view.slug} {view.saved and view.saved.query} {than}"
    name = f"longer-{hashlib.sha256(asked.encode()).hexdigest()}"
    found: bool | None = cache.get(name)
    if found is None:
        found = view_tickets(view, principal).order_by()[than : than + 1].exists()
        cache.set(name, found, timeout=60)
    return found


def asked_of(view: View, principal: Principal) -> Asked | None:
    """The filter of a view as a prepared query takes it: a team by its key, a function of nothing but the principal,
    or values alone. None for one that holds queries of its own."""
    if view.team_id is not None:
        return view.team_id
    if view.where in LASTING:
        return view.where
    where = view.where(principal)
    return where if _is_plain(where) else None


def asked_tickets(principal: Principal, asked: Asked) -> TicketQuerySet:
    """What `view_tickets` gives for that view."""
    where = of_team(asked) if isinstance(asked, int) else asked if isinstance(asked, Q) else asked(principal)
    return Ticket.objects.visible_to(principal).filter(where)


def _compiled(view: View, principal: Principal) -> Compiled:
    asked = asked_of(view, principal)
    if asked is None:
        return compile_count(view_tickets(view, principal).order_by()[:CAP])
    return count_of(_counted, principal, asked)


@prepared
def _counted(principal: Principal, asked: Asked) -> QuerySet[Any, Any]:
    return asked_tickets(principal, asked).order_by().values("pk")[:CAP]


def _is_plain(where: Q) -> bool:
    """It holds values alone, no queries: two that are equal ask for the same."""
    for child in where.children:
        if isinstance(child, Q):
            if not _is_plain(child):
                return False
        elif not isinstance(child, tuple) or isinstance(child[1], QuerySet | Expression):
            return False
    return True

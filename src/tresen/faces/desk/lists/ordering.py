"""How a list is sorted and under which headings its tickets stand: pages go on by key, never by counting."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from tresen.core.tickets.choices import Priority
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.kit import clock
from tresen.service.views.choices import Grouping, Sort

_SALT = "desk.list"


@dataclass(frozen=True)
class Key:
    """A field that is sorted by, never empty; `made_of` is what a name stands for that is no field, `read` the same of
    a ticket at hand, where it is more than the field named in it."""

    name: str
    descending: bool = False
    made_of: Any = None
    read: Callable[[Ticket], Any] | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Order:
    """A sort that pages go on from: a field that is never empty, its direction, its words beside the count; `first` are
    keys that go before it. The primary key decides between equals. One that is `bounded` has no index: longer lists
    than MOST_SORTED are not sorted by it. `own`: its name, where it is by a field of the desk's own."""

    field: str
    newest_first: bool
    label: Any = dataclasses.field(compare=False)
    first: tuple[Key, ...] = ()
    bounded: bool = False
    own: str = ""

    @property
    def keys(self) -> tuple[Key, ...]:
        """All keys, down to the primary key."""
        own = () if self.field == "pk" else (Key(self.field, self.newest_first),)
        return (*self.first, *own, Key("pk", self.newest_first))


def _named(name: str, path: str, *, descending: bool = False) -> tuple[Key, ...]:
    return (Key(name, descending, made_of=Coalesce(path, Value(""))),)


def _by(sort: Sort, *first: Key) -> Order:
    return Order("updated_at", True, sort.label, first, bounded=True)


def _both(sort: Sort, back: Sort, name: str, path: str) -> dict[str, Order]:
    return {
        sort: _by(sort, *_named(name, path)),
        back: _by(back, *_named(name, path, descending=True)),
    }


# What has no index is put in order in memory: by names and statuses only lists of so many tickets.
MOST_SORTED = 10_000
ORDERS: dict[str, Order] = {
    Sort.CHANGED: Order("updated_at", True, Sort.CHANGED.label),
    Sort.STALE: Order("updated_at", False, Sort.STALE.label),
    Sort.WAITING: Order("ball_since", False, Sort.WAITING.label),
    Sort.PRIORITY: Order("updated_at", True, Sort.PRIORITY.label, (Key("priority", True),)),
    # Where nothing is due, as by the last change. An index knows it of open tickets, whose lists are the long ones.
    Sort.DUE: Order("updated_at", True, Sort.DUE.label, (Key("due_at"),), bounded=True),
    Sort.NEWEST: Order("pk", True, Sort.NEWEST.label),
    Sort.OLDEST: Order("pk", False, Sort.OLDEST.label),
    Sort.STATUS: _by(Sort.STATUS, Key("status__position"), Key("status_id")),
    Sort.STATUS_BACK: _by(Sort.STATUS_BACK, Key("status__position", True), Key("status_id", True)),
    **_both(Sort.REQUESTER, Sort.REQUESTER_BACK, "requester_name", "requester__name"),
    **_both(Sort.TEAM, Sort.TEAM_BACK, "team_name", "team__name"),
    **_both(Sort.ASSIGNEE, Sort.ASSIGNEE_BACK, "assignee_name", "assignee__user__name"),
}


@dataclass(frozen=True)
class Group:
    """Headings of a list: the keys by which equals stand together, and the heading of a ticket (its mark, its words).

    Age needs no keys: what was made last stands together by itself.
    """

    slug: str
    keys: tuple[Key, ...]
    heading: Callable[[Ticket], tuple[str, str]]

    def sorts(self, order: Order) -> Order:
        """The order of a list with these headings."""
        if self.slug == Grouping.AGE:
            return ORDERS[Sort.OLDEST if order.field == "pk" and not order.newest_first else Sort.NEWEST]
        taken = {key.name for key in self.keys}
        return replace(order, first=(*self.keys, *(key for key in order.first if key.name not in taken)))


def _age(ticket: Ticket) -> tuple[str, str]:
    days = (localdate(clock.now()) - localdate(ticket.created_at)).days
    for mark, most, words in (
        ("0", 0, _("Today")), ("1", 1, _("Yesterday")), ("7", 7, _("The last seven days")),
        ("30", 30, _("The last thirty days")),
    ):  # fmt: skip
        if days <= most:
            return mark, words
    return "more", _("Longer ago")


GROUPS: dict[str, Group] = {
    group.slug: group
    for group in (
        Group(Grouping.STATUS, (Key("status__position"), Key("status_id")),
              lambda t: (str(t.status_id), t.status.name)),
        Group(Grouping.TEAM, _named("team_name", "team__name"),
              lambda t: (str(t.team_id), str(t.team or _("No team")))),
        Group(Grouping.ASSIGNEE, _named("assignee_name", "assignee__user__name"),
              lambda t: (str(t.assignee_id), str(t.assignee or _("Nobody yet")))),
        Group(Grouping.PRIORITY, (Key("priority", True),),
              lambda t: (str(t.priority), str(Priority(t.priority).label))),
        Group(Grouping.ORGANISATION, _named("organisation_name", "organisation__name"),
              lambda t: (str(t.organisation_id), str(t.organisation or _("No organisation")))),
        Group(Grouping.AGE, (), _age),
    )
}  # fmt: skip


def in_order(tickets: TicketQuerySet, order: Order) -> TicketQuerySet:
    """The tickets, sorted."""
    made = {key.name: key.made_of for key in order.keys if key.made_of is not None}
    names = [f"-{key.name}" if key.descending else key.name for key in order.keys]
    return (tickets.annotate(**made) if made else tickets).order_by(*names)


@dataclass(frozen=True)
class Place:
    """Where a page ends: the values of all keys there, and the heading that stood last."""

    values: tuple[Any, ...]
    heading: str = ""


def after(order: Order, place: Place) -> Q:
    """What follows a place in the order. Its first condition alone lets the index find the place."""
    follows = Q()
    for key, value in reversed(list(zip(order.keys, place.values, strict=True))):
        beyond = Q(**{f"{key.name}__{'lt' if key.descending else 'gt'}": value})
        follows = beyond | (Q(**{key.name: value}) & follows) if follows else beyond
    lead = order.keys[0]
    return Q(**{f"{lead.name}__{'lte' if lead.descending else 'gte'}": place.values[0]}) & follows


def write_cursor(slug: str, order: Order, last: Ticket, heading: str = "") -> str:
    """Where the next page of this list begins; signed, so that it means this list in this order and nothing else."""
    values = [_value(last, key.name) for key in order.keys]
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return signing.dumps([plain, heading], salt=_salt(slug, order))


def _value(ticket: Ticket, name: str) -> Any:
    value: Any = ticket
    for part in name.split("__"):
        value = getattr(value, part)
    return value


def read_cursor(cursor: str, slug: str, order: Order) -> Place | None:
    """The place a cursor means; None for one that we have not handed out for this list."""
    try:
        plain, heading = signing.loads(cursor, salt=_salt(slug, order))
    except (signing.BadSignature, ValueError):
        return None
    values = tuple(parse_datetime(value["t"]) if isinstance(value, dict) else value for value in plain)
    return Place(values, heading) if len(values) == len(order.keys) else None


def _salt(slug: str, order: Order) -> str:
    return f"{_SALT}.{slug}." + ".".join(f"{key.name}{key.descending:d}" for key in order.keys)

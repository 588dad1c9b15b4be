"""The heads of a list's columns, and the orders it can have: a click or Enter sorts, once more turns it round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.faces.desk.lists.ordering import MOST_SORTED, ORDERS
from tresen.service.views.choices import Column, Grouping, Sort

# As they stand above the list: column, its words, the orders by which a first and a second click sort, and which way
# the column then goes. Priority stands at the left without words of its own.
_ASC, _DESC = "ascending", "descending"
HEADS: tuple[tuple[str, Any, tuple[tuple[str, str], ...]], ...] = (
    (Column.NUMBER, pgettext_lazy("number of a ticket", "No."), ((Sort.NEWEST, _DESC), (Sort.OLDEST, _ASC))),
    ("subject", _("Subject"), ()),
    (Column.REQUESTER, _("Requester"), ((Sort.REQUESTER, _ASC), (Sort.REQUESTER_BACK, _DESC))),
    (Column.TEAM, _("Team"), ((Sort.TEAM, _ASC), (Sort.TEAM_BACK, _DESC))),
    (Column.ASSIGNEE, _("Assignee"), ((Sort.ASSIGNEE, _ASC), (Sort.ASSIGNEE_BACK, _DESC))),
    (Column.LEVEL, pgettext_lazy("of the desk", "Level"), ()),
    (Column.TYPE, pgettext_lazy("kind of ticket", "Type"), ()),
    (Column.CATEGORY, _("Category"), ()),
    (Column.TAGS, _("Tags"), ()),
    (Column.STATUS, _("Status"), ((Sort.STATUS, _ASC), (Sort.STATUS_BACK, _DESC))),
    (Column.CREATED, pgettext_lazy("when a ticket was", "Created"), ((Sort.NEWEST, _DESC), (Sort.OLDEST, _ASC))),
    (Column.AGE, pgettext_lazy("of the last message", "Age"), ((Sort.CHANGED, _ASC), (Sort.STALE, _DESC))),
)
RIGHT = (Column.STATUS, Column.CREATED, Column.AGE)


@dataclass(frozen=True)
class Head:
    """One column: `url` sorts by it (empty: it cannot be sorted by), `now` is how it is sorted (`aria-sort`)."""

    column: str
    label: Any
    is_right: bool
    url: str = ""
    then: Any = ""
    now: str = ""


@dataclass(frozen=True)
class Choice:
    """An order that the list can have."""

    label: Any
    url: str
    is_current: bool


@dataclass(frozen=True)
class Heads:
    """`address`: of the list in an order; `sort`: the one it has, empty for a search; `is_long`: it has more tickets
    than are sorted without an index."""

    columns: tuple[str, ...]
    address: Callable[[str], str]
    sort: str
    group: str
    is_long: bool

    def _can(self, sort: str) -> bool:
        if self.group == Grouping.AGE and sort not in (Sort.NEWEST, Sort.OLDEST):
            return False
        return bool(self.sort) and not (ORDERS[sort].bounded and self.is_long)

    def __iter__(self) -> Any:
        """The columns, from the left."""
        shown = {"subject", *self.columns}
        marked = False
        for column, label, sorts in HEADS:
            if column not in shown:
                continue
            ways = [(sort, way) for sort, way in sorts if self._can(sort)]
            now = "" if marked else next((way for sort, way in ways if sort == self.sort), "")
            marked = marked or bool(now)
            then = next((sort for sort, _way in ways if sort != self.sort), "")
            yield Head(
                column, label, column in RIGHT, self.address(then) if then else "",
                ORDERS[then].label if then else "", now,
            )  # fmt: skip

    @property
    def orders(self) -> list[Choice]:
        """For the menu: all orders there are."""
        return [
            Choice(order.label, self.address(sort), sort == self.sort)
            for sort, order in ORDERS.items()
            if self._can(sort)
        ]  # fmt: skip

    @property
    def most_sorted(self) -> int:
        """Longer lists have fewer orders; 0 where this one has all."""
        return MOST_SORTED if self.is_long else 0

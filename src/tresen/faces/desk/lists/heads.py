"""The heads of a list's columns, and the orders it can have: a click or Enter sorts, once more turns it round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.tickets.field_models import CustomField
from tresen.faces.desk.lists.ordering import MOST_SORTED, ORDERS
from tresen.faces.desk.lists.own_columns import order_name, own_sorts
from tresen.service.views.choices import Column, Grouping, Sort, own_slug

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
    than are sorted without an index; `own`: columns that are fields of the desk's own."""

    columns: tuple[str, ...]
    address: Callable[[str], str]
    sort: str
    group: str
    is_long: bool
    own: Sequence[CustomField] = ()

    def _can(self, sort: str) -> bool:
        if self.group == Grouping.AGE and sort not in (Sort.NEWEST, Sort.OLDEST):
            return False
        is_bounded = bool(own_slug(sort)) or ORDERS[sort].bounded
        return bool(self.sort) and not (is_bounded and self.is_long)

    @property
    def _labels(self) -> dict[str, Any]:
        """What the orders are called."""
        own = {sort: order_name(field, back=sort[0] == "-") for field in self.own for sort in own_sorts(field)}
        return {**{sort: order.label for sort, order in ORDERS.items()}, **own}

    def __iter__(self) -> Any:
        """The columns, from the left."""
        shown = {"subject", *self.columns}
        marked, labels = False, self._labels
        own = [
            (f"f{n}", field.name, tuple(zip(own_sorts(field), (_ASC, _DESC), strict=False)))
            for n, field in enumerate(self.own, 1)
        ]
        for column, label, sorts in (*(head for head in HEADS if head[0] in shown), *own):
            ways = [(sort, way) for sort, way in sorts if self._can(sort)]
            now = "" if marked else next((way for sort, way in ways if sort == self.sort), "")
            marked = marked or bool(now)
            then = next((sort for sort, _way in ways if sort != self.sort), "")
            yield Head(
                column, label, column in RIGHT, self.address(then) if then else "",
                labels[then] if then else "", now,
            )  # fmt: skip

    @property
    def orders(self) -> list[Choice]:
        """For the menu: all orders there are."""
        return [
            Choice(label, self.address(sort), sort == self.sort)
            for sort, label in self._labels.items()
            if self._can(sort)
        ]  # fmt: skip

    @property
    def most_sorted(self) -> int:
        """Longer lists have fewer orders; 0 where this one has all."""
        return MOST_SORTED if self.is_long else 0

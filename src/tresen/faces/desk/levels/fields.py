"""What a search line may ask of levels: `level:2`, `level>1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from tresen.core.people.principals import Principal
from tresen.core.tickets.level_models import Level
from tresen.service.search.conditions import Among, Between, Condition
from tresen.service.search.field_kinds import Offer, Wanted, begin_with
from tresen.service.search.fields import SearchField
from tresen.service.search.memory import read_once
from tresen.service.search.values import folded


@read_once
def _levels() -> list[Level]:
    return list(Level.objects.all())


@dataclass(frozen=True)
class LevelKind:
    """A level by its number or by its name in any language; levels can be compared."""

    compares: bool = True

    def condition(self, wanted: Wanted) -> Condition:
        """On one of the levels, or on one above or below."""
        numbers = [self._number(value, wanted) for value in wanted.values]
        if wanted.operator == ":":
            return Among("level", frozenset(numbers))
        if ">" in wanted.operator:
            return Between("level", low=numbers[0], with_low="=" in wanted.operator)
        return Between("level", high=numbers[0], with_high="=" in wanted.operator)

    def _number(self, value: str, wanted: Wanted) -> int:
        known = {str(row.number): row.number for row in _levels()}
        known |= {folded(name): row.number for row in _levels() for name in row.names.values() if name}
        if folded(value) not in known:
            raise wanted.unknown(value, known)
        return known[folded(value)]

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Those in use."""
        shown = [row for row in _levels() if row.is_active] if principal.is_staff else []
        return begin_with([Offer(str(row.number), row.name) for row in shown], typed)


LEVEL_FIELDS: list[Any] = [
    SearchField("level", pgettext_lazy("of the desk", "Level"), LevelKind(), ("ebene", "poziom", "linia")),
]

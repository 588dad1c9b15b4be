"""Categories in a search line: by any of their names, and with all that is below them in the tree."""

from __future__ import annotations

from dataclasses import dataclass

from tresen.core.people.principals import Principal
from tresen.core.tickets.categories import in_tree_order, keys_below
from tresen.core.tickets.category_models import Category
from tresen.service.search.conditions import Among, Condition
from tresen.service.search.field_kinds import Offer, Wanted, begin_with, none_offer
from tresen.service.search.memory import read_once
from tresen.service.search.values import NONE_WORDS, folded, quoted


@read_once
def _categories() -> list[Category]:
    return list(Category.objects.all())


@dataclass(frozen=True)
class CategoryKind:
    """A category by its short name or by its name in any language; a part of the tree is meant as a whole."""

    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """In one of the categories or below it, or in none."""
        rows = _categories()
        below = keys_below({row.pk: row.parent_id for row in rows})
        keys: set[int] = set()
        for value in wanted.values:
            name = folded(value)
            if name not in NONE_WORDS:
                meant = [row for row in rows if name in _names(row)]
                if not meant:
                    raise wanted.unknown(value, [row.slug for row in rows])
                keys = keys.union(*(below[row.pk] for row in meant))
        return Among("category_id", frozenset(keys), any(folded(value) in NONE_WORDS for value in wanted.values))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Those in use, in the order of the tree, by their names."""
        shown = in_tree_order(row for row in _categories() if row.is_active) if principal.is_staff else []
        return begin_with(
            [*(Offer(quoted(row.category.name), row.category.above) for row in shown), none_offer()], typed
        )


def _names(row: Category) -> set[str]:
    return {folded(row.slug), *(folded(name) for name in (*row.names.values(), *row.trails.values()))}

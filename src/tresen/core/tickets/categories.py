"""The tree of categories: made, named, moved, put to rest. What is below always goes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from tresen.core.people.models import Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.core.tickets.category_models import BETWEEN, Category
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = ("names", "position", "parent", "brand", "effort", "team", "is_active")
# So many steps from the top down; a category of a deeper place is better a custom field.
MOST_LEVELS = 4


class WrongPlace(ValueError):
    """A category cannot stand there: below itself, too deep, or its brand is that of the tree; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Placed:
    """A category with its place: how many stand above it."""

    category: Category
    depth: int


def category_values(category: Category) -> dict[str, Any]:
    """What a form shows of a category, for its mark."""
    return values_of(category, FIELDS)


def in_tree_order(categories: Iterable[Category]) -> list[Placed]:
    """From the top down, brothers by their order; one whose parent is not among them stands at the top."""
    rows = sorted(categories, key=lambda row: (row.position, row.pk))
    keys = {row.pk for row in rows}
    below: dict[int | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in keys else None, []).append(row)
    placed: list[Placed] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            placed.append(Placed(row, depth))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return placed


def with_all_below(categories: Sequence[Category], key: int) -> list[Category]:
    """The category of that key and all below it, from the top down."""
    found: list[Category] = []
    below: dict[int | None, list[Category]] = {}
    for row in categories:
        below.setdefault(row.parent_id, []).append(row)
        if row.pk == key:
            found.append(row)
    for row in found:
        found += below.get(row.pk, [])
    return found


def keys_below(parents: Mapping[int, int | None]) -> dict[int, frozenset[int]]:
    """For each category, given with the one it stands below, its key and those of all below it."""
    found: dict[int, set[int]] = {key: {key} for key in parents}
    for key in parents:
        above = parents[key]
        while above is not None and above in parents:
            found[above].add(key)
            above = parents[above]
    return {key: frozenset(below) for key, below in found.items()}


def categories_for(principal: Principal) -> QuerySet[Category]:
    """All categories, for staff, with what a list shows of them; none for anybody else."""
    return Category.objects.visible_to(principal).select_related("brand").order_by("position", "pk")


@transaction.atomic
def create_category(
    *, names: dict[str, str], parent: Category | None = None, brand: Brand | None = None, position: int = 0,
    effort: int = 1, team: Team | None = None, by: Actor,
) -> Category:  # fmt: skip
    """A new category below `parent`, for the tickets of one brand or, below another, of that one's brand. Event
    `category.created`. Raises WrongPlace, and ValueError without a name."""
    shown = next((name for name in (names.get("en"), *names.values()) if name), "")
    if not shown:
        raise ValueError("a category needs a name")
    rows = _locked()
    made = Category(slug=_slug(shown), names=names, position=position, brand=brand, effort=effort, team=team)
    made.parent = _place(made, parent.pk if parent else None, rows, levels=1)
    if made.parent:
        if brand is not None and brand != made.parent.brand:
            raise WrongPlace("brand")
        made.brand, made.is_active = made.parent.brand, made.parent.is_active
    made.trails = trails_of(names, made.parent.trails if made.parent else {})
    made.save()
    record("category.created", stream=made, by=by, changes={"name": [None, made.slug], "names": [None, names]})
    return made


def _slug(name: str) -> str:
    base = slugify(name)[:36] or "category"
    taken = set(Category.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, 1000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def _locked() -> dict[int, Category]:
    """The whole tree, held until the transaction ends: whoever changes it stands in line."""
    return {row.pk: row for row in Category.objects.select_for_update(no_key=True).order_by("pk")}


def _place(category: Category, parent: int | None, rows: dict[int, Category], *, levels: int) -> Category | None:
    """The parent, where the category with `levels` levels may stand below it. Raises WrongPlace."""
    above, depth = rows.get(parent or 0), levels
    step = above
    while step is not None:
        if step.pk == category.pk:
            raise WrongPlace("parent")
        depth, step = depth + 1, rows.get(step.parent_id or 0)
    if depth > MOST_LEVELS or (parent and above is None):
        raise WrongPlace("parent")
    return above


@transaction.atomic
def change_category(category: Category, *, set: dict[str, Any], by: Actor, expected: str = "") -> Category:
    """Changes names, position, parent, brand, effort, team, is_active. Event `category.changed`.

    What is below goes along: to another place, into another brand, out of use. The brand is the whole tree's and is
    set at its top. Raises ChangedMeanwhile, WrongPlace, InUse (what is below something not in use cannot be in use),
    KeyError.
    """
    rows = _locked()
    locked = rows[category.pk]
    refuse_if_changed(category_values(locked), expected)
    below = with_all_below(list(rows.values()), locked.pk)
    changes: dict[str, Any] = {}
    for field, value in set.items():
        if field not in FIELDS:
            raise KeyError(field)
        if (old := getattr(locked, field)) != value:
            changes[field] = [_shown(old), _shown(value)]
            setattr(locked, field, value)
    levels = max((row.depth for row in in_tree_order(below)), default=0) + 1
    parent = locked.parent = _place(locked, locked.parent_id, rows, levels=levels)
    if parent is not None:
        if locked.brand_id != parent.brand_id and "brand" in changes:
            raise WrongPlace("brand")
        locked.brand = parent.brand
        if locked.is_active and not parent.is_active:
            raise InUse([str(parent)])
    if changes:
        _carry_down(locked, below, parent)
        record("category.changed", stream=locked, by=by, changes=changes)
    return locked


def _carry_down(top: Category, below: Sequence[Category], parent: Category | None) -> None:
    """Saves the category and what is below it, with what they take from above."""
    known = {top.pk: top} | ({parent.pk: parent} if parent else {})
    for row in below:
        above = known.get(row.parent_id or 0)
        if row is not top:
            row.brand, row.is_active = top.brand, row.is_active and top.is_active
        row.trails = trails_of(row.names, above.trails if above else {})
        row.save()
        known[row.pk] = row


def _shown(value: Any) -> Any:
    return value.slug if isinstance(value, Category) else str(value) if isinstance(value, Brand | Team) else value


def trails_of(names: dict[str, str], above: dict[str, str]) -> dict[str, str]:
    """The names with those from above before them, in each language that either has."""
    trails = {}
    for language in {**above, **names}:
        own = names.get(language) or names.get("en") or next((name for name in names.values() if name), "")
        before = above.get(language) or above.get("en") or next(iter(above.values()), "")
        trails[language] = f"{before}{BETWEEN}{own}" if before else own
    return trails

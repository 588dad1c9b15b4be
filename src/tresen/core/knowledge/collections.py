"""The shelves: made, named, ordered, put to rest. Two levels at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from tresen.core.knowledge.models import Article, Collection
from tresen.core.people.models import Brand
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.kit.html import slug_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = ("names", "descriptions", "icon", "parent", "is_active")
# Pictures of the house's set that stand for what an article can be about.
ICONS = ("book", "key", "laptop", "phone", "mail", "print", "shield", "people", "wrench", "globe", "cap", "box", "star")


class WrongCollection(ValueError):
    """A value that a collection cannot have; `field` says of which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def collection_values(collection: Collection) -> dict[str, Any]:
    """What a form shows of a collection, for its mark."""
    brands = sorted(collection.brands.values_list("pk", flat=True))
    return {**values_of(collection, FIELDS), "brands": brands}


@transaction.atomic
def create_collection(
    *, names: dict[str, str], descriptions: dict[str, str] | None = None, icon: str = "",
    parent: Collection | None = None, brands: Iterable[Brand] = (), by: Actor,
) -> Collection:  # fmt: skip
    """A new one, the last of its row. Event `collection.created`. Raises WrongCollection."""
    last = Collection.objects.select_for_update().order_by("-position").values_list("position", flat=True).first()
    made = Collection(
        names=_written(names), descriptions=_written(descriptions or {}), icon=icon, parent=parent,
        position=min((last or 0) + 1, 32_000),
    )  # fmt: skip
    _check(made)
    made.slug = _slug(made.names)
    made.save()
    made.brands.set(brands)
    record("collection.created", stream=made, by=by, changes={"slug": made.slug, "names": made.names})
    return made


@transaction.atomic
def change_collection(collection: Collection, *, set: dict[str, Any], by: Actor, expected: str = "") -> Collection:
    """Changes FIELDS and `brands`. One at rest takes its articles out of readers' sight. Event `collection.changed`,
    none when nothing changes. Raises WrongCollection, ChangedMeanwhile, KeyError."""
    locked = Collection.objects.select_for_update(of=("self",)).get(pk=collection.pk)
    before = collection_values(locked)
    refuse_if_changed(before, expected)
    for field, value in set.items():
        if field not in (*FIELDS, "brands"):
            raise KeyError(field)
        if field != "brands":
            setattr(locked, field, _written(value) if field in ("names", "descriptions") else value)
    _check(locked)
    locked.save()
    if "brands" in set:
        locked.brands.set(set["brands"])
    after = collection_values(locked)
    changes = {field: [before[field], after[field]] for field in after if after[field] != before[field]}
    if changes:
        record("collection.changed", stream=locked, by=by, changes=changes)
    return locked


@transaction.atomic
def order_collections(keys: Sequence[int], *, by: Actor) -> None:
    """They stand in this order; those that are not named come after. Event `collection.ordered`, none when nothing
    changes."""
    rows = list(Collection.objects.select_for_update().order_by("position", "pk"))
    place = {key: at for at, key in enumerate(keys)}
    wanted = sorted(rows, key=lambda row: (place.get(row.pk, len(rows)), row.position, row.pk))
    if not rows or wanted == rows:
        return
    for at, row in enumerate(wanted):
        row.position = at
    Collection.objects.bulk_update(wanted, ["position"])
    record("collection.ordered", stream=wanted[0], by=by, changes={"order": [row.slug for row in wanted]})


@transaction.atomic
def order_articles(collection: Collection, keys: Sequence[int], *, by: Actor) -> None:
    """The articles of a collection stand in this order. Event `collection.ordered`, none when nothing changes."""
    rows = list(Article.objects.select_for_update(of=("self",)).filter(collection=collection))
    place = {key: at for at, key in enumerate(keys)}
    wanted = sorted(rows, key=lambda row: (place.get(row.pk, len(rows)), row.position, row.pk))
    if not rows or wanted == rows:
        return
    for at, row in enumerate(wanted):
        row.position = at
    Article.objects.bulk_update(wanted, ["position"])
    record("collection.ordered", stream=collection, by=by, changes={"articles": [row.pk for row in wanted]})


def _written(names: dict[str, str]) -> dict[str, str]:
    return {code: name.strip() for code, name in names.items() if name and name.strip()}


def _check(collection: Collection) -> None:
    if not collection.names:
        raise WrongCollection("names")
    if any(len(name) > 80 for name in collection.names.values()):
        raise WrongCollection("names")
    if any(len(said) > 300 for said in collection.descriptions.values()):
        raise WrongCollection("descriptions")
    if collection.icon and collection.icon not in ICONS:
        raise WrongCollection("icon")
    parent = collection.parent
    if parent is None:
        return
    has_children = collection.pk is not None and collection.children.exists()
    if parent.pk == collection.pk or parent.parent_id is not None or has_children:
        raise WrongCollection("parent")


def _slug(names: dict[str, str]) -> str:
    base = slug_of(names.get("en") or next(iter(names.values())))[:50] or "collection"
    taken = set(Collection.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, 10_000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)

"""The shelves of the catalogue: made, named, moved, put to rest, with a picture."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.people.brands import logo_type
from tresen.core.people.refusals import InUse
from tresen.kit import files
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = ("names", "summaries", "icon", "position", "is_active")


def shelf_values(category: ServiceCategory) -> dict[str, Any]:
    """What a form shows, for its mark."""
    return values_of(category, FIELDS)


@transaction.atomic
def create_shelf(*, set: dict[str, Any], by: Actor) -> ServiceCategory:
    """A new one from FIELDS. Event `service_category.created`. Raises ValueError without a name."""
    if not any(set["names"].values()):
        raise ValueError("a service category needs a name")
    made = ServiceCategory.objects.create(**set)
    record("service_category.created", stream=made, by=by, changes={"names": [None, made.names]})
    return made


@transaction.atomic
def change_shelf(
    category: ServiceCategory, *, set: dict[str, Any], by: Actor, expected: str = ""
) -> ServiceCategory:  # fmt: skip
    """Changes FIELDS; at rest it is no longer offered with all that stands in it. Event
    `service_category.changed`, none when nothing changes. Raises ChangedMeanwhile, ValueError without a name."""
    locked = ServiceCategory.objects.select_for_update().get(pk=category.pk)
    refuse_if_changed(shelf_values(locked), expected)
    if "names" in set and not any(set["names"].values()):
        raise ValueError("a service category needs a name")
    changes = changed_fields(locked, set, FIELDS)
    if changes:
        take_over(locked, changes)
        locked.save()
        record("service_category.changed", stream=locked, by=by, changes=changes)
    return locked


@transaction.atomic
def delete_shelf(category: ServiceCategory, *, by: Actor) -> None:
    """One in which nothing stands is taken away. Event `service_category.deleted`. Raises InUse."""
    locked = ServiceCategory.objects.select_for_update().get(pk=category.pk)
    if names := [str(one) for one in Service.objects.filter(category=locked)]:
        raise InUse(names)
    record("service_category.deleted", stream=locked, by=by, changes={"names": [locked.names, None]})
    key = locked.picture_key
    locked.delete()
    if key:
        transaction.on_commit(lambda: files.remove(key))


def set_picture(row: Service | ServiceCategory, *, data: bytes | None, by: Actor) -> None:
    """Takes a PNG or JPEG (as a brand's logo) as the picture of a service or a shelf; None removes it. Event
    `service.changed` or `service_category.changed`. Raises WrongLogo. The old file goes once the change is safe."""
    kind, key = ("", "") if data is None else (logo_type(data), files.store_bytes(data).key)
    with transaction.atomic():
        locked = type(row).objects.select_for_update().get(pk=row.pk)
        old = locked.picture_key
        locked.picture_key, locked.picture_type = key, kind
        locked.save(update_fields=["picture_key", "picture_type"])
        if old or key:
            name = "service" if isinstance(row, Service) else "service_category"
            record(f"{name}.changed", stream=locked, by=by, changes={"picture": [bool(old), bool(key)]})
        if old:
            transaction.on_commit(lambda: files.remove(old))

"""The steps of a ticket's life: their names, order and defaults. The category of a status is fixed for good."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Status
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = ("names", "position", "is_default", "is_active")


def status_values(status: Status) -> dict[str, Any]:
    """What a form shows of a status, for its mark."""
    return values_of(status, FIELDS)


@transaction.atomic
def create_status(*, names: dict[str, str], category: str, position: int, by: Actor) -> Status:
    """A new status of a category. Event `status.created`. Raises ValueError for no such category or no name."""
    shown = next((name for name in (names.get("en"), *names.values()) if name), "")
    if category not in StatusCategory.values or not shown:
        raise ValueError("a status needs a name and a category")
    status = Status.objects.create(slug=_slug(shown), names=names, category=category, position=position)
    record("status.created", stream=status, by=by, changes={"names": [None, names], "category": [None, category]})
    return status


def _slug(name: str) -> str:
    base = slugify(name)[:36] or "status"
    taken = set(Status.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, 1000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


@transaction.atomic
def change_status(status: Status, *, set: dict[str, Any], by: Actor, expected: str = "") -> Status:
    """Changes names, position, is_default, is_active. Event `status.changed`.

    Each category always has one default, which is active: making one the default takes it from the other, and it
    cannot be given up or put to rest. Raises ChangedMeanwhile, InUse, KeyError.
    """
    # All of the category, in the order of their keys: those who make another the default stand in line.
    rows = Status.objects.select_for_update(no_key=True).filter(category=status.category).order_by("pk")
    locked = {row.pk: row for row in rows}[status.pk]
    refuse_if_changed(status_values(locked), expected)
    changes = changed_fields(locked, set, FIELDS)
    was_default, becomes_default = locked.is_default, changes.get("is_default", [None, None])[1]
    if becomes_default is False or (was_default and changes.get("is_active") == [True, False]):
        raise InUse([str(locked)])
    if becomes_default and not set.get("is_active", locked.is_active):
        raise InUse([str(locked)])
    if becomes_default:
        Status.objects.filter(category=locked.category, is_default=True).update(is_default=False)
    take_over(locked, changes)
    locked.save()
    if changes:
        record("status.changed", stream=locked, by=by, changes=changes)
    return locked


def statuses_for(principal: Principal) -> QuerySet[Status]:
    """All statuses in their order for staff, none for anybody else."""
    found = Status.objects.order_by("position", "pk")
    return found if principal.is_staff else found.none()

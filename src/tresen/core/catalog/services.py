"""Services and their forms: made, changed, put to rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from tresen.core.catalog.fields import Field, Kind, checked, new_field
from tresen.core.catalog.models import Service, ServiceForm
from tresen.core.catalog.tasks import checked_children, checked_steps, names_for
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile, refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import differences
from tresen.spine.events.services import record

PLAIN = (
    "names", "summaries", "descriptions", "next_steps", "icon", "category", "kind", "audience", "ticket_category",
    "type", "team", "impact", "urgency", "asks_reach", "price_kind", "price", "currency", "hours", "price_texts",
    "position", "is_active",
)  # fmt: skip
MANY = ("brands", "organisations")
TASKS = ("steps", "children")


def newest_form(service: Service) -> ServiceForm:
    """That with which one asks for it now."""
    return service.forms.order_by("-number")[0]


def form_numbered(service: Service, number: int | None) -> ServiceForm:
    """The version that somebody was shown; the newest where there is none with that number."""
    seen: ServiceForm | None = service.forms.filter(number=number or 0).first()
    return seen or newest_form(service)


def service_values(service: Service) -> dict[str, Any]:
    """What its page shows, for its mark; rows by their keys."""
    many = {name: sorted(getattr(service, name).values_list("pk", flat=True)) for name in MANY}
    return {**values_of(service, PLAIN), **many}


def task_values(service: Service) -> dict[str, Any]:
    """What the page of its tasks shows, for its mark."""
    return values_of(service, TASKS)


def first_fields() -> list[Field]:
    """The form of a service for which nobody has made one: one question."""
    labels = {"en": "What do you need?", "de": "Was brauchen Sie?", "pl": "Czego Pan/Pani potrzebuje?"}
    return [new_field(Kind.LONG_TEXT.value, labels, required=True)]


@transaction.atomic
def create_service(*, set: dict[str, Any], by: Actor, fields: Sequence[Field] | None = None) -> Service:
    """A new one from PLAIN and MANY, with its form. Event `service.created`. Raises WrongForm, ValueError without a
    name."""
    names = set["names"]
    shown = next((name for name in (names.get("en"), *names.values()) if name), "")
    if not shown:
        raise ValueError("a service needs a name")
    plain = {name: value for name, value in set.items() if name in PLAIN}
    made = Service.objects.create(slug=_slug(shown), **plain)
    for name in MANY:
        getattr(made, name).set(set.get(name, ()))
    _keep_form(made, 1, checked(first_fields() if fields is None else fields), by)
    record("service.created", stream=made, by=by, changes={"name": [None, made.slug], "names": [None, names]})
    return made


def _slug(name: str) -> str:
    base = slugify(name)[:36] or "service"
    taken = set(Service.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, 1000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


@transaction.atomic
def change_service(service: Service, *, set: dict[str, Any], by: Actor, expected: str = "") -> Service:
    """Changes PLAIN and MANY. Event `service.changed`, none when nothing changes. Raises ChangedMeanwhile, KeyError,
    ValueError without a name."""
    locked = _lock(service)
    before = service_values(locked)
    refuse_if_changed(before, expected)
    if "names" in set and not any(set["names"].values()):
        raise ValueError("a service needs a name")
    for name, value in set.items():
        if name in MANY:
            getattr(locked, name).set(value)
        elif name in PLAIN:
            setattr(locked, name, value)
        else:
            raise KeyError(name)
    return _saved(locked, differences(before, service_values(locked)), by)


@transaction.atomic
def change_tasks(
    service: Service, *, steps: Sequence[str], children: Sequence[Any], by: Actor, expected: str = ""
) -> Service:  # fmt: skip
    """What is to be done once work begins; tickets that are there keep what they have. Event `service.changed`, none
    when nothing changes. Raises WrongTask, ChangedMeanwhile."""
    locked = _lock(service)
    before = task_values(locked)
    refuse_if_changed(before, expected)
    known = names_for(newest_form(locked).fields)
    locked.steps, locked.children = checked_steps(steps, known), checked_children(children, known)
    return _saved(locked, differences(before, task_values(locked)), by)


@transaction.atomic
def change_form(service: Service, *, fields: Sequence[Field], by: Actor, newest: int | None = None) -> ServiceForm:
    """Other fields are a new version; requests keep theirs. `newest`: the version that was the newest when they were
    written. Event `service.changed`, none when nothing changes. Raises WrongForm, ChangedMeanwhile."""
    locked = _lock(service)
    now = newest_form(locked)
    if newest is not None and now.number != newest:
        raise ChangedMeanwhile({"version": now.number})
    kept = checked(fields)
    if kept == now.fields:
        return now
    made = _keep_form(locked, now.number + 1, kept, by)
    _saved(locked, {"form": [now.number, made.number]}, by)
    return made


def return_to(service: Service, number: int, *, by: Actor, newest: int | None = None) -> ServiceForm:
    """The form is again what it was under that number, as a new version. Event `service.changed`, none where it is that
    already. Raises ServiceForm.DoesNotExist, ChangedMeanwhile."""
    return change_form(service, fields=service.forms.get(number=number).fields, by=by, newest=newest)


def _lock(service: Service) -> Service:
    return Service.objects.select_for_update(of=("self",)).get(pk=service.pk)


def _saved(service: Service, changes: dict[str, Any], by: Actor) -> Service:
    if changes:
        service.version += 1
        service.save()
        record("service.changed", stream=service, by=by, changes=changes)
    return service


def _keep_form(service: Service, number: int, fields: Sequence[Field], by: Actor) -> ServiceForm:
    return ServiceForm.objects.create(
        service=service, number=number, fields=list(fields), made_at=clock.now(), by_name=by.name[:200]
    )

"""Custom fields: made, named, put to rest; and their values on one ticket, inside the transaction of its change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.field_models import CustomField, FieldKind, FieldValue, Outline, Required
from tresen.core.tickets.field_values import KEY, checked, rows_of
from tresen.core.tickets.first_team import team_wanted
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.querysets import CustomFieldQuerySet
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = (
    "names", "helps", "choices", "types", "teams", "brands", "required", "default", "is_searched",
    "for_customers", "position", "is_active",
)  # fmt: skip
MOST_CHOICES = 100
MOST_FIELDS = 100


class FieldRefused(ValueError):
    """A field cannot be so; `field` says which part: name, choices."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def fields_for(principal: Principal) -> CustomFieldQuerySet:
    """All of them in their order, for staff."""
    return CustomField.objects.visible_to(principal).order_by("position", "pk")


def field_values_for_mark(field: CustomField) -> dict[str, Any]:
    """What a form shows of a field, for its mark."""
    return values_of(field, FIELDS)


@transaction.atomic
def create_field(*, names: dict[str, str], kind: str, by: Actor, **more: Any) -> CustomField:
    """A new field, of a kind that it keeps for good. Event `field.created`. Raises FieldRefused."""
    name = next((name for name in (names.get("en"), *names.values()) if name), "")
    if not name or kind not in FieldKind.values or CustomField.objects.count() >= MOST_FIELDS:
        raise FieldRefused("name")
    more["choices"] = merged_choices(kind, [], more.get("choices") or [])
    field = CustomField.objects.create(slug=_slug(name), names=names, kind=kind, **more)
    record("field.created", stream=field, by=by, changes={"name": field.slug, "kind": [None, kind]})
    return field


@transaction.atomic
def change_field(field: CustomField, *, set: dict[str, Any], by: Actor, expected: str = "") -> CustomField:
    """Changes all but kind and short name. A choice that is no longer named stays readable and is no longer offered.
    Event `field.changed`. Raises ChangedMeanwhile, FieldRefused, KeyError."""
    locked = CustomField.objects.select_for_update().get(pk=field.pk)
    refuse_if_changed(field_values_for_mark(locked), expected)
    if "choices" in set:
        set = {**set, "choices": merged_choices(locked.kind, locked.choices, set["choices"])}
    if set.keys() & {"choices", "default"}:
        set = {**set, "default": _default(locked, set)}
    changes = changed_fields(locked, set, FIELDS)
    take_over(locked, changes)
    locked.save()
    if changes:
        record("field.changed", stream=locked, by=by, changes={"name": locked.slug, **changes})
    return locked


def _default(field: CustomField, wanted: Mapping[str, Any]) -> Any:
    """As it is kept; a choice that is no longer offered is none. Raises FieldRefused."""
    after = CustomField(kind=field.kind, choices=wanted.get("choices", field.choices))
    try:
        return checked(after, wanted.get("default", field.default))
    except ValueError as fault:
        if "default" in wanted and field.kind not in (FieldKind.CHOICE, FieldKind.CHOICES):
            raise FieldRefused("default") from fault
        return None


def merged_choices(kind: str, before: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The wanted choices in their order, each with a short name; behind them, out of use, those that were there before.
    Raises FieldRefused."""
    if kind not in (FieldKind.CHOICE, FieldKind.CHOICES):
        return []
    found: dict[str, dict[str, Any]] = {}
    taken, written = {one["slug"]: _called(one) for one in before}, set[str]()
    for one in wanted:
        name = _called(one)
        slug = one.get("slug") or _choice_slug(name, {slug for slug, kept in taken.items() if kept != name})
        if not name or name in written or slug in found:
            raise FieldRefused("choices")
        written.add(name)
        taken[slug] = name
        found[slug] = {"slug": slug, "names": one["names"], "is_active": True}
    for old in before:
        found.setdefault(old["slug"], {**old, "is_active": False})
    if not wanted or len(found) > MOST_CHOICES:
        raise FieldRefused("choices")
    return list(found.values())


def _called(choice: Mapping[str, Any]) -> str:
    """What a choice is told apart by: its English name, or the first it has."""
    names = choice["names"]
    return next((name.casefold() for name in (names.get("en"), *names.values()) if name), "")


def _choice_slug(name: str, taken: set[str]) -> str:
    """None that another choice has: “C++” and “C#” are two. One that comes back has its own again."""
    base = slugify(name)[:36] or "choice"
    return next(slug for n in range(1, 1000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def _slug(name: str) -> str:
    """Not one that a search line knows otherwise; it begins with a letter, as the search line demands."""
    base = re.sub(r"^[^a-z]+", "", slugify(name))[:36] or "field"
    taken = {*CustomField.objects.values_list("slug", flat=True), *table("FIELD_NAMES_TAKEN")()}
    return next(slug for n in range(1, 1000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def change_values(ticket: Ticket, wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets values on the (locked, unsaved) ticket: `{"rack": 12, "seen": None}`; says what changed as an event does.
    The rows by which they are looked for are saved at once. Raises WrongEntry."""
    known = {field.slug: field for field in CustomField.objects.filter(slug__in=list(wanted))}
    changes: dict[str, list[Any]] = {}
    for slug, value in wanted.items():
        field, old = known.get(slug), ticket.fields.get(slug)
        if field is None:
            raise WrongEntry(slug)
        try:
            new = checked(field, value, old)
        except ValueError as fault:
            raise WrongEntry(slug) from fault
        if new == old and type(new) is type(old):
            continue
        if new is not None and not field.is_active:
            raise WrongEntry(slug)
        changes[KEY + slug] = [old, new]
        ticket.fields = {name: kept for name, kept in ticket.fields.items() if name != slug}
        if new is not None:
            ticket.fields[slug] = new
        FieldValue.objects.filter(ticket=ticket, field=field).delete()
        FieldValue.objects.bulk_create(_of(ticket, row) for row in rows_of(field, new))
    return changes


class WrongEntry(ValueError):
    """A custom field cannot have that value; `slug` names it."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"wrong value for {slug}")
        self.slug = slug


def _of(ticket: Ticket, row: FieldValue) -> FieldValue:
    row.ticket = ticket
    return row


def missing_to_solve(ticket: Ticket, wanted: Mapping[str, Any], by: Actor) -> str:
    """The first field that an agent must fill in before the ticket may have the wanted status, as it becomes with all
    that is wanted; empty where there is none. Customers, rules and mail are never held up by it."""
    status = wanted.get("status")
    if by.kind != "agent" or not isinstance(status, Status) or status.category not in FINISHED:
        return ""
    if ticket.status_category in FINISHED:
        return ""
    asked = CustomField.objects.active().exclude(required=Required.NEVER)
    return _first_empty(asked, _becoming(ticket, wanted), {**ticket.fields, **(wanted.get("fields") or {})})


def _becoming(ticket: Ticket, wanted: Mapping[str, Any]) -> Outline:
    team_id, brand = ticket.team_id, wanted.get("brand")
    if "team" in wanted:
        team_id = wanted["team"].pk if wanted["team"] else None
    elif brought := team_wanted(ticket, dict(wanted)):
        team_id = brought.team.pk
    return Outline(wanted.get("type", ticket.type), team_id, brand.pk if brand else ticket.brand_id)


def unfinished(tickets: Iterable[Ticket], status: Status) -> list[tuple[Ticket, CustomField]]:
    """Those of the tickets that may not have the status yet, with the field to be filled in first. One query."""
    if status.category not in FINISHED:
        return []
    asked = {field.slug: field for field in CustomField.objects.active().exclude(required=Required.NEVER)}
    open_ones = (ticket for ticket in tickets if ticket.status_category not in FINISHED)
    found = ((ticket, _first_empty(asked.values(), ticket, ticket.fields)) for ticket in open_ones)
    return [(ticket, asked[slug]) for ticket, slug in found if slug]


def missing_at_start(asked: Iterable[CustomField], ticket: Ticket) -> str:
    """The first of the fields that a person was asked for and had to fill in to make the ticket, perhaps a solved one;
    empty where there is none."""
    at_once = {Required.ALWAYS, *((Required.TO_SOLVE,) if ticket.status_category in FINISHED else ())}
    return _first_empty((field for field in asked if field.required in at_once), ticket, ticket.fields)


def _first_empty(asked: Iterable[CustomField], ticket: Ticket | Outline, given: Mapping[str, Any]) -> str:
    filled = {slug for slug, value in given.items() if value is not None and value != [] and str(value).strip()}
    return next((f.slug for f in asked if f.fits(ticket) and f.slug not in filled), "")


def starting_values(asked: Iterable[CustomField], about: Outline, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, and of the fields that were left out what stands in them to begin with."""
    left_out = (field for field in asked if field.slug not in given and field.default is not None)
    return {**{field.slug: field.default for field in left_out if field.fits(about)}, **given}

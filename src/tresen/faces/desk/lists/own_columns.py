"""Fields of the desk's own as columns of a list, and the orders by them. Their definitions are read in one query, for a
list that names some; a list without them asks nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from django.db.models import Case, Exists, F, FloatField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tresen.core.tickets.field_models import CustomField, FieldKind, FieldValue
from tresen.core.tickets.field_values import rows_of
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.lists.ordering import Key, Order
from tresen.kit.prepared import prepared
from tresen.service.views.choices import OWN, own_slug

# What a ticket without a value is sorted as: behind the others, whichever way. Beyond what a field can hold; before a
# text goes another key.
_BEYOND = 1e15
_ENDS = (datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
_COLUMNS: dict[str, str] = {
    FieldKind.TEXT: "word", FieldKind.NUMBER: "number", FieldKind.YES_NO: "number", FieldKind.DATE: "at",
    FieldKind.DATE_TIME: "at", FieldKind.CHOICE: "place",
}  # fmt: skip


def own_fields(columns: Iterable[str], sort: str = "") -> tuple[CustomField, ...]:
    """The fields that the columns name, in their order, and that of the order; one query where any is named."""
    slugs = tuple(slug for name in (*columns, sort) if (slug := own_slug(name)))
    if not slugs:
        return ()
    found = {field.slug: field for field in _named.rows(frozenset(slugs))}
    return tuple(found[slug] for slug in dict.fromkeys(slugs) if slug in found)


@prepared
def _named(slugs: frozenset[str]) -> QuerySet[CustomField]:
    return CustomField.objects.filter(slug__in=slugs)


def own_sorts(field: CustomField) -> tuple[str, ...]:
    """The names of the orders by a field, there and back. Long texts, addresses and several choices have none that says
    anything."""
    return (OWN + field.slug, f"-{OWN}{field.slug}") if field.kind in _COLUMNS else ()


def own_order(sort: str, fields: Iterable[CustomField]) -> Order | None:
    """The order of that name, `f-rack` or `-f-rack`; None where it is none of these fields'."""
    field = next((field for field in fields if sort in own_sorts(field)), None)
    if field is None:
        return None
    back = sort.startswith("-")
    choices = tuple(choice["slug"] for choice in field.choices)
    key = Key(
        f"own_{field.pk}", back, made_of=_made_of(field.pk, field.kind, choices, back), read=partial(_read, field, back)
    )
    keys: tuple[Key, ...] = (key,)
    if _COLUMNS[field.kind] == "word" and not back:  # no text stands behind all others
        keys = (Key(f"own_{field.pk}_none", made_of=_is_empty(field.pk), read=partial(_reads_empty, field)), key)
    return Order("updated_at", True, order_name(field, back=back), keys, bounded=True, own=sort)


def order_name(field: CustomField, *, back: bool) -> str:
    """What the order by a field is called."""
    words = _("by “%(field)s”, last first") if back else _("by “%(field)s”")
    return words % {"field": field.name}


def _nothing(column: str, back: bool) -> Any:
    if column == "word":
        return ""
    return _ENDS[not back] if column == "at" else -_BEYOND if back else _BEYOND


@lru_cache(maxsize=512)
def _made_of(field: int, kind: str, choices: tuple[str, ...], back: bool) -> Any:
    """The same object for the same order, so that prepared queries know it again."""
    column = _COLUMNS[kind]
    value: Any = F(column)
    if column == "place":
        places = (When(word=slug, then=Value(float(place))) for place, slug in enumerate(choices))
        value = Case(*places, output_field=FloatField())
    rows = FieldValue.objects.filter(ticket=OuterRef("pk"), field=field).order_by("pk")
    return Coalesce(Subquery(rows.annotate(sorted_by=value).values("sorted_by")[:1]), Value(_nothing(column, back)))


@lru_cache(maxsize=512)
def _is_empty(field: int) -> Any:
    """1 for a ticket without a value, else 0."""
    filled = Exists(FieldValue.objects.filter(ticket=OuterRef("pk"), field=field))
    return Case(When(filled, then=Value(0)), default=Value(1))


def _reads_empty(field: CustomField, ticket: Ticket) -> int:
    return 0 if rows_of(field, ticket.fields.get(field.slug)) else 1


def _read(field: CustomField, back: bool, ticket: Ticket) -> Any:
    """The same of a ticket that is at hand."""
    column, rows = _COLUMNS[field.kind], rows_of(field, ticket.fields.get(field.slug))
    if column == "place":
        places = [float(n) for n, choice in enumerate(field.choices) if rows and choice["slug"] == rows[0].word]
        return places[0] if places else _nothing(column, back)
    return getattr(rows[0], column) if rows else _nothing(column, back)

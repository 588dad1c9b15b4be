"""Lists page by key, never by offset. A cursor is opaque, signed, and good for the list it came from only."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast

import orjson
from django.db.models import Field as Column
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tresen.faces.api.problems import Problem, query_error
from tresen.kit.crypto import derived_key, mac128, same

MAX_LIMIT = 100
M = TypeVar("M", bound=Model)


class ListQuery(BaseModel):
    """Parameters of every list."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="entries on a page")] = 50
    cursor: Annotated[str | None, Field(description="`next` of the page before")] = None
    sort: Annotated[str | None, Field(description="field to sort by, with `-` in front for the other way round")] = None


class SearchedListQuery(ListQuery):
    """Parameters of a list that can be searched."""

    query: Annotated[str, Field(description="what to look for")] = ""


def page(
    rows: QuerySet[M], query: ListQuery, *, name: str, sorts: Mapping[str, str], default: str
) -> tuple[list[M], str | None]:
    """One page of the rows and the cursor of the next, None on the last.

    `sorts`: names a caller may sort by and their columns, which must not be null; `default`: a name with or without
    `-`. `name` names the list within the cursor. Raises Problem (400) for an unknown sort or a foreign cursor.
    """
    sort = query.sort if query.sort is not None else default
    column = sorts.get(sort.removeprefix("-"))
    if column is None:
        known = ", ".join(sorts)
        raise _wrong("sort", _("This list can be sorted by: %(names)s.") % {"names": known})
    down = sort.startswith("-")
    place = f"{name}\0{sort}\0{getattr(query, 'query', '')}"
    if query.cursor is not None:
        rows = rows.filter(_after(rows, column, down, _open(query.cursor, place)))
    found = list(rows.order_by(*_order(column, down))[: query.limit + 1])
    if len(found) <= query.limit:
        return found, None
    found = found[: query.limit]
    last = found[-1]
    value = None if column == "pk" else getattr(last, column)
    return found, _seal([value.isoformat() if isinstance(value, datetime) else value, last.pk], place)


def _order(column: str, down: bool) -> list[str]:
    sign = "-" if down else ""
    return [f"{sign}pk"] if column == "pk" else [f"{sign}{column}", f"{sign}pk"]


def _after(rows: QuerySet[M], column: str, down: bool, key: list[Any]) -> Q:
    way = "lt" if down else "gt"
    beyond = Q(**{f"pk__{way}": key[1]})
    if column == "pk":
        return beyond
    value = cast("Column[Any, Any]", rows.model._meta.get_field(column)).to_python(key[0])
    # The first condition alone lets the database use the index of the column.
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | beyond)


def _seal(key: list[Any], place: str) -> str:
    body = base64.urlsafe_b64encode(orjson.dumps(key, default=str)).decode().rstrip("=")
    return f"{body}.{mac128(derived_key('api-cursor'), place, body)}"


def _open(cursor: str, place: str) -> list[Any]:
    body, _dot, mac = cursor.partition(".")
    if len(cursor) > 1000 or not cursor.isascii() or not same(mac, mac128(derived_key("api-cursor"), place, body)):
        raise _wrong("cursor", _("This cursor does not belong to this list. Begin again without one."))
    key: list[Any] = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return key


def _wrong(name: str, detail: str) -> Problem:
    return Problem("wrong-input", detail, errors=[query_error(name, detail)])

"""/collections: the shelves of the knowledge base."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.knowledge.collections import (
    WrongCollection,
    change_collection,
    collection_values,
    create_collection,
)
from tresen.core.knowledge.models import Collection
from tresen.core.people.models import Brand
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.api.answers import answer, resource
from tresen.faces.api.changing import Change, change_as_seen
from tresen.faces.api.knowledge import output, schemas
from tresen.faces.api.knowledge.articles import rows_of
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import WrongField

router = Router(tags=["knowledge"])
SORTS = {"position": "position", "id": "pk"}


@router.get("/collections", response=schemas.Collections, url_name="collections", operation_id="list_collections")
def list_collections(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Collections as they stand, also those at rest."""
    rows = Collection.objects.visible_to(principal_of(request)).prefetch_related("brands")
    found, after = page(rows, params, name="collections", sorts=SORTS, default="position")
    return answer(schemas.Collections(items=list(map(output.collection, found)), next=after))


@router.post("/collections", response={201: schemas.Collection}, url_name="collection-create",
             operation_id="create_collection")  # fmt: skip
def create(request: HttpRequest, body: schemas.CollectionCreate) -> HttpResponse:
    """A new collection, the last of its row."""
    principal = principal_of(request)
    require(principal, "collection.manage")
    wanted = _wanted(principal, body.given())
    wanted.pop("is_active", None)

    def act() -> HttpResponse:
        try:
            return _show(create_collection(**wanted, by=principal.actor), status=201)
        except WrongCollection as fault:
            raise _wrong(fault) from fault

    return once(request, act)


@router.get("/collections/{int:collection_id}", response=schemas.Collection, url_name="collection",
            operation_id="get_collection")  # fmt: skip
def get_one(request: HttpRequest, collection_id: int) -> HttpResponse:
    """One collection."""
    return _show(_one(request, collection_id))


@router.patch("/collections/{int:collection_id}", response=schemas.Collection, url_name="collection-change",
              operation_id="change_collection")  # fmt: skip
def change(request: HttpRequest, collection_id: int, body: schemas.CollectionChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed it meanwhile."""
    principal, row = principal_of(request), _one(request, collection_id)
    require(principal, "collection.manage", row)

    def prepare() -> Change:
        wanted = _wanted(principal, body.given())

        def act(*, expected: str) -> HttpResponse:
            try:
                return _show(change_collection(row, set=wanted, by=principal.actor, expected=expected))
            except WrongCollection as fault:
                raise _wrong(fault) from fault

        return act

    return change_as_seen(request, row, shown=output.collection, values=collection_values, prepare=prepare)


def _one(request: HttpRequest, key: int) -> Collection:
    return get_object_or_404(Collection.objects.visible_to(principal_of(request)), pk=key)


def _show(row: Collection, *, status: int = 200) -> HttpResponse:
    return resource(output.collection(row), f"collections/{row.pk}", status=status)


def _wanted(principal: Principal, given: dict[str, Any]) -> dict[str, Any]:
    wanted = dict(given)
    if "active" in wanted:
        wanted["is_active"] = wanted.pop("active")
    if wanted.get("parent") is not None:
        wanted["parent"] = rows_of(Collection.objects.visible_to(principal), [wanted["parent"]], "parent")[0]
    if "brands" in wanted:
        wanted["brands"] = rows_of(Brand.objects.visible_to(principal), wanted["brands"], "brands")
    return wanted


def _wrong(fault: WrongCollection) -> WrongField:
    return WrongField(fault.field, _("This value is not possible here."))

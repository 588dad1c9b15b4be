"""/statuses, /categories, /fields, /tags, /search."""

from __future__ import annotations

from typing import Annotated

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from tresen.core.people.principals import principal_of
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.models import Status, Tag
from tresen.faces.api.answers import answer
from tresen.faces.api.paging import MAX_LIMIT, ListQuery, SearchedListQuery, page
from tresen.faces.api.problems import Problem, query_error
from tresen.faces.api.tickets import output, schemas
from tresen.service.search.query import QueryError
from tresen.service.search.services import search_tickets

router = Router(tags=["lists"])


class SearchQuery(BaseModel):
    """Parameters of the search."""

    query: Annotated[str, Field(description="a line in the search language of the desk")]
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="entries on a page")] = 50
    cursor: Annotated[str | None, Field(description="`next` of the page before")] = None


@router.get("/statuses", response=schemas.Statuses, url_name="statuses", operation_id="list_statuses")
def list_statuses(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The statuses of this desk, in their order."""
    statuses = Status.objects.visible_to(principal_of(request))
    rows, after = page(statuses, params, name="statuses", sorts={"position": "position"}, default="position")
    return answer(schemas.Statuses(items=list(map(output.status, rows)), next=after))


@router.get("/categories", response=schemas.Categories, url_name="categories", operation_id="list_categories")
def list_categories(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The categories of this desk by short name, also those that are not in use."""
    rows = Category.objects.visible_to(principal_of(request)).select_related("parent")
    found, after = page(rows, params, name="categories", sorts={"slug": "slug"}, default="slug")
    return answer(schemas.Categories(items=list(map(output.category, found)), next=after))


@router.get("/fields", response=schemas.CustomFields, url_name="fields", operation_id="list_fields")
def list_fields(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The fields of this desk's own, also those that are not in use."""
    rows = fields_for(principal_of(request))
    found, after = page(rows, params, name="fields", sorts={"slug": "slug"}, default="slug")
    return answer(schemas.CustomFields(items=list(map(output.custom_field, found)), next=after))


@router.get("/tags", response=schemas.Tags, url_name="tags", operation_id="list_tags")
def list_tags(request: HttpRequest, params: Query[SearchedListQuery]) -> HttpResponse:
    """The tags of this desk. `query`: a part of the name."""
    tags = Tag.objects.visible_to(principal_of(request))
    if wanted := params.query.strip():
        tags = tags.filter(name__icontains=wanted[:40])
    rows, after = page(tags, params, name="tags", sorts={"name": "name"}, default="name")
    return answer(schemas.Tags(items=[schemas.Tag(name=row.name) for row in rows], next=after))


@router.get("/search", response=schemas.SearchAnswer, url_name="search", operation_id="search")
def search(request: HttpRequest, params: Query[SearchQuery]) -> HttpResponse:
    """Tickets by words, numbers and fields, newest first."""
    try:
        found = search_tickets(principal_of(request), params.query, limit=params.limit, cursor=params.cursor)
    except QueryError as fault:
        field = "cursor" if fault.code == "bad_cursor" else "query"
        detail = _("The search line cannot be understood.")
        raise Problem("wrong-input", detail, errors=[query_error(field, str(fault))]) from fault
    prefetch_related_objects(found.items, "tags", "requester__identities")
    items = [schemas.Found(type="ticket", ticket=output.ticket(row)) for row in found.items]
    shown = schemas.SearchAnswer(
        items=items, next=found.next, total=found.total, more_than_total=found.has_more_than_total
    )
    return answer(shown)

"""/views: the saved views one has in the column."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tresen.core.people.principals import principal_of
from tresen.faces.api.answers import answer
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.tickets import schemas
from tresen.service.views.choices import DEFAULT_COLUMNS
from tresen.service.views.models import SavedView

router = Router(tags=["lists"])


@router.get("/views", response=schemas.Views, url_name="views", operation_id="list_views")
def list_views(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Saved views: your own, your teams' and everybody's. Give a view's `query` to `/tickets` to read what it holds."""
    views = SavedView.objects.visible_to(principal_of(request)).kept().select_related("team")
    rows, after = page(views, params, name="views", sorts={"name": "name", "created_at": "pk"}, default="name")
    return answer(schemas.Views(items=[_shown(row) for row in rows], next=after))


def _shown(row: SavedView) -> schemas.View:
    return schemas.View(
        id=row.pk, name=row.name, query=row.query, audience=row.audience, team=row.team.slug if row.team else None,
        sort=row.sort, grouping=row.grouping or None, columns=list(row.columns or DEFAULT_COLUMNS), icon=row.icon,
        version=row.version,
    )  # fmt: skip

"""/surveys: who was asked after solving, and what he said."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tresen.core.people.principals import principal_of
from tresen.faces.api.answers import answer
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.surveys.schemas import Rating, Ratings
from tresen.service.surveys.models import Asked

router = Router(tags=["surveys"])


@router.get("/surveys", response=Ratings, url_name="surveys", operation_id="list_surveys")
def list_surveys(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Everybody who was asked about a ticket that you see, the newest first, with the rating where there is one."""
    rows = Asked.objects.visible_to(principal_of(request)).counting().select_related("ticket", "team")
    sorts = {"asked_at": "asked_at", "id": "pk"}
    found, after = page(rows, params, name="surveys", sorts=sorts, default="-asked_at")
    return answer(Ratings(items=[_rating(row) for row in found], next=after))


def _rating(row: Asked) -> Rating:
    return Rating(
        id=row.pk, ticket=row.ticket.number, contact=row.contact_id, scale=row.scale, rating=row.rating,
        words=row.words, asked_at=row.asked_at or row.due_at, rated_at=row.rated_at,
        team=row.team.slug if row.team else None, level=row.level,
    )  # fmt: skip

"""/organisations: the companies, councils and practices that contacts belong to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.people import models
from tresen.core.people.organisations import (
    StaleOrganisation,
    WrongOrganisation,
    create_organisation,
    update_organisation,
)
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.faces.api.answers import answer, content_etag, if_match, resource
from tresen.faces.api.once import once
from tresen.faces.api.paging import SearchedListQuery, page
from tresen.faces.api.people import output, schemas
from tresen.faces.api.problems import Problem, WrongField, stale_now

router = Router(tags=["people"])
SORTS = {"name": "name", "created_at": "pk"}


@router.get(
    "/organisations", response=schemas.Organisations, url_name="organisations", operation_id="list_organisations"
)
def list_organisations(request: HttpRequest, params: Query[SearchedListQuery]) -> HttpResponse:
    """Organisations by name. `query`: a part of the name."""
    found = models.Organisation.objects.visible_to(principal_of(request))
    if wanted := params.query.strip():
        found = found.filter(name__icontains=wanted[:160])
    rows, after = page(found, params, name="organisations", sorts=SORTS, default="name")
    return answer(schemas.Organisations(items=list(map(output.organisation, rows)), next=after))


@router.post(
    "/organisations", response={201: schemas.Organisation}, url_name="organisation-create",
    operation_id="create_organisation",
)  # fmt: skip
def create(request: HttpRequest, body: schemas.OrganisationCreate) -> HttpResponse:
    """A new organisation. `domains`: contacts who write from there are put into it."""
    principal = principal_of(request)
    require(principal, "organisation.change")

    def act() -> HttpResponse:
        try:
            made = create_organisation(**_given(body), by=principal.actor)
        except WrongOrganisation as fault:
            raise _wrong(fault) from fault
        return _show(made, status=201)

    return once(request, act)


@router.get(
    "/organisations/{int:organisation_id}", response=schemas.Organisation, url_name="organisation",
    operation_id="get_organisation",
)  # fmt: skip
def get_one(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation."""
    return _show(_one(request, organisation_id))


@router.patch(
    "/organisations/{int:organisation_id}", response=schemas.Organisation, url_name="organisation-change",
    operation_id="change_organisation",
)  # fmt: skip
def change(request: HttpRequest, organisation_id: int, body: schemas.OrganisationChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed the organisation meanwhile."""
    principal = principal_of(request)
    organisation = _one(request, organisation_id)
    require(principal, "organisation.change", organisation)
    if not if_match(request, content_etag(output.organisation(organisation))):
        raise _stale(organisation)
    seen = {field: getattr(organisation, field) for field in ("name", "domains", "notes", "is_vip")}

    def act() -> HttpResponse:
        try:
            changed = update_organisation(
                organisation, set=_given(body), by=principal.actor,
                expected=seen if "If-Match" in request.headers else None,
            )  # fmt: skip
        except StaleOrganisation as fault:
            raise _stale(fault.organisation) from fault
        except WrongOrganisation as fault:
            raise _wrong(fault) from fault
        return _show(changed)

    return once(request, act)


def _given(body: schemas.OrganisationChange) -> dict[str, Any]:
    given: dict[str, Any] = body.given()
    return {"is_vip" if name == "vip" else name: value for name, value in given.items()}


def _one(request: HttpRequest, key: int) -> models.Organisation:
    return get_object_or_404(models.Organisation.objects.visible_to(principal_of(request)), pk=key)


def _show(row: models.Organisation, *, status: int = 200) -> HttpResponse:
    return resource(output.organisation(row), f"organisations/{row.pk}", status=status)


def _stale(row: models.Organisation) -> Problem:
    shown = output.organisation(row)
    detail = _("The organisation is no longer as your If-Match says. Here is how it is now.")
    return stale_now(detail, shown, content_etag(shown))


def _wrong(fault: WrongOrganisation) -> WrongField:
    return WrongField(fault.field, _("This value is not possible here."))

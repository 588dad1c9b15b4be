"""/agents, /roles, /teams, /brands: those who answer. Teams can be changed by whoever has the right to."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.people import models
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.people.teams import StaleTeam, WrongTeam, create_team, update_team
from tresen.faces.api.answers import answer, content_etag, if_match, resource
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.people import output, schemas
from tresen.faces.api.problems import Problem, WrongField, stale_now

router = Router(tags=["people"])
_PLACES = Prefetch("memberships", models.TeamMembership.objects.select_related("team"))


@router.get("/agents", response=schemas.Agents, url_name="agents", operation_id="list_agents")
def list_agents(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Agents, also those who can no longer sign in."""
    agents = models.Agent.objects.visible_to(principal_of(request)).prefetch_related(_PLACES)
    rows, after = page(agents, params, name="agents", sorts={"created_at": "pk"}, default="created_at")
    return answer(schemas.Agents(items=list(map(output.agent, rows)), next=after))


@router.get("/agents/{int:agent_id}", response=schemas.Agent, url_name="agent", operation_id="get_agent")
def get_agent(request: HttpRequest, agent_id: int) -> HttpResponse:
    """One agent."""
    agents = models.Agent.objects.visible_to(principal_of(request)).prefetch_related(_PLACES)
    return resource(output.agent(get_object_or_404(agents, pk=agent_id)), f"agents/{agent_id}")


@router.get("/roles", response=schemas.Roles, url_name="roles", operation_id="list_roles")
def list_roles(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The roles of this desk, with what each may do."""
    roles = models.Role.objects.visible_to(principal_of(request))
    rows, after = page(roles, params, name="roles", sorts={"key": "key"}, default="key")
    return answer(schemas.Roles(items=list(map(output.role, rows)), next=after))


@router.get("/teams", response=schemas.Teams, url_name="teams", operation_id="list_teams")
def list_teams(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Teams by name."""
    teams = models.Team.objects.visible_to(principal_of(request))
    rows, after = page(teams, params, name="teams", sorts={"name": "name"}, default="name")
    return answer(schemas.Teams(items=list(map(output.team, rows)), next=after))


@router.post("/teams", response={201: schemas.Team}, url_name="team-create", operation_id="create_team")
def create(request: HttpRequest, body: schemas.TeamCreate) -> HttpResponse:
    """A new team. For administrators."""
    principal = principal_of(request)
    require(principal, "team.manage")

    def act() -> HttpResponse:
        try:
            made = create_team(**body.given(), by=principal.actor)
        except WrongTeam as fault:
            raise _wrong(fault) from fault
        return _show(made, status=201)

    return once(request, act)


@router.get("/teams/{int:team_id}", response=schemas.Team, url_name="team", operation_id="get_team")
def get_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team."""
    return _show(_one(request, team_id))


@router.patch("/teams/{int:team_id}", response=schemas.Team, url_name="team-change", operation_id="change_team")
def change(request: HttpRequest, team_id: int, body: schemas.TeamChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed the team meanwhile. For administrators."""
    principal = principal_of(request)
    team = _one(request, team_id)
    require(principal, "team.manage", team)
    if not if_match(request, content_etag(output.team(team))):
        raise _stale(team)
    wanted: dict[str, Any] = body.given()
    if "active" in wanted:
        wanted["is_active"] = wanted.pop("active")
    seen = {field: getattr(team, field) for field in ("name", "slug", "description", "is_active")}

    def act() -> HttpResponse:
        expected = seen if "If-Match" in request.headers else None
        try:
            changed = update_team(team, set=wanted, by=principal.actor, expected=expected)
        except StaleTeam as fault:
            raise _stale(fault.team) from fault
        except WrongTeam as fault:
            raise _wrong(fault) from fault
        return _show(changed)

    return once(request, act)


@router.get("/brands", response=schemas.Brands, url_name="brands", operation_id="list_brands")
def list_brands(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Brands by name."""
    brands = models.Brand.objects.visible_to(principal_of(request))
    rows, after = page(brands, params, name="brands", sorts={"name": "name"}, default="name")
    return answer(schemas.Brands(items=list(map(output.brand, rows)), next=after))


@router.get("/brands/{int:brand_id}", response=schemas.Brand, url_name="brand", operation_id="get_brand")
def get_brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    """One brand."""
    found = get_object_or_404(models.Brand.objects.visible_to(principal_of(request)), pk=brand_id)
    return resource(output.brand(found), f"brands/{brand_id}")


def _one(request: HttpRequest, key: int) -> models.Team:
    return get_object_or_404(models.Team.objects.visible_to(principal_of(request)), pk=key)


def _show(row: models.Team, *, status: int = 200) -> HttpResponse:
    return resource(output.team(row), f"teams/{row.pk}", status=status)


def _stale(row: models.Team) -> Problem:
    shown = output.team(row)
    detail = _("The team is no longer as your If-Match says. Here is how it is now.")
    return stale_now(detail, shown, content_etag(shown))


def _wrong(fault: WrongTeam) -> Problem:
    field = "active" if fault.field == "is_active" else fault.field
    if fault.taken:
        return Problem("conflict", _("Another team has this name or short name."))
    return WrongField(field, _("This value is not possible here."))

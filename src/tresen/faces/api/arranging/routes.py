"""/levels, /rotas, /recurring, /procedures, /tickets/{number}/proposals: how the desk is arranged, to read."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tresen.core.people.models import Team
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.tickets.level_models import Level
from tresen.faces.api.answers import answer
from tresen.faces.api.arranging import schemas
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.tickets.finding import ticket_of
from tresen.kit import clock
from tresen.service.learning.models import Proposal
from tresen.service.oncall.models import Layer, Rota
from tresen.service.oncall.plans import plan_of
from tresen.service.oncall.telling import AHEAD, holes_of
from tresen.service.procedures.models import Procedure
from tresen.service.procedures.services import with_success
from tresen.service.recurring.models import OccurrenceState, Recurring

router = Router(tags=["arranging"])
BY_NAME = {"name": "name"}
MOST_HOLES = 20


@router.get("/levels", response=schemas.Levels, url_name="levels", operation_id="list_levels")
def list_levels(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The levels of the desk with their teams, also those at rest."""
    principal = principal_of(request)
    found = Level.objects.visible_to(principal)
    rows, after = page(found, params, name="levels", sorts={"number": "number"}, default="number")
    teams: dict[int, list[int]] = {}
    for key, number in Team.objects.visible_to(principal).active().order_by("name").values_list("pk", "level"):
        teams.setdefault(number, []).append(key)
    return answer(schemas.Levels(items=[_level(row, teams.get(row.number, [])) for row in rows], next=after))


@router.get("/rotas", response=schemas.Rotas, url_name="rotas", operation_id="list_rotas")
def list_rotas(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Who is on call for which level, and when nobody will be. For who arranges it."""
    require(principal_of(request), "level.manage")
    found = Rota.objects.visible_to(principal_of(request)).select_related("calendar").prefetch_related("layers")
    rows, after = page(found, params, name="rotas", sorts=BY_NAME, default="name")
    return answer(schemas.Rotas(items=list(map(_rota, rows)), next=after))


@router.get("/recurring", response=schemas.RecurringList, url_name="recurring", operation_id="list_recurring")
def list_recurring(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Tickets that come by the calendar, with the dates that were missed. For who arranges them."""
    require(principal_of(request), "sorting.manage")
    found = Recurring.objects.visible_to(principal_of(request)).select_related("category")
    rows, after = page(found, params, name="recurring", sorts=BY_NAME, default="name")
    return answer(schemas.RecurringList(items=list(map(_recurring, rows)), next=after))


@router.get("/procedures", response=schemas.Procedures, url_name="procedures", operation_id="list_procedures")
def list_procedures(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Guided diagnoses with their steps as they are now, and what came of them."""
    found = with_success(Procedure.objects.visible_to(principal_of(request)))
    found = found.select_related("category").prefetch_related("versions")
    rows, after = page(found, params, name="procedures", sorts=BY_NAME, default="name")
    return answer(schemas.Procedures(items=list(map(_procedure, rows)), next=after))


@router.get(
    "/tickets/{number}/proposals", response=schemas.Proposals, url_name="proposals", operation_id="list_proposals"
)
def list_proposals(request: HttpRequest, number: str, params: Query[ListQuery]) -> HttpResponse:
    """What the desk has learnt to propose for this ticket, how sure it was, and what became of that."""
    ticket = ticket_of(request, number)
    found = Proposal.objects.filter(ticket=ticket)
    rows, after = page(found, params, name=f"proposals {ticket.pk}", sorts={"made_at": "pk"}, default="made_at")
    return answer(schemas.Proposals(items=list(map(_proposal, rows)), next=after))


def _level(row: Level, teams: list[int]) -> schemas.Level:
    return schemas.Level(
        number=row.number, names={code: name for code, name in row.names.items() if name}, teams=teams,
        questions=row.questions, climbs=row.climbs, tells_leads=row.tells_leads, active=row.is_active,
    )  # fmt: skip


def _rota(row: Rota) -> schemas.Rota:
    now = clock.now()
    holes = holes_of(row, now, now + AHEAD) if row.is_active else []
    return schemas.Rota(
        id=row.pk, name=row.name, active=row.is_active, level=row.level, cover=row.cover, calendar=row.calendar_id,
        ack_minutes=row.ack_minutes, keeper=row.keeper_id, layers=[_layer(one) for one in row.layers.all()],
        on_call=plan_of(row, now, now + timedelta(seconds=1)).on_call(now) if row.is_active else [],
        holes=[schemas.Hole(starts_at=begin, ends_at=end) for begin, end in holes[:MOST_HOLES]],
    )  # fmt: skip


def _layer(row: Layer) -> schemas.Layer:
    return schemas.Layer(
        rank=row.rank, people=row.people, starts_on=row.starts_on, hands_over_at=row.hands_over_at, days=row.days,
        timezone=row.timezone, calendar=row.calendar_id,
    )  # fmt: skip


def _recurring(row: Recurring) -> schemas.Recurring:
    missed = row.occurrences.filter(state=OccurrenceState.MISSED).values_list("due_at", flat=True)[:MOST_HOLES]
    return schemas.Recurring(
        id=row.pk, name=row.name, active=row.is_active, subject=row.subject, team=row.team_id,
        category=row.category.slug if row.category else None, frequency=row.frequency, every=row.every,
        weekdays=row.weekdays, at=row.at, timezone=row.timezone, next_at=row.next_at, holes=list(missed),
        fault=row.fault or None,
    )  # fmt: skip


def _procedure(row: Procedure) -> schemas.Procedure:
    newest = row.versions.all()[0]
    counts = {name: getattr(row, name) for name in ("begun", "finished", "solved")}
    return schemas.Procedure(
        id=row.pk, name=row.name, active=row.is_active, category=row.category.slug, version=newest.number,
        steps=[schemas.Step(**step) for step in newest.steps], **counts,
    )  # fmt: skip


def _proposal(row: Proposal) -> schemas.Proposal:
    return schemas.Proposal(
        field=row.field, value=row.value, confidence=round(row.confidence, 4), words=row.words,
        automatic=row.is_automatic, state=row.state, made_at=row.made_at,
    )  # fmt: skip

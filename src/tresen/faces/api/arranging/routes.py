"""/levels, /rotas, /recurring, /procedures, /tickets/{number}/proposals: how the desk is arranged, to read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch
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
from tresen.service.oncall.plans import cover_of, plans_of
from tresen.service.oncall.telling import AHEAD
from tresen.service.oncall.turns import Plan
from tresen.service.procedures.models import Procedure
from tresen.service.procedures.services import with_success
from tresen.service.recurring.models import Occurrence, OccurrenceState, Recurring

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
    now = clock.now()
    plans = plans_of([row for row in rows if row.is_active], now, now + AHEAD)
    return answer(schemas.Rotas(items=[_rota(row, plans.get(row.pk), now) for row in rows], next=after))


@router.get("/recurring", response=schemas.RecurringList, url_name="recurring", operation_id="list_recurring")
def list_recurring(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Tickets that come by the calendar, with the dates that were missed. For who arranges them."""
    require(principal_of(request), "sorting.manage")
    missed = Occurrence.objects.filter(state=OccurrenceState.MISSED)[:MOST_HOLES]  # of each
    found = Recurring.objects.visible_to(principal_of(request)).select_related("category")
    unworked = Prefetch("occurrences", Occurrence.objects.unworked()[:MOST_HOLES], to_attr="unworked")
    found = found.prefetch_related(Prefetch("occurrences", missed, to_attr="missed"), unworked)
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
        number=row.number, names=_filled(row.names), teams=teams, questions=list(map(_filled, row.questions)),
        climbs=row.climbs, tells_leads=row.tells_leads, active=row.is_active,
    )  # fmt: skip


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def _rota(row: Rota, plan: Plan | None, now: datetime) -> schemas.Rota:
    holes = plan.holes(cover_of(row, now, now + AHEAD), now, now + AHEAD) if plan else []
    return schemas.Rota(
        id=row.pk, name=row.name, active=row.is_active, level=row.level, cover=row.cover, calendar=row.calendar_id,
        ack_minutes=row.ack_minutes, keeper=row.keeper_id, layers=[_layer(one) for one in row.layers.all()],
        on_call=plan.on_call(now) if plan else [],
        holes=[schemas.Hole(starts_at=begin, ends_at=end) for begin, end in holes[:MOST_HOLES]],
    )  # fmt: skip


def _layer(row: Layer) -> schemas.Layer:
    return schemas.Layer(
        rank=row.rank, people=row.people, starts_on=row.starts_on, hands_over_at=row.hands_over_at, days=row.days,
        timezone=row.timezone, calendar=row.calendar_id,
    )  # fmt: skip


def _recurring(row: Recurring) -> schemas.Recurring:
    missed: list[Occurrence] = getattr(row, "missed", [])
    unworked: list[Occurrence] = getattr(row, "unworked", [])
    return schemas.Recurring(
        id=row.pk, name=row.name, active=row.is_active, subject=row.subject, team=row.team_id,
        category=row.category.slug if row.category else None, frequency=row.frequency, every=row.every,
        weekdays=row.weekdays, at=row.at, timezone=row.timezone, next_at=row.next_at,
        holes=[one.due_at for one in missed], unworked=[one.due_at for one in unworked], fault=row.fault or None,
    )  # fmt: skip


def _procedure(row: Procedure) -> schemas.Procedure:
    newest = row.versions.all()[0]
    counts = {name: getattr(row, name) for name in ("begun", "finished", "solved", "helped")}
    return schemas.Procedure(
        id=row.pk, name=row.name, active=row.is_active, category=row.category.slug,
        for_customers=row.for_customers, version=newest.number,
        steps=[schemas.Step(**step) for step in newest.steps], **counts,
    )  # fmt: skip


def _proposal(row: Proposal) -> schemas.Proposal:
    return schemas.Proposal(
        field=row.field, value=row.value, confidence=round(row.confidence, 4), words=row.words,
        automatic=row.is_automatic, state=row.state, made_at=row.made_at,
    )  # fmt: skip

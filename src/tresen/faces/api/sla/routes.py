"""/tickets/{number}/clocks, /sla-policies, /calendars: what was promised, and how it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tresen.core.calendars import models as calendars
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.faces.api.answers import answer
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.sla import schemas
from tresen.faces.api.tickets.finding import ticket_of
from tresen.service.sla import models
from tresen.service.sla.reckoning import rests

router = Router(tags=["service levels"])


@router.get("/tickets/{number}/clocks", response=schemas.Clocks, url_name="clocks", operation_id="list_clocks")
def list_clocks(request: HttpRequest, number: str, params: Query[ListQuery]) -> HttpResponse:
    """The clocks of a ticket with their segments: when each ran and why it rested."""
    ticket = ticket_of(request, number)
    rows = models.Clock.objects.filter(ticket=ticket).select_related("policy").prefetch_related("segments")
    found, after = page(rows, params, name=f"clocks {ticket.pk}", sorts={"started_at": "pk"}, default="started_at")
    return answer(schemas.Clocks(items=list(map(_clock, found)), next=after))


@router.get("/sla-policies", response=schemas.Policies, url_name="sla-policies", operation_id="list_sla_policies")
def list_policies(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The policies of service levels, for who arranges them."""
    require(principal_of(request), "target.manage")
    rows, after = page(
        models.Policy.objects.visible_to(principal_of(request)),
        params,
        name="sla policies",
        sorts={"position": "position"},
        default="position",
    )
    return answer(schemas.Policies(items=list(map(_policy, rows)), next=after))


@router.get("/calendars", response=schemas.Calendars, url_name="calendars", operation_id="list_calendars")
def list_calendars(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The calendars of this desk by name."""
    rows = calendars.Calendar.objects.visible_to(principal_of(request))
    found, after = page(rows, params, name="calendars", sorts={"name": "name"}, default="name")
    return answer(schemas.Calendars(items=list(map(_calendar, found)), next=after))


def _clock(row: models.Clock) -> schemas.Clock:
    pauses = row.policy.pauses_for if row.policy else []
    segments = [
        schemas.Segment(started_at=s.started_at, ended_at=s.ended_at, reason=s.reason, runs=not rests(s.reason, pauses))
        for s in row.segments.all()
    ]
    return schemas.Clock(
        metric=row.metric, policy=row.policy.name if row.policy else None, state=_state(row, segments),
        minutes=row.minutes, started_at=row.started_at, stopped_at=row.stopped_at, due_at=row.due_at,
        warn_at=row.warn_at, breached_at=row.breached_at, left_seconds=row.left_seconds, segments=segments,
    )  # fmt: skip


def _state(row: models.Clock, segments: list[schemas.Segment]) -> str:
    if row.stopped_at:
        return "missed" if row.breached_at else "met"
    if row.breached_at:
        return "breached"
    return "running" if segments and segments[-1].runs else "paused"


def _policy(row: models.Policy) -> schemas.Policy:
    return schemas.Policy(
        id=row.pk, name=row.name, is_active=row.is_active, position=row.position, calendar=row.calendar_id,
        conditions=row.conditions, targets=row.targets, pauses_for=row.pauses_for, warn_percent=row.warn_percent,
    )  # fmt: skip


def _calendar(row: calendars.Calendar) -> schemas.Calendar:
    return schemas.Calendar(
        id=row.pk, name=row.name, is_active=row.is_active, timezone=row.timezone, weekly=row.weekly,
        country=row.country, subdivision=row.subdivision, own_days=row.own_days,
        holidays=[day for day, _name in row.feed_days],
    )  # fmt: skip

"""When I am on call: one's own turns, and the rotas in which one takes them, to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.oncall.drawing import first_day, midnights_of, names_in, week_of, with_names
from tresen.kit import clock
from tresen.service.oncall.models import Override, Rota
from tresen.service.oncall.plans import cover_of, duties_of, plans_of
from tresen.service.oncall.telling import AHEAD
from tresen.service.oncall.turns import Plan

WEEKS = 8
MOST_DUTIES = 100


@settings_page("attendance.own")
@require_safe
def own_on_call(request: HttpRequest, principal: Principal) -> HttpResponse:
    """`/settings/on-call/mine/?from=`: the weeks to come, and the week from that day of each rota."""
    agent, now, first = principal.agent, clock.now(), first_day(request.GET.get("from", ""))
    until, midnights = now + timedelta(weeks=WEEKS), midnights_of(first)
    rotas = _rotas_of(agent, min(now, midnights[0])) if agent else []
    plans, names = plans_of(rotas, min(now, midnights[0]), max(until, midnights[-1])), names_in(rotas)
    duties = duties_of(agent, rotas, plans, now, until) if agent else []
    context: dict[str, Any] = {
        "rotas": [_to_read(rota, plans[rota.pk], names, first, now) for rota in rotas],
        "duties": duties[:MOST_DUTIES], "weeks": WEEKS,
        "now": now, "until": until, "before": first - timedelta(days=7), "after": first + timedelta(days=7),
    }  # fmt: skip
    return render(request, "setup/own_on_call.html", context)


def _rotas_of(agent: Agent, since: datetime) -> list[Rota]:
    """With their layers, and who stands in after that instant."""
    others = Override.objects.filter(ends_at__gt=since).select_related("agent__user")
    rotas = Rota.objects.taken_by(agent).filter(is_active=True).select_related("calendar")
    return list(rotas.prefetch_related("layers__calendar", Prefetch("overrides", others)))


def _to_read(rota: Rota, plan: Plan, names: Mapping[int, str], first: date, now: datetime) -> dict[str, Any]:
    return {
        "rota": rota, "week": week_of(rota, first, plan, names), "layers": with_names(rota.layers.all(), names),
        "overrides": [other for other in rota.overrides.all() if other.ends_at > now],
        "holes": plan.holes(cover_of(rota, now, now + AHEAD), now, now + AHEAD)[:5],
    }  # fmt: skip

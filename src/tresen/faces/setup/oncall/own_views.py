"""When I am on call: one's own turns, and the rotas in which one takes them, to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.oncall.drawing import first_day, week_of, with_names
from tresen.kit import clock
from tresen.service.oncall.models import Rota
from tresen.service.oncall.plans import duties_of
from tresen.service.oncall.telling import AHEAD, holes_of

WEEKS = 8
MOST_DUTIES = 100


@settings_page("attendance.own")
@require_safe
def own_on_call(request: HttpRequest, principal: Principal) -> HttpResponse:
    """`/settings/on-call/mine/?from=`: the weeks to come, and the week from that day of each rota."""
    agent, now, first = principal.agent, clock.now(), first_day(request.GET.get("from", ""))
    mine = Rota.objects.taken_by(agent) if agent else Rota.objects.none()
    rotas = list(mine.filter(is_active=True).select_related("calendar"))
    until = now + timedelta(weeks=WEEKS)
    duties = duties_of(agent, rotas, now, until) if agent else []
    context: dict[str, Any] = {
        "rotas": [_to_read(rota, first, now) for rota in rotas], "duties": duties[:MOST_DUTIES], "weeks": WEEKS,
        "now": now, "until": until, "before": first - timedelta(days=7), "after": first + timedelta(days=7),
    }  # fmt: skip
    return render(request, "setup/own_on_call.html", context)


def _to_read(rota: Rota, first: Any, now: Any) -> dict[str, Any]:
    return {
        "rota": rota, "week": week_of(rota, first), "layers": with_names(rota.layers.select_related("calendar")),
        "overrides": rota.overrides.filter(ends_at__gt=now).select_related("agent__user"),
        "holes": holes_of(rota, now, now + AHEAD)[:5],
    }  # fmt: skip

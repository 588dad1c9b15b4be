"""Levels: the rungs that a ticket climbs, and what became of that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.models import Team
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.core.people.teams import MOST_LEVELS
from tresen.core.tickets.level_models import Level
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.levels.forms import LevelForm, typed
from tresen.faces.setup.saving import marked
from tresen.kit import clock, notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.levels.figures import figures_since
from tresen.service.levels.services import TooManyLevels, change_level, create_level, level_values

SHOWN_DAYS = 30


@settings_page("level.manage")
@require_safe
def level_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All levels, from the first up, with their teams and the figures of the last month."""
    figures = figures_since(clock.now() - timedelta(days=SHOWN_DAYS))
    teams: dict[int, list[Team]] = {}
    for team in Team.objects.visible_to(principal).active().order_by("name"):
        teams.setdefault(team.level, []).append(team)
    levels = [(row, teams.get(row.number, []), figures.get(row.number)) for row in Level.objects.visible_to(principal)]
    context = {"levels": levels, "days": SHOWN_DAYS, "is_full": len(levels) >= MOST_LEVELS}
    return render(request, "setup/levels.html", context)


@settings_page("level.manage")
@require_http_methods(["GET", "POST"])
def new_level(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """One more, above the others."""
    form = LevelForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, None, 422 if form.errors else 200)
    try:
        create_level(set=form.level_values(), teams=form.cleaned_data["teams"], by=principal.actor)
    except TooManyLevels:
        form.add_error(None, _("A desk has at most %(n)s levels.") % {"n": MOST_LEVELS})
        return _page(request, form, None, 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:levels"))


@settings_page("level.manage")
@require_http_methods(["GET", "POST"])
def level(request: HttpRequest, principal: Principal, level_id: int) -> HttpResponseBase:
    """One level."""
    found: Level = found_or_404(Level.objects.visible_to(principal), level_id)
    if request.method == "GET":
        values = level_values(found)
        initial = {**typed(values), "mark": marked(values)["mark"]}
        return _page(request, LevelForm(initial=initial, level=found), found, 200)
    form = LevelForm(request.POST, level=found)
    if not form.is_valid():
        return _page(request, form, found, 422)
    wanted, teams = form.level_values(), list(form.cleaned_data["teams"])
    try:
        change_level(found, set=wanted, teams=teams, by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(typed(fault.fields))
        cast(QueryDict, form.data)["mark"] = marked(fault.fields)["mark"]
        return _page(request, form, found, 409)
    except InUse as fault:
        told = _("It cannot be put to rest yet. Teams, rotas and open tickets there: %(users)s") % {
            "users": ", ".join(fault.users) or found.name}  # fmt: skip
        form.add_error("is_active", told)
        return _page(request, form, found, 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:levels"))


def _page(request: HttpRequest, form: LevelForm, found: Level | None, code: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "level": found}
    return render(request, "setup/level.html", context, status=code)

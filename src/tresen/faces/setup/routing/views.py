"""Assignment: how a team gives its tickets to people, and what each of them can take."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.attendance.standing import standings
from tresen.core.people.models import Agent, Team
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.routing.forms import AgentRoutingForm, TeamRoutingForm, initial_of
from tresen.kit import notices
from tresen.service.routing.models import AgentRouting, TeamRouting
from tresen.service.routing.settings import TEAM_FIELDS, set_agent, set_team


@settings_page("team.manage")
@require_http_methods(["GET", "POST"])
def team_routing(request: HttpRequest, principal: Principal, team_id: int) -> HttpResponseBase:
    """A team's way, and its people with what they can take."""
    team: Team = found_or_404(Team.objects.visible_to(principal), team_id)
    row = TeamRouting.objects.filter(team=team).first() or TeamRouting(team=team)
    form = TeamRoutingForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(row, name) for name in TEAM_FIELDS}
    )
    if request.method == "POST" and form.is_valid():
        set_team(team, set=form.cleaned_data, by=principal.actor)
        notices.tell(request, _("Saved."))
        return HttpResponseRedirect(reverse("setup:team-routing", args=[team.pk]))
    agents = list(Agent.objects.visible_to(principal).active().filter(teams=team).order_by("user__name"))
    own = {r.agent_id: r for r in AgentRouting.objects.filter(agent__in=agents).prefetch_related("skills")}
    where = standings(agents)
    rows = [(agent, own.get(agent.pk), where[agent.pk]) for agent in agents]
    context = {"team": team, "form": form, "rows": rows}
    return render(request, "setup/team_routing.html", context, status=422 if form.errors else 200)


@settings_page("agent.manage")
@require_http_methods(["GET", "POST"])
def agent_routing(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """What an agent can take."""
    agent: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    require(principal, "agent.manage", agent)
    row = AgentRouting.objects.filter(agent=agent).first()
    form = AgentRoutingForm(request.POST if request.method == "POST" else None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        set_agent(agent, **form.wanted(), by=principal.actor)
        notices.tell(request, _("Saved."))
        return HttpResponseRedirect(reverse("setup:agent-routing", args=[agent.pk]))
    context = {"agent": agent, "form": form, "teams": agent.teams.order_by("name")}
    return render(request, "setup/agent_routing.html", context, status=422 if form.errors else 200)

"""Teams: who works together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.channels.mail.plus import addresses_with
from tresen.core.people.giving import NotYours
from tresen.core.people.models import Team
from tresen.core.people.principals import Principal
from tresen.core.people.staffing import begin_team, save_team
from tresen.core.people.teams import StaleTeam, WrongTeam
from tresen.core.tickets.releasing import with_open_tickets
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.links import tell_of_renewed
from tresen.faces.setup.roles.choices import explain
from tresen.faces.setup.teams.forms import COMPARED, TeamForm
from tresen.kit import notices


@settings_page("team.manage")
@require_safe
def team_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All teams with their members and open tickets."""
    teams = with_open_tickets(Team.objects.visible_to(principal)).prefetch_related("agents__user", "mailboxes")
    return render(request, "setup/teams.html", {"teams": teams.order_by("-is_active", "name")})


@settings_page("team.manage")
@require_http_methods(["GET", "POST"])
def new_team(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new team."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            wanted = {field: data[field] for field in COMPARED if field != "is_active"}
            team, renewed = begin_team(set=wanted, agents=data["agents"], principal=principal)
        except NotYours as fault:
            explain(form, fault)
        except WrongTeam as fault:
            _explain(form, fault)
        else:
            notices.tell(request, _("The team %(name)s is there.") % {"name": team.name})
            tell_of_renewed(request, renewed)
            return HttpResponseRedirect(reverse("setup:teams"))
    return _page(request, form, None, 422 if form.errors else 200)


@settings_page("team.manage")
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, principal: Principal, team_id: int) -> HttpResponseBase:
    """One team."""
    found: Team = found_or_404(Team.objects.visible_to(principal), team_id)
    own = principal.agent.pk if principal.agent else None
    if request.method == "GET":
        return _page(request, TeamForm(team=found, but=own), found, 200)
    form = TeamForm(request.POST, team=found, but=own)
    if not form.is_valid():
        return _page(request, form, found, 422)
    data = form.cleaned_data
    wanted = {field: data[field] for field in COMPARED}
    try:
        renewed = save_team(
            found, set=wanted, agents=data["agents"], roles=form.roles(), principal=principal,
            expected=form.expected(), shown=form.shown_members(),
        )  # fmt: skip
    except NotYours as fault:
        explain(form, fault)
        return _page(request, form, found, 422)
    except StaleTeam as fault:
        form.show_conflict(fault.team)
        return _page(request, form, found, 409)
    except WrongTeam as fault:
        _explain(form, fault)
        return _page(request, form, found, 422)
    notices.tell(request, _("Saved."))
    tell_of_renewed(request, renewed)
    return HttpResponseRedirect(reverse("setup:teams"))


def _explain(form: TeamForm, fault: WrongTeam) -> None:
    if fault.field == "is_active":
        words = _(
            "A mailbox still delivers to this team, or a brand or a category sends its tickets here. Give that one"
            " another team first."
        )
        form.add_error("is_active", words)
    elif fault.taken:
        form.add_error("name", _("There is already a team with this name."))
    else:
        form.add_error(fault.field if fault.field in form.fields else None, _("This cannot be saved like that."))


def _page(request: HttpRequest, form: TeamForm, found: Team | None, status: int) -> HttpResponse:
    addresses = addresses_with(found.slug) if found else []
    return render(request, "setup/team.html", {"form": form, "team": found, "addresses": addresses}, status=status)

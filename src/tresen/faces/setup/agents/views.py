"""Agents: who works here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.core.people.accounts import (
    LinkDead,
    end_sessions,
    invite_again,
    invite_agent,
    is_activated,
    mint_invitation,
)
from tresen.core.people.agents import (
    agent_values,
    change_agent,
    deactivate_agent,
    is_last_administrator,
    reactivate_agent,
)
from tresen.core.people.factors import factors_of, with_factor
from tresen.core.people.models import Agent, Role
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal, principal_of
from tresen.core.people.refusals import AccountExists, LastAdministrator
from tresen.core.tickets.releasing import open_tickets_of
from tresen.faces.setup.agents.forms import AgentForm, InviteForm
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.links import invitation_link
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("agent.manage")
@require_safe
def agent_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All colleagues: at work, invited, and those who have left."""
    agents = Agent.objects.visible_to(principal).annotate(has_factor=with_factor()).prefetch_related("teams")
    agents = agents.order_by("-user__is_active", "user__name")
    return render(request, "setup/agents.html", {"rows": [_row(agent) for agent in agents]})


@settings_page("agent.manage")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Invites a colleague by mail; the link is also shown once where mail does not leave the house yet."""
    me = principal.agent
    initial = {"language": (get_language() or "en")[:2], "timezone": me.user.timezone if me else "Europe/Berlin"}
    form = InviteForm(request.POST) if request.method == "POST" else InviteForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            agent = invite_agent(**form.values(), by=principal.actor)
        except AccountExists:
            form.add_error("email", _("There is already an account with this address."))
        else:
            return _invited(request, agent)
    status = 422 if form.errors else 200
    return render(request, "setup/agent_invite.html", {"form": form}, status=status)


@settings_page("agent.manage")
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """One colleague."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    if request.method == "GET":
        return _page(request, found, AgentForm(initial=marked(agent_values(found))), 200)
    form = AgentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        saved = change_agent(found, set=form.values(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, found, form, 409)
    except AccountExists:
        form.add_error("email", _("There is already an account with this address."))
    except LastAdministrator:
        form.add_error("role", _("Nobody else could change the settings then. Make somebody else administrator first."))
    else:
        if principal.agent == saved and saved.role_id != found.role_id:
            # All sessions have ended with the old role; this browser goes on under a new key.
            update_session_auth_hash(request, saved.user)
        notices.tell(request, _("Saved."))
        left = principal.agent == saved and saved.role_id != Role.ADMIN
        return HttpResponseRedirect(reverse("account:me") if left else _own_url(saved))
    return _page(request, found, form, 422)


@settings_page("agent.manage")
@require_POST
def deactivate(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """The colleague leaves: signed out everywhere, tickets back to their teams."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    try:
        deactivate_agent(found, by=principal.actor)
    except LastAdministrator:
        notices.tell(request, _("The last administrator cannot be deactivated. Make somebody else one first."), "bad")
    else:
        told = _("%(name)s can no longer sign in. Open tickets go back to their teams.")
        notices.tell(request, told % {"name": found.user.name})
    return HttpResponseRedirect(_own_url(found))


@settings_page("agent.manage")
@require_POST
def reactivate(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """The colleague is back."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    reactivate_agent(found, by=principal.actor)
    notices.tell(request, _("%(name)s can sign in again.") % {"name": found.user.name})
    return HttpResponseRedirect(_own_url(found))


@settings_page("agent.manage")
@require_POST
def sign_out_everywhere(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """Ends all browsers of a colleague, but not the one that asks."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    keep = (request.session.session_key or "") if found == principal.agent else ""
    end_sessions(found.user, by=principal.actor, keep=keep)
    notices.tell(request, _("Signed out everywhere."))
    return HttpResponseRedirect(_own_url(found))


@settings_page("agent.manage")
@require_POST
def send_again(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """A fresh invitation for somebody who has not come yet."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    try:
        invite_again(found, by=principal.actor)
    except LinkDead:
        notices.tell(request, _("This account is active already, or deactivated; it needs no invitation."), "warn")
        return HttpResponseRedirect(_own_url(found))
    return _invited(request, found)


def _invited(request: HttpRequest, invited: Agent) -> HttpResponse:
    notices.tell(request, _("The invitation to %(address)s is on its way.") % {"address": invited.user.email})
    if outgoing_is_set_up():
        return HttpResponseRedirect(_own_url(invited))
    # Mail does not leave the house yet, so the link is handed over by hand. It is on this page only, and only now.
    link = invitation_link(mint_invitation(invited.user))
    return render(request, "setup/agent_invited.html", {"agent": invited, "link": link})


def _row(one: Agent) -> dict[str, Any]:
    return {"agent": one, "is_activated": is_activated(one.user), "teams": ", ".join(t.name for t in one.teams.all())}


def _own_url(one: Agent) -> str:
    return reverse("setup:agent", args=[one.pk])


def _page(request: HttpRequest, one: Agent, form: AgentForm, status: int) -> HttpResponse:
    context = {
        "agent": one, "form": form, "is_activated": is_activated(one.user), "is_last": is_last_administrator(one),
        "open_tickets": open_tickets_of(one), "sessions": one.user.sessions.count(),
        "tokens": one.tokens.filter(revoked_at=None).count(), "factors": factors_of(one.user),
        "is_self": one.user_id == request.user.pk, "may_reset": can(principal_of(request), "factor.reset", one),
    }  # fmt: skip
    return render(request, "setup/agent.html", context, status=status)

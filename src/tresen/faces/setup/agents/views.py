"""Agents: who works here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.core.people.accounts import LinkDead, has_open_invitation, is_activated
from tresen.core.people.agents import agent_values, is_last_administrator
from tresen.core.people.factors import factors_of, with_factor
from tresen.core.people.giving import NotYours
from tresen.core.people.models import Agent
from tresen.core.people.permissions import can, require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.people.refusals import AccountExists, LastAdministrator
from tresen.core.people.staffing import (
    change_colleague,
    deactivate_colleague,
    hand_invitation_over,
    invite_colleague,
    invite_colleague_again,
    reactivate_colleague,
    sign_colleague_out,
)
from tresen.core.tickets.releasing import open_tickets_of
from tresen.faces.setup.agents.forms import AgentForm, InviteForm
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.links import invitation_link
from tresen.faces.setup.roles.choices import explain
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("agent.manage")
@require_safe
def agent_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All colleagues: at work, invited, and those who have left."""
    agents = Agent.objects.visible_to(principal).annotate(has_factor=with_factor()).select_related("role")
    agents = agents.prefetch_related("memberships__team", "memberships__role")
    found = agents.order_by("-user__is_active", "user__name")
    rows = [_row(agent) | {"may": can(principal, "agent.manage", agent)} for agent in found]
    return render(request, "setup/agents.html", {"rows": rows})


@settings_page("agent.manage")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Invites a colleague by mail; the link is also shown once where mail does not leave the house yet."""
    me = principal.agent
    initial = {"language": (get_language() or "en")[:2], "timezone": me.user.timezone if me else "Europe/Berlin"}
    form = InviteForm(request.POST) if request.method == "POST" else InviteForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.values()
        try:
            agent = invite_colleague(**wanted, principal=principal)
        except NotYours as fault:
            explain(form, fault)
        except AccountExists:
            form.add_error("email", _("There is already an account with this address."))
        else:
            return _invited(request, principal, agent)
    status = 422 if form.errors else 200
    return render(request, "setup/agent_invite.html", {"form": form}, status=status)


@settings_page("agent.manage")
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """One colleague."""
    found, is_own = _agent(principal, agent_id), principal.agent is not None and principal.agent.pk == agent_id
    if request.method == "GET":
        form = AgentForm(initial=marked(agent_values(found)), agent=found, is_own=is_own)
        return _page(request, found, form, 200)
    form = AgentForm(request.POST, agent=found, is_own=is_own)
    if not form.is_valid():
        return _page(request, found, form, 422)
    wanted, had_link = form.wanted(), has_open_invitation(found.user)
    try:
        if "role" in request.POST and is_own and request.POST["role"] != found.role_id:
            raise NotYours("role", own=True)
        saved = change_colleague(found, set=wanted, principal=principal, expected=form.expected)
    except NotYours as fault:
        explain(form, fault)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, found, form, 409)
    except AccountExists:
        form.add_error("email", _("There is already an account with this address."))
    except LastAdministrator:
        form.add_error("role", _("Nobody else could change the settings then. Make somebody else administrator first."))
    else:
        notices.tell(request, _("Saved."))
        if had_link and saved.user.email == found.user.email and not has_open_invitation(saved.user):
            return _invited(request, principal, saved)  # he may do more now than whoever has read his link
        return HttpResponseRedirect(_own_url(saved))
    return _page(request, found, form, 422)


@settings_page("agent.manage")
@require_POST
def deactivate(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """The colleague leaves: signed out everywhere, tickets back to their teams."""
    found = _agent(principal, agent_id)
    try:
        deactivate_colleague(found, principal=principal)
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
    found = _agent(principal, agent_id)
    reactivate_colleague(found, principal=principal)
    notices.tell(request, _("%(name)s can sign in again.") % {"name": found.user.name})
    return HttpResponseRedirect(_own_url(found))


@settings_page("agent.manage")
@require_POST
def sign_out_everywhere(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """Ends all browsers of a colleague, but not the one that asks."""
    found = _agent(principal, agent_id)
    keep = (request.session.session_key or "") if found == principal.agent else ""
    sign_colleague_out(found, principal=principal, keep=keep)
    notices.tell(request, _("Signed out everywhere."))
    return HttpResponseRedirect(_own_url(found))


@settings_page("agent.manage")
@require_POST
def send_again(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """A fresh invitation for somebody who has not come yet."""
    found = _agent(principal, agent_id)
    try:
        invite_colleague_again(found, principal=principal)
    except LinkDead:
        notices.tell(request, _("This account is active already, or deactivated; it needs no invitation."), "warn")
        return HttpResponseRedirect(_own_url(found))
    return _invited(request, principal, found)


def _agent(principal: Principal, key: int) -> Agent:
    """The colleague, if he is nobody who may do more than one oneself. Raises Http404, PermissionDenied."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal).select_related("role"), key)
    require(principal, "agent.manage", found)
    return found


def _invited(request: HttpRequest, principal: Principal, invited: Agent) -> HttpResponse:
    notices.tell(request, _("The invitation to %(address)s is on its way.") % {"address": invited.user.email})
    if outgoing_is_set_up():
        return HttpResponseRedirect(_own_url(invited))
    # Mail does not leave the house yet, so the link is handed over by hand. It is on this page only, and only now.
    link = invitation_link(hand_invitation_over(invited, principal=principal))
    return render(request, "setup/agent_invited.html", {"agent": invited, "link": link})


def _row(one: Agent) -> dict[str, Any]:
    return {"agent": one, "is_activated": is_activated(one.user), "teams": one.memberships.all()}


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

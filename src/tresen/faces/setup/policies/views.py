"""Service levels: policies in their order, each with what it promises, and what it would have come to."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.calendars.models import Calendar
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.choices import Ball, Priority
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.policies.forms import PolicyForm, show_minutes, typed
from tresen.faces.setup.policies.trial import shown_trial
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.sla.metrics import targets
from tresen.service.sla.models import Policy
from tresen.service.sla.services import change_policy, create_policy, move_policy, policy_values
from tresen.service.sla.trials import start_trial


@settings_page("target.manage")
@require_safe
def policy_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All policies in the order in which they are asked."""
    rows = [(policy, _promises(policy)) for policy in _policies(principal)]
    context = {"policies": rows, "has_calendar": Calendar.objects.visible_to(principal).exists()}
    return render(request, "setup/policies.html", context)


@settings_page("target.manage")
@require_http_methods(["GET", "POST"])
def new_policy(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new policy, switched off until it is meant."""
    if request.method == "GET":
        initial = {"calendar": Calendar.objects.visible_to(principal).first(), "warn_percent": 75,
                   "pauses_for": [Ball.CUSTOMER.value, Ball.THIRD_PARTY.value]}  # fmt: skip
        return _page(request, PolicyForm(initial=initial, principal=principal), None, 200)
    form = PolicyForm(request.POST, principal=principal)
    if not form.is_valid():
        return _page(request, form, None, 422)
    try:
        made = create_policy(set=form.policy_values(), by=principal.actor)
    except NameTaken:
        return _taken(request, form, None)
    notices.tell(request, _("The policy %(name)s is there.") % {"name": made.name})
    return HttpResponseRedirect(reverse("setup:policy", args=[made.pk]))


@settings_page("target.manage")
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, principal: Principal, policy_id: int) -> HttpResponseBase:
    """One policy."""
    found: Policy = found_or_404(_policies(principal), policy_id)
    values = policy_values(found)
    if request.method == "GET":
        initial = {**typed(values), "mark": marked(values)["mark"]}
        return _page(request, PolicyForm(initial=initial, principal=principal), found, 200)
    form = PolicyForm(request.POST, principal=principal)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        change_policy(found, set=form.policy_values(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        _show_conflict(form, fault.fields)
        return _page(request, form, found, 409)
    except NameTaken:
        return _taken(request, form, found)
    notices.tell(request, _("Saved. Open tickets are looked at anew."))
    return HttpResponseRedirect(reverse("setup:policies"))


@settings_page("target.manage")
@require_POST
def policy_move(request: HttpRequest, principal: Principal, policy_id: int) -> HttpResponse:
    """One place up or down."""
    found: Policy = found_or_404(_policies(principal), policy_id)
    move_policy(found, up=request.POST.get("to") == "up", by=principal.actor)
    return HttpResponseRedirect(reverse("setup:policies"))


@settings_page("target.manage")
@require_http_methods(["GET", "POST"])
def policy_trial(request: HttpRequest, principal: Principal, policy_id: int) -> HttpResponse:
    """Begins to try a policy on the last 90 days, and says how far it is."""
    found: Policy = found_or_404(_policies(principal), policy_id)
    if request.method == "POST":
        start_trial(found)
        return HttpResponseRedirect(reverse("setup:policy", args=[found.pk]) + "#trial")
    return render(request, "setup/parts/policy_trial.html", {"policy": found, "trial": shown_trial(found)})


def _policies(principal: Principal) -> Any:
    return Policy.objects.visible_to(principal).select_related("calendar")


def _promises(policy: Policy) -> list[tuple[Any, str]]:
    """What it promises, a metric a line: from the shortest target to the longest."""
    found = []
    for target, label in targets():
        by = policy.targets.get(target, {})
        spans = [show_minutes(by[str(p)]) for p in sorted(Priority.values, reverse=True) if str(p) in by]
        if spans:
            found.append((label, " · ".join(dict.fromkeys(spans))))
    return found


def _show_conflict(form: PolicyForm, now: dict[str, Any]) -> None:
    mine = {"name", "calendar", "warn_percent", "is_active"}
    form.show_conflict({name: value for name, value in now.items() if name in mine})
    told = _("Somebody else has set this to “%(value)s” meanwhile.")
    if sorted(form.cleaned_data["pauses_for"]) != sorted(now["pauses_for"]):
        labels = {ball.value: str(ball.label) for ball in Ball}
        form.add_error("pauses_for", told % {"value": ", ".join(labels[one] for one in now["pauses_for"]) or "–"})
    theirs, names = typed(now), [name for name in form.fields if name.startswith("t-")]
    for name in names:
        if show_minutes(form.cleaned_data.get(name)) != theirs.get(name, ""):
            form.add_error(name, told % {"value": theirs.get(name) or "–"})
    cast(QueryDict, form.data)["mark"] = marked(now)["mark"]


def _taken(request: HttpRequest, form: PolicyForm, found: Policy | None) -> HttpResponse:
    form.add_error("name", _("There is already a policy with this name."))
    return _page(request, form, found, 422)


def _page(request: HttpRequest, form: PolicyForm, found: Policy | None, code: int) -> HttpResponse:
    heads = [Priority(value).label for value in sorted(Priority.values, reverse=True)]
    trial = shown_trial(found) if found else None
    context = {"form": form, "policy": found, "heads": heads, "trial": trial}
    return render(request, "setup/policy.html", context, status=code)

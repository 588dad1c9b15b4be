"""Rules: the list in its order, one rule, its versions and what it did."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.models import Tag
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.rules.forms import ActionList, RuleForm, as_typed, in_form
from tresen.faces.setup.rules.wording import between, shown, why_not
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.rules.actions import WrongActions, known_actions
from tresen.service.rules.alarms import why_stopped
from tresen.service.rules.models import Rule, RuleVersion
from tresen.service.rules.services import (
    NoMe,
    WrongRule,
    change_rule,
    create_rule,
    delete_rule,
    order_rules,
    return_to,
    rule_values,
)
from tresen.service.search.memory import names_read_once
from tresen.service.search.query import QueryError

LOG_PAGE = 50


@settings_page("rule.manage")
@require_safe
def rule_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All rules in the order in which they look."""
    with names_read_once():
        rules = [shown(rule) for rule in Rule.objects.visible_to(principal).select_related("brand", "team")]
    return render(request, "setup/rules.html", {"rules": rules})


@settings_page("rule.manage")
@require_POST
def rule_order(request: HttpRequest, principal: Principal) -> HttpResponse:
    """One rule goes `up` or `down`, or all stand as `slug` (their keys) says."""
    keys = list(Rule.objects.visible_to(principal).values_list("pk", flat=True))
    for verb, step in (("up", -1), ("down", 1)):
        key = number_in(request.POST.get(verb, ""))
        if key in keys:
            at = keys.index(key)
            keys.insert(max(0, at + step), keys.pop(at))
    given = [key for value in request.POST.getlist("slug") if (key := number_in(value)) in keys and key is not None]
    order_rules(given or keys, by=principal.actor)
    return HttpResponseRedirect(reverse("setup:rules"))


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new rule, switched off until it is meant."""
    if request.method == "GET":
        return _page(request, RuleForm(principal=principal), ActionList([], principal), None)
    return _save(request, principal, None)


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, principal: Principal, rule_id: int) -> HttpResponseBase:
    """One rule."""
    found: Rule = found_or_404(Rule.objects.visible_to(principal), rule_id)
    if request.method == "POST":
        return _save(request, principal, found)
    values = rule_values(found)
    form = RuleForm(initial={**in_form(values), "mark": marked(values)["mark"]}, principal=principal)
    return _page(request, form, ActionList(found.actions, principal), found)


def _save(request: HttpRequest, principal: Principal, found: Rule | None) -> HttpResponseBase:
    actions = ActionList.typed(request.POST, principal)
    if actions.arrange(request.POST):
        return _page(request, RuleForm(initial=as_typed(request.POST), principal=principal), actions, found)
    form = RuleForm(request.POST, principal=principal)
    kept = actions.clean()
    if not form.is_valid() or kept is None:
        return _page(request, form, actions, found, 422)
    wanted = {**form.rule_values(), "actions": kept}
    try:
        if found is None:
            made = create_rule(set=wanted, by=principal.actor)
            notices.tell(request, _("The rule %(name)s is there.") % {"name": made.name})
            return HttpResponseRedirect(reverse("setup:rule", args=[made.pk]))
        change_rule(found, set=wanted, by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, actions, found, 409)
    except NameTaken:
        form.add_error("name", _("There is already a rule with this name."))
        return _page(request, form, actions, found, 422)
    except WrongRule:  # the form has looked at all the rest
        form.add_error("name", _("A desk has at most two thousand rules."))
        return _page(request, form, actions, found, 422)
    notices.tell(request, _("Saved."), tone="ok")
    return HttpResponseRedirect(reverse("setup:rules"))


def _page(
    request: HttpRequest, form: RuleForm, actions: ActionList, found: Rule | None, code: int = 200
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "actions": actions, "rule": found, "tags": Tag.objects.visible_to(form.principal),
        "stopped": why_stopped(found.stopped_why) if found and found.stopped_why else "",
    }  # fmt: skip
    return render(request, "setup/rule.html", context, status=code)


@settings_page("rule.manage")
@require_POST
def rule_switch(request: HttpRequest, principal: Principal, rule_id: int) -> HttpResponse:
    """On (`to=on`) or off."""
    found: Rule = found_or_404(Rule.objects.visible_to(principal), rule_id)
    try:
        change_rule(found, set={"is_active": request.POST.get("to") == "on"}, by=principal.actor)
    except (QueryError, NoMe, WrongRule, WrongActions):
        notices.tell(request, _("This rule names something that is gone. Mend it first."), tone="warn")
        return HttpResponseRedirect(reverse("setup:rule", args=[found.pk]))
    return HttpResponseRedirect(reverse("setup:rules"))


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def rule_delete(request: HttpRequest, principal: Principal, rule_id: int) -> HttpResponse:
    """Asks, and takes the rule away."""
    found: Rule = found_or_404(Rule.objects.visible_to(principal), rule_id)
    if request.method == "GET":
        return render(request, "setup/rule_delete.html", {"rule": found})
    delete_rule(found, by=principal.actor)
    notices.tell(request, _("The rule %(name)s is gone.") % {"name": found.name})
    return HttpResponseRedirect(reverse("setup:rules"))


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def rule_versions(request: HttpRequest, principal: Principal, rule_id: int) -> HttpResponse:
    """What the rule said before, each with what it changed; the way back (`number`)."""
    found: Rule = found_or_404(Rule.objects.visible_to(principal), rule_id)
    versions = list(found.versions.order_by("-number"))
    if request.method == "POST":
        number = number_in(request.POST.get("number", ""))
        try:
            return_to(found, number or 0, by=principal.actor)
        except RuleVersion.DoesNotExist as fault:
            raise Http404 from fault
        except (QueryError, NoMe, WrongRule, WrongActions, NameTaken):
            told = _("Version %(n)s names something that is gone, so the rule stays as it is.") % {"n": number}
            notices.tell(request, told, tone="warn")
        else:
            notices.tell(request, _("The rule says again what version %(n)s said.") % {"n": number}, tone="ok")
        return HttpResponseRedirect(reverse("setup:rule-versions", args=[found.pk]))
    rows = [(one, between(before, one)) for one, before in zip(versions, [*versions[1:], None], strict=True)]
    return render(request, "setup/rule_versions.html", {"rule": found, "versions": rows})


@settings_page("rule.manage")
@require_safe
def rule_log(request: HttpRequest, principal: Principal, rule_id: int) -> HttpResponse:
    """What it did, the newest first."""
    found: Rule = found_or_404(Rule.objects.visible_to(principal), rule_id)
    runs = found.runs.select_related("ticket").order_by("-pk")
    before = number_in(request.GET.get("before", ""))
    shown_runs = list((runs.filter(pk__lt=before) if before else runs)[: LOG_PAGE + 1])
    labels: dict[str, Any] = {kind: action.label for kind, action in known_actions().items()}
    rows = [(run, [labels.get(kind, kind) for kind in run.did], why_not(run.why)) for run in shown_runs[:LOG_PAGE]]
    older = shown_runs[LOG_PAGE - 1].pk if len(shown_runs) > LOG_PAGE else None
    return render(request, "setup/rule_log.html", {"rule": found, "rows": rows, "older": older})

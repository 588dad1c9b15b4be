"""`/settings/rules/limits/`: what is too much for all rules together, seen and set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.saving import MarkedForm, marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.rules.limits import LIMITS, limit_values
from tresen.service.rules.models import RuleSet
from tresen.service.rules.services import change_limits

HINTS = {
    "most_deep": gettext_lazy("What one rule changes can call the next. One that would be too many is switched off."),
    "most_mails": gettext_lazy("Whoever is beyond that is left out, and the log of the rule says so."),
}


class RuleLimitsForm(MarkedForm):
    """One number a limit, within its bounds."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        for name in LIMITS:
            column: Any = RuleSet._meta.get_field(name)
            bounds = {type(check): check.limit_value for check in column.validators}
            least, most = bounds[MinValueValidator], bounds[MaxValueValidator]
            usual = _("%(least)s to %(most)s, usually %(n)s") % {"least": least, "most": most, "n": column.default}
            words, hint = str(column.verbose_name), f"{HINTS[name]} ({usual})"
            self.fields[name] = forms.IntegerField(
                label=words[:1].upper() + words[1:], min_value=least, max_value=most, help_text=hint
            )


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def rule_limits(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Shows and sets them."""
    form = RuleLimitsForm(request.POST if request.method == "POST" else None, initial=marked(limit_values()))
    if request.method == "GET":
        return _page(request, form, 200)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        change_limits(set=form.values(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as conflict:
        form.show_conflict(conflict.fields)
        return _page(request, form, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:rule-limits"))


def _page(request: HttpRequest, form: RuleLimitsForm, status: int) -> HttpResponse:
    return render(request, "setup/rule_limits.html", {"form": form}, status=status)

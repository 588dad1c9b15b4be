"""Proposals: what was learnt, how often it is right, and what it may do by itself."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.learning.forms import ThresholdForm
from tresen.kit import notices
from tresen.service.learning.jobs import learn_anew
from tresen.service.learning.models import Field, LearntModel
from tresen.service.learning.rates import rates
from tresen.service.learning.thresholds import SHOWN_FROM, set_thresholds, thresholds
from tresen.service.learning.training import FEWEST


@settings_page("sorting.manage")
@require_safe
def page(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All fields with what was learnt of them, what they may do, and how often they are right."""
    limits, learnt = thresholds(), {row.field: row for row in LearntModel.objects.defer("data")}
    rows = [
        (rate, learnt.get(rate.field), limits.shown.get(rate.field, SHOWN_FROM), limits.filled.get(rate.field))
        for rate in rates()
    ]
    last = max((row.learnt_at for row in learnt.values()), default=None)
    return render(request, "setup/learning.html", {"rows": rows, "last": last, "fewest": FEWEST})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, principal: Principal, field: str) -> HttpResponseBase:
    """One field: its limits, and its hits month by month."""
    if field not in Field.values:
        raise Http404
    limits = thresholds()
    now: dict[str, Any] = {"shown_from": limits.shown.get(field, SHOWN_FROM), "filled_from": limits.filled.get(field)}
    form = ThresholdForm(request.POST if request.method == "POST" else None, initial=now)
    if field == Field.SPAM:
        del form.fields["filled_from"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        set_thresholds(field, shown_from=data["shown_from"], filled_from=data.get("filled_from"), by=principal.actor)
        notices.tell(request, _("Saved."))
        return HttpResponseRedirect(reverse("setup:learning"))
    rate = next(one for one in rates() if one.field == field)
    learnt = LearntModel.objects.defer("data").filter(field=field).first()
    context = {"form": form, "rate": rate, "learnt": learnt, "label": Field(field).label}
    return render(request, "setup/learning_field.html", context, status=422 if form.errors else 200)


@settings_page("sorting.manage")
@require_POST
def learn_now(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Learns anew in the background, right away."""
    learn_anew.enqueue(key="learning.now", now=True)
    notices.tell(request, _("It learns in the background; that takes up to a minute."))
    return HttpResponseRedirect(reverse("setup:learning"))

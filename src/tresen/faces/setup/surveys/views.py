"""Surveys: what is asked after solving, for all brands or for one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.surveys.forms import SurveyForm, initial_of
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint
from tresen.service.surveys.models import Survey
from tresen.service.surveys.services import change_survey, drop_survey, own_survey, survey_values


@settings_page("survey.manage")
@require_safe
def survey_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The survey for all, and those of brands."""
    own = {row.brand_id: row for row in Survey.objects.all()}
    brands = Brand.objects.visible_to(principal).filter(is_active=True).order_by("-is_default", "name")
    rows = [(brand, own.get(brand.pk)) for brand in brands]
    return render(request, "setup/surveys.html", {"for_all": own.get(None), "rows": rows})


@settings_page("survey.manage")
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, principal: Principal, brand_id: int | None = None) -> HttpResponseBase:
    """One of them; a brand without its own begins with what counts for all."""
    brand: Brand | None = found_or_404(Brand.objects.visible_to(principal), brand_id) if brand_id else None
    now = own_survey(brand)
    shown = now if now.pk else own_survey(None)
    if request.method == "GET":
        initial = {**initial_of(shown), "mark": fingerprint(survey_values(now))}
        return _page(request, SurveyForm(initial=initial, scale=shown.scale), brand, now, 200)
    form = SurveyForm(request.POST, scale=shown.scale)
    if not form.is_valid():
        return _page(request, form, brand, now, 422)
    try:
        change_survey(brand, set=form.wanted(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as conflict:
        form.show_conflict(conflict.fields)
        return _page(request, form, brand, now, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:surveys"))


@settings_page("survey.manage")
@require_POST
def survey_drop(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """The brand asks as all do again."""
    brand: Brand = found_or_404(Brand.objects.visible_to(principal), brand_id)
    drop_survey(brand, by=principal.actor)
    notices.tell(request, _("The survey for all counts for this brand again."))
    return HttpResponseRedirect(reverse("setup:surveys"))


def _page(request: HttpRequest, form: SurveyForm, brand: Brand | None, now: Survey, status: int) -> HttpResponse:
    return render(request, "setup/survey.html", {"form": form, "brand": brand, "own": bool(now.pk)}, status=status)

"""On call: rotas with their week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.oncall.drawing import first_day, midnights_of, names_in, now_of, week_of, with_names
from tresen.faces.setup.oncall.forms import LayerForm, OverrideForm, RotaForm
from tresen.faces.setup.saving import marked
from tresen.kit import clock, notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.oncall import services
from tresen.service.oncall.gateway import without_number
from tresen.service.oncall.models import Gateway, Rota
from tresen.service.oncall.plans import plan_of
from tresen.service.oncall.telling import AHEAD, holes_of, no_keeper


@settings_page("level.manage")
@require_safe
def rota_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All rotas: who is on call now, and the next hole within a week."""
    now, rows = clock.now(), []
    for rota in Rota.objects.visible_to(principal).select_related("calendar", "keeper__user"):
        names, is_bare = now_of(rota, now)
        rows.append((rota, names, is_bare, next(iter(holes_of(rota, now, now + AHEAD)), None)))
    return render(request, "setup/rotas.html", {"rows": rows, "gateway": Gateway.objects.first()})


@settings_page("level.manage")
@require_http_methods(["GET", "POST"])
def new_rota(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new rota; who takes turns is entered on its own page."""
    initial = {"keeper": principal.agent and principal.agent.pk, "level": 2}
    form = RotaForm(request.POST if request.method == "POST" else None, principal=principal, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return render(request, "setup/rota.html", {"form": form}, status=422 if form.errors else 200)
    try:
        made = services.create_rota(set=form.values(), by=principal.actor)
    except NameTaken:
        form.add_error("name", _("There is already a rota with this name."))
        return render(request, "setup/rota.html", {"form": form}, status=422)
    notices.tell(request, _("The rota is there. Now say who takes turns."))
    return HttpResponseRedirect(reverse("setup:rota", args=[made.pk]))


@settings_page("level.manage")
@require_http_methods(["GET", "POST"])
def rota(request: HttpRequest, principal: Principal, rota_id: int) -> HttpResponseBase:
    """One rota with its week; POST (`what`: rota, layer, override, or drop-… with `key`) does one thing."""
    found: Rota = found_or_404(Rota.objects.visible_to(principal), rota_id)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if what.startswith("drop-"):
        _drop(found, what, number_in(request.POST.get("key", "")) or 0, principal)
        notices.tell(request, _("Taken away."))
        return HttpResponseRedirect(reverse("setup:rota", args=[found.pk]))
    forms = _forms(request, principal, found, what)
    form = forms.get(what)
    if form is None:
        return _page(request, found, forms, 200 if request.method == "GET" else 422)
    if not form.is_valid():
        return _page(request, found, forms, 422)
    if code := _save(found, what, form, principal):
        return _page(request, found, forms, code)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:rota", args=[found.pk]))


def _forms(request: HttpRequest, principal: Principal, found: Rota, what: str) -> dict[str, Any]:
    sent = {name: request.POST if name == what else None for name in ("rota", "layer", "override")}
    zone = str(timezone.get_current_timezone())
    return {
        "rota": RotaForm(sent["rota"], principal=principal, initial=marked(services.rota_values(found))),
        "layer": LayerForm(sent["layer"], principal=principal, initial={
            "starts_on": timezone.localdate().isoformat(), "timezone": zone}),
        "override": OverrideForm(sent["override"], principal=principal, zone=zone),
    }  # fmt: skip


def _save(found: Rota, what: str, form: Any, principal: Principal) -> int:
    """Does it; the status of the answer where it was refused."""
    by = principal.actor
    if what == "layer":
        services.add_layer(found, set=form.cleaned_data, by=by)
    elif what == "override":
        services.add_override(found, set=form.cleaned_data, by=by)
    else:
        try:
            services.change_rota(found, set=form.values(), by=by, expected=form.expected)
        except ChangedMeanwhile as fault:
            form.show_conflict(fault.fields)
            return 409
        except NameTaken:
            form.add_error("name", _("There is already a rota with this name."))
            return 422
    return 0


def _drop(found: Rota, what: str, key: int, principal: Principal) -> None:
    if what == "drop-layer" and (layer := found.layers.filter(pk=key).first()):
        services.remove_layer(layer, by=principal.actor)
    elif what == "drop-override" and (row := found.overrides.filter(pk=key).first()):
        services.remove_override(row, by=principal.actor)


def _page(request: HttpRequest, found: Rota, forms: dict[str, Any], code: int) -> HttpResponse:
    first = first_day(request.GET.get("from", ""))
    now, midnights, names = clock.now(), midnights_of(first), names_in([found])
    plan = plan_of(found, midnights[0], midnights[-1])
    layers = list(found.layers.select_related("calendar"))
    overrides = list(found.overrides.filter(ends_at__gt=now).select_related("agent__user"))
    called = {key for layer in layers for key in layer.people} | {other.agent_id for other in overrides}
    context = {
        "rota": found, "forms": forms, "form": forms["rota"], "week": week_of(found, first, plan, names),
        "before": first - timedelta(days=7), "after": first + timedelta(days=7),
        "layers": with_names(layers, names), "overrides": overrides, "no_numbers": without_number(called),
        "holes": holes_of(found, now, now + AHEAD)[:5],
        "no_keeper": "" if found.keeper.user.is_active else no_keeper(found),
    }  # fmt: skip
    return render(request, "setup/rota.html", context, status=code)

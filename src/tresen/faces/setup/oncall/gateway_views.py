"""The SMS gateway: set up, shown by an example, tried."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.oncall.gateway_form import GatewayForm
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.kit.pages import wants_fragment
from tresen.service.oncall import services
from tresen.service.oncall.gateway import NAMES, USUAL, WrongSecret, WrongTemplate, body_of, is_late, needs_number
from tresen.service.oncall.models import BodyForm, Gateway
from tresen.service.oncall.telling import trial_values


@sensitive_post_parameters("secret")
@settings_page("level.manage")
@require_http_methods(["GET", "POST"])
def gateway(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Where calls go besides mail and browser, what is sent there, and the numbers of whoever can be called."""
    row, people = Gateway.objects.first() or Gateway(), _people(principal)
    initial = marked(services.gateway_values(row, [str(agent.pk) for agent in people]))
    initial["template"] = row.template or USUAL[BodyForm.JSON]
    sent = request.POST.copy()
    sent.setdefault("form", row.form)
    form = GatewayForm(sent if request.method == "POST" else None, people=people, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return _page(request, row, form, people)
    data = {name: form.cleaned_data[name] for name in ("url", "form", "template", "header")}
    try:
        services.set_gateway(
            **data, secret=form.cleaned_data["secret"] or None, numbers=form.numbers(), by=principal.actor,
            expected=form.expected,
        )  # fmt: skip
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, row, form, people, 409)
    except WrongSecret as fault:
        form.explain(fault)
        return _page(request, row, form, people)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:oncall-gateway"))


@settings_page("level.manage")
@require_http_methods(["GET", "POST"])
def gateway_trial(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Sends a trial to `agent`, or shows what was answered."""
    if request.method == "POST":
        people = Agent.objects.filter(pk__in=[agent.pk for agent in _people(principal)])
        agent = found_or_404(people, number_in(request.POST.get("agent", "")) or 0)
        if not services.try_gateway(agent, by=principal.actor):
            notices.tell(request, _("A trial is on its way already. Wait for its answer."))
    elif wants_fragment(request):
        return render(request, "setup/parts/gateway_trial.html", {"trial": _trial(Gateway.objects.first())})
    return HttpResponseRedirect(reverse("setup:oncall-gateway") + "#trial")


def _people(principal: Principal) -> list[Agent]:
    """Whoever can be called, and those of whom a number is kept though they are in no rota."""
    numbers = Gateway.objects.values_list("numbers", flat=True).first() or {}
    shown = services.who_can_be_called() | {int(key) for key in numbers}
    agents = Agent.objects.visible_to(principal).active().filter(pk__in=shown)
    return list(agents.select_related("user").order_by("user__name"))


def _page(
    request: HttpRequest, row: Gateway, form: GatewayForm, people: list[Agent], code: int = 422
) -> HttpResponse:  # fmt: skip
    reached = [agent for agent in people if row.numbers.get(str(agent.pk)) or not needs_number(row)]
    context = {
        "form": form, "has_secret": bool(row.sealed), "trial": _trial(row),
        "names": [(f"{{{{{name}}}}}", means) for name, means in NAMES.items()],
        "people": reached if row.url else [], "example": _example(row, people),
    }  # fmt: skip
    return render(request, "setup/oncall_gateway.html", context, status=code if form.errors else 200)


def _example(row: Gateway, people: list[Agent]) -> tuple[str, str] | None:
    """What a trial would send: content type and body, readable."""
    if not people or not row.template:
        return None
    known = next((agent for agent in people if row.numbers.get(str(agent.pk))), people[0])
    try:
        kind, body = body_of(row.form, row.template, trial_values(row, known))
    except WrongTemplate:
        return None
    text = body.decode()
    return kind, "\n".join(unquote_plus(part) for part in text.split("&")) if row.form == BodyForm.FORM else text


def _trial(row: Gateway | None) -> dict[str, Any] | None:
    if row is None or row.tried_at is None:
        return None
    return {
        "is_running": row.trial_ended_at is None, "is_late": is_late(row.tried_at), "at": row.tried_at,
        "status": row.trial_status, "said": row.trial_said,
        "is_good": row.trial_status is not None and 200 <= row.trial_status < 300,
    }  # fmt: skip

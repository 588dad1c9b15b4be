"""Webhooks: addresses that are called when something happens, their secrets, and what became of each call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.faces.setup.webhooks.forms import EndpointForm
from tresen.kit import clock, notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.webhooks.alarms import why_stopped
from tresen.service.webhooks.models import Endpoint
from tresen.service.webhooks.services import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    endpoint_values,
    replace_secret,
    send_again,
    try_out,
)

LOG_PAGE = 25


@settings_page("webhook.manage")
@require_safe
def webhook_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All webhooks."""
    return render(request, "setup/webhooks.html", {"endpoints": Endpoint.objects.visible_to(principal)})


@settings_page("webhook.manage")
@require_http_methods(["GET", "POST"])
def new_webhook(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new webhook; its secret is on the answer and never again."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = create_endpoint(set=form.endpoint_values(), by=principal.actor)
        except NameTaken:
            form.add_error("name", _("There is already a webhook with this name."))
        else:
            return _page(request, None, made, secret=secret)
    return _page(request, form, None, code=422 if form.errors else 200)


@settings_page("webhook.manage")
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, principal: Principal, endpoint_id: int) -> HttpResponseBase:
    """One webhook with its calls."""
    found: Endpoint = found_or_404(Endpoint.objects.visible_to(principal), endpoint_id)
    if request.method == "GET":
        return _page(request, None, found)
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return _page(request, form, found, code=422)
    try:
        change_endpoint(found, set=form.endpoint_values(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, found, code=409)
    except NameTaken:
        form.add_error("name", _("There is already a webhook with this name."))
        return _page(request, form, found, code=422)
    notices.tell(request, _("Saved."), tone="ok")
    return HttpResponseRedirect(reverse("setup:webhook", args=[found.pk]))


@settings_page("webhook.manage")
@require_POST
def webhook_act(request: HttpRequest, principal: Principal, endpoint_id: int) -> HttpResponseBase:
    """`do`: try, secret, delete; or `again`, the key of a call."""
    found: Endpoint = found_or_404(Endpoint.objects.visible_to(principal), endpoint_id)
    if again := number_in(request.POST.get("again", "")):
        send_again(found_or_404(found.deliveries.all(), again), by=principal.actor)
        notices.tell(request, _("The call leaves once more, under the same id."))
    elif request.POST.get("do") == "try":
        try_out(found)
        notices.tell(request, _("A call that only says that it is one leaves now. Look at the log in a moment."))
    elif request.POST.get("do") == "secret":
        return _page(request, None, found, secret=replace_secret(found, by=principal.actor))
    elif request.POST.get("do") == "delete":
        delete_endpoint(found, by=principal.actor)
        notices.tell(request, _("The webhook %(name)s is gone.") % {"name": found.name})
        return HttpResponseRedirect(reverse("setup:webhooks"))
    return HttpResponseRedirect(reverse("setup:webhook", args=[found.pk]) + "#log")


def _page(
    request: HttpRequest, form: EndpointForm | None, found: Endpoint | None, *, secret: str = "", code: int = 200
) -> HttpResponse:  # fmt: skip
    if form is None and found is not None:
        form = EndpointForm(initial=marked(endpoint_values(found)))
    calls = list(found.deliveries.order_by("-pk")[:LOG_PAGE]) if found else []
    context = {
        "form": form, "endpoint": found, "secret": secret, "calls": calls, "now": clock.now(),
        "stopped": why_stopped(found.stopped_why) if found and found.stopped_why else "",
    }  # fmt: skip
    return render(request, "setup/webhook.html", context, status=code)

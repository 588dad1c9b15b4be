"""The second factors of colleagues: whether the desk asks for one, and taking away one that was lost."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.factor_models import WhoNeedsFactor
from tresen.core.people.factors import (
    agents_without_factor,
    change_who_needs_factor,
    reset_factors,
    who_needs_factor,
)
from tresen.core.people.models import Agent
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.kit import notices


class SigningInForm(forms.Form):
    """Of whom a second factor is asked."""

    second_factor = forms.ChoiceField(
        label=gettext_lazy("Second factor"), choices=WhoNeedsFactor.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("Whoever needs one and has none sets it up at the next sign-in, before anything else."),
    )  # fmt: skip


@settings_page("role.manage")
@require_http_methods(["GET", "POST"])
def signing_in(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Shows and sets it, and says who would have to set one up."""
    if request.method == "GET":
        return _page(request, SigningInForm(initial={"second_factor": who_needs_factor()}), 200)
    form = SigningInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    change_who_needs_factor(form.cleaned_data["second_factor"], by=principal.actor)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:signing-in"))


@settings_page("agent.manage")
@require_POST
def factor_reset(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """A colleague has lost app and keys: the password is enough until new ones are set up. Nobody resets those of
    somebody stronger; one's own go on one's own page, where they are asked for."""
    found: Agent = found_or_404(Agent.objects.visible_to(principal), agent_id)
    if not can(principal, "factor.reset", found):
        raise Http404
    if found == principal.agent:
        return HttpResponseRedirect(reverse("account:factors"))
    if reset_factors(found.user, by=principal.actor):
        told = _("The second factor of %(name)s is reset; a mail says so, and all browsers are signed out.")
        notices.tell(request, told % {"name": found.user.name})
    return HttpResponseRedirect(reverse("setup:agent", args=[found.pk]))


def _page(request: HttpRequest, form: SigningInForm, status: int) -> HttpResponse:
    return render(request, "setup/signing_in.html", {"form": form, "without": agents_without_factor()}, status=status)

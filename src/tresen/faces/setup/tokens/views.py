"""API tokens: keys for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.core.people.tokens import create_token, revoke_token, tokens_for
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.tokens.forms import TokenForm
from tresen.kit import clock, notices


@settings_page("token.manage")
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """All tokens with their last use; POST makes one, which is on the answer and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None, initial={"agent": principal.agent})
    plain = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        require(principal, "token.manage", data["agent"])
        plain = create_token(
            data["agent"], name=data["name"], scopes=[data["scope"]], days=data["days"], by=principal.actor
        )
        form = TokenForm(initial={"agent": principal.agent})
    context = {"tokens": tokens_for(principal), "form": form, "plain": plain, "now": clock.now()}
    return render(request, "setup/tokens.html", context, status=422 if form.errors else 200)


@settings_page("token.manage")
@require_POST
def revoke(request: HttpRequest, principal: Principal, token_id: int) -> HttpResponse:
    """From now on the token opens nothing."""
    found = found_or_404(tokens_for(principal), token_id)
    require(principal, "token.manage", found.agent)
    revoke_token(found, by=principal.actor)
    notices.tell(request, _("The token is revoked."))
    return HttpResponseRedirect(reverse("setup:tokens"))

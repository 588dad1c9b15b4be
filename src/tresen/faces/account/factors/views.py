"""Signing in, on one's own account: authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.accounts import actor_of
from tresen.core.people.factors import (
    FactorNeeded,
    factors_of,
    needs_factor,
    remove_app,
    remove_passkey,
    renew_codes,
)
from tresen.core.people.models import User
from tresen.faces.account.factors.forms import ProofForm
from tresen.faces.account.factors.making import Place, set_up_app, set_up_passkey
from tresen.faces.account.me.views import own_page
from tresen.kit import notices, webauthn

Removal = Callable[[], None]


def _done(request: HttpRequest, user: User, codes: list[str], told: str) -> HttpResponse:
    if codes:
        return render(request, "account/factors/codes_made.html", {"codes": codes, "told": told})
    notices.tell(request, told)
    return _back()


OWN = Place("factors", asks=True, done=_done)


def _agents_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For agents; the pages hold secrets, so nothing of what is sent to them gets into a report of a fault."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def page(request: HttpRequest, **named: Any) -> HttpResponse:
        def of_agent(asked: HttpRequest, user: User) -> HttpResponse:
            if user.agent_or_none is None:
                raise Http404
            return view(asked, user, **named)

        return own_page(of_agent)(request)

    return page


@require_safe
@_agents_page
def factors(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/sign-in/`: what there is, and what can be done about it."""
    found = factors_of(user)
    context = {"factors": found, "is_needed": needs_factor(user), "can_work": webauthn.can_work()}
    return render(request, "account/factors/all.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_agents_page
def own_app(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/sign-in/app/`: an app, the first or another one in its place."""
    return set_up_app(request, user, OWN)


@require_http_methods(["GET", "HEAD", "POST"])
@_agents_page
def own_passkey(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/sign-in/passkey/`: one more passkey."""
    return set_up_passkey(request, user, OWN)


@require_http_methods(["GET", "HEAD", "POST"])
@_agents_page
def codes(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/sign-in/codes/`: fresh recovery codes; they are on the answer and never again."""
    found = factors_of(user)
    if not found:
        return _back()
    form = ProofForm(request.POST if request.method == "POST" else None, request=request, user=user)
    if form.is_bound and form.is_valid():
        return _done(request, user, renew_codes(user, by=actor_of(user)), _("Here are your new recovery codes."))
    context = {"form": form, "left": found.codes_left}
    return render(request, "account/factors/codes.html", context, status=form.status if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_agents_page
def app_remove(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/sign-in/app/remove/`: asks, then removes the app."""
    if factors_of(user).app is None:
        return _back()
    return _remove(request, user, "", lambda: remove_app(user, by=actor_of(user)))


@require_http_methods(["GET", "HEAD", "POST"])
@_agents_page
def passkey_remove(request: HttpRequest, user: User, passkey_id: int) -> HttpResponse:
    """`/me/sign-in/passkey/<id>/remove/`: asks, then removes one's own passkey."""
    passkey = get_object_or_404(user.passkeys, pk=passkey_id)
    return _remove(request, user, passkey.name, lambda: remove_passkey(user, passkey, by=actor_of(user)))


def _remove(request: HttpRequest, user: User, name: str, removal: Removal) -> HttpResponse:
    form = ProofForm(request.POST if request.method == "POST" else None, request=request, user=user)
    is_single = factors_of(user).is_single
    is_held = is_single and needs_factor(user)
    if form.is_bound and not is_held and form.is_valid():
        try:
            removal()
        except FactorNeeded:  # the rule, or the other factor, changed in this moment
            is_held = True
        else:
            notices.tell(request, _("Removed."))
            return _back()
    context = {"form": form, "name": name, "is_single": is_single, "is_held": is_held}
    return render(request, "account/factors/remove.html", context, status=form.status if form.is_bound else 200)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("account:factors"))

"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.factors import some_passkeys
from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import User
from tresen.faces.account.attempts import TRY_SECONDS, Attempt
from tresen.faces.account.entering import enter, home_of
from tresen.faces.account.middleware import keep_language
from tresen.faces.account.sign_in.forms import SignInForm
from tresen.kit import notices, webauthn
from tresen.kit.own_path import own_path


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Agents go on to the desk, customers to their requests, or to `next` if it is a path of ours."""
    wanted = own_path(request.POST.get("next") or request.GET.get("next"), default="")
    if isinstance(request.user, User):
        return HttpResponseRedirect(wanted or home_of(request.user))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            attempt = Attempt.of(request, form.cleaned_data["email"])
            refused = attempt.begin()
            user = None if refused else authenticate(request, **_credentials(form))
            if isinstance(user, User):
                attempt.succeeded()
                return enter(request, user, wanted)
            status = 429 if refused else 422
            _explain(form, attempt, refused)
    response = render(request, "account/sign_in.html", page_context(request, form, wanted), status=status)
    if status == 429:
        response.headers["Retry-After"] = str(TRY_SECONDS)
    return response


def page_context(request: HttpRequest, form: SignInForm, wanted: str) -> dict[str, Any]:
    """What the page shows; keys only where somebody has one and browsers offer them: they belong to the address of the
    desk, not to a brand's host."""
    can_work = webauthn.can_work() and brand_of_host(request) is None
    return {"form": form, "next": wanted, "has_passkeys": can_work and some_passkeys()}


def _credentials(form: SignInForm) -> dict[str, str]:
    return {"username": form.cleaned_data["email"], "password": form.cleaned_data["password"]}


def _explain(form: SignInForm, attempt: Attempt, refused: str) -> None:
    if refused == "locked":
        words = _("Too many failed attempts in all. Please set a new password: use “Forgotten your password?”.")
    elif refused:
        words = _("Too many failed attempts. Please wait 15 minutes, or set a new password.")
    else:
        attempt.failed()
        words = _("Address and password do not match. Please check both and try again.")
    form.add_error(None, words)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session; the cookie opens nothing any more."""
    user = request.user if isinstance(request.user, User) else None
    logout(request)
    notices.tell(request, _("You are signed out."))
    response = HttpResponseRedirect(reverse("account:sign-in") if user and user.agent_or_none else "/")
    if user and user.agent_or_none:  # what the browser has kept of the desk goes with the session
        response.headers["Clear-Site-Data"] = '"storage"'
    if user:  # the next page still speaks the person's language
        keep_language(response, user.language)
    return response

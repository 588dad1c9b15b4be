"""A forgotten password: asked for, mailed, set anew."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tresen.core.people.accounts import LinkDead, actor_of, reset_password
from tresen.core.people.hosts import key_of_host
from tresen.core.people.models import User
from tresen.faces.account.accounts_by import account_by_mail, account_by_uid
from tresen.faces.account.attempts import forget_total
from tresen.faces.account.jobs import send_reset
from tresen.faces.account.password.forms import ForgottenForm
from tresen.faces.account.passwords import NewPasswordForm
from tresen.kit import notices
from tresen.kit.requests import place_of
from tresen.spine.limits.services import hit

MAILS_AN_HOUR = 3
ASKED_AN_HOUR = 30
IN_SESSION = "set-password"
SESSION_KEY = "password-reset"


@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Asks for the address; answers the same and does the same work whether or not there is such an account."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif not hit("reset asked", place_of(request), limit=ASKED_AN_HOUR, seconds=3600):
            form.add_error(None, _("Too many requests from here. Please try again in an hour."))
            status = 429
        else:
            address = form.cleaned_data["email"]
            user_id = account_by_mail(address)
            if hit("reset mail", address.lower(), limit=MAILS_AN_HOUR, seconds=3600):
                send_reset.enqueue(user_id=user_id, **_asked_at(request))
            return render(request, "account/password_sent.html", {"address": address})
    return render(request, "account/password_forgotten.html", {"form": form}, status=status)


def _asked_at(request: HttpRequest) -> dict[str, Any]:
    here = key_of_host(request)
    return {"brand_id": here} if here else {}


@sensitive_post_parameters("password", "again")
@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The mailed link. The token goes from the address into the session at once, so that no page carries it on."""
    user = account_by_uid(uid)
    if token != IN_SESSION:
        if user is None or not default_token_generator.check_token(user, token):
            return _dead(request)
        request.session[SESSION_KEY] = token
        response: HttpResponse = HttpResponseRedirect(reverse("account:reset", args=[uid, IN_SESSION]))
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    if user is None or not default_token_generator.check_token(user, request.session.get(SESSION_KEY)):
        return _dead(request)
    return _set(request, user)


def _set(request: HttpRequest, user: User) -> HttpResponse:
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            token = request.session.get(SESSION_KEY)
            reset_password(user, token=token, password=form.cleaned_data["password"], by=actor_of(user))
        except LinkDead:  # somebody was faster with it
            return _dead(request)
        forget_total(user)
        request.session.pop(SESSION_KEY, None)
        notices.tell(request, _("Your new password is set. Please sign in with it."))
        return HttpResponseRedirect(reverse("account:sign-in"))
    status = 422 if request.method == "POST" else 200
    return render(request, "account/password_reset.html", {"form": form, "account": user}, status=status)


def _dead(request: HttpRequest) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    return render(request, "account/link_dead.html", {"what": "reset"}, status=404)

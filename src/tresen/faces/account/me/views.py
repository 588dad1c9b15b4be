"""My own account: profile, password, where I am signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.accounts import actor_of, change_password, change_profile, end_session, end_sessions
from tresen.core.people.models import User
from tresen.faces.account.attempts import Attempt
from tresen.faces.account.entering import begin_session
from tresen.faces.account.me.devices import devices_of
from tresen.faces.account.me.forms import OwnPasswordForm, ProfileForm
from tresen.faces.account.middleware import forget_language
from tresen.kit import notices
from tresen.service.preferences.after_action import after_action, choose_after_action

OwnView = Callable[[HttpRequest, User], HttpResponse]


def own_page(view: OwnView) -> Callable[[HttpRequest], HttpResponse]:
    """Lets whoever is signed in through, as `user`; sends everybody else to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            return view(request, request.user)
        return HttpResponseRedirect(f"{reverse('account:sign-in')}?{urlencode({'next': reverse('account:me')})}")

    return guarded


@never_cache
@require_http_methods(["GET", "POST"])
@own_page
def me(request: HttpRequest, user: User) -> HttpResponse:
    """The page; POST saves the profile."""
    if request.method == "GET":
        return _page(request, user)
    form = ProfileForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, user, profile=form, status=422)
    saved = change_profile(user, set=form.profile, by=actor_of(user))
    _choose_after(user, form.cleaned_data.get("after_action", ""))
    with translation.override(saved.language):
        notices.tell(request, _("Saved."))
    response = _back()
    forget_language(response)
    return response


@sensitive_post_parameters("present", "password", "again")
@require_POST
@own_page
def own_password(request: HttpRequest, user: User) -> HttpResponse:
    """A new password: this browser goes on under a new session key, all others are signed out."""
    form = OwnPasswordForm(request.POST, user=user, has_tokens=_has_tokens(user))
    attempt = Attempt.of(request, user.email)
    if attempt.begin():
        form.add_error("present", _("Too many failed attempts. Please wait 15 minutes."))
        return _page(request, user, password=form, status=429)
    is_valid = form.is_valid()
    if "present" not in form.errors:
        attempt.succeeded()
    if not is_valid:
        return _page(request, user, password=form, status=422)
    change_password(
        user, password=form.cleaned_data["password"], by=actor_of(user),
        keep_session=request.session.session_key or "", revoke_tokens=form.revokes,
    )  # fmt: skip
    update_session_auth_hash(request, user)
    begin_session(request, user)
    notices.tell(request, _("Your password is changed. All other browsers are signed out."))
    return _back()


@require_POST
@own_page
def end_one(request: HttpRequest, user: User) -> HttpResponse:
    """Signs one browser out."""
    if end_session(user, request.POST.get("key", ""), by=actor_of(user)):
        notices.tell(request, _("Signed out there."))
    return _back()


@require_POST
@own_page
def end_others(request: HttpRequest, user: User) -> HttpResponse:
    """Signs out every browser but this one."""
    ended = end_sessions(user, by=actor_of(user), keep=request.session.session_key or "")
    told = ngettext("%(n)d other browser was signed out.", "%(n)d other browsers were signed out.", ended)
    notices.tell(request, told % {"n": ended})
    return _back()


def _choose_after(user: User, then: str) -> None:
    """What comes after an action, in all lists; what was chosen for single ones stays unless this is another."""
    agent = user.agent_or_none
    if agent and then and then != after_action(agent):
        choose_after_action(agent, then=then, by=actor_of(user))


def _has_tokens(user: User) -> bool:
    agent = user.agent_or_none
    return agent is not None and agent.tokens.filter(revoked_at=None).exists()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("account:me"))


def _page(
    request: HttpRequest, user: User, *, profile: ProfileForm | None = None, password: OwnPasswordForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    devices = devices_of(user, cookie_key=request.session.session_key)
    context: dict[str, Any] = {
        "account": user,
        "profile": profile or ProfileForm(user=user),
        "password": password or OwnPasswordForm(user=user, has_tokens=_has_tokens(user)),
        "devices": devices,
        "has_others": any(not device.is_this for device in devices),
    }
    template = "account/me_desk.html" if user.agent_or_none else "account/me_portal.html"
    return render(request, template, context, status=status)

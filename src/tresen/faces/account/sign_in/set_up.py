"""Where the desk asks for a second factor and the person has none: it is set up between the password and the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.factors import has_factor
from tresen.core.people.models import User
from tresen.faces.account.entering import home_of, let_in
from tresen.faces.account.factors.making import Place, set_up_app, set_up_passkey
from tresen.faces.account.half import Half, half_of
from tresen.faces.account.sign_in.second import begin_anew
from tresen.kit import notices, webauthn

GateView = Callable[[HttpRequest, Half], HttpResponse]


def _gate(view: GateView) -> Callable[[HttpRequest], HttpResponse]:
    """For whoever has just given the password and has no second factor yet. Whoever has one must use it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        half = half_of(request)
        if half is None:
            return begin_anew(request)
        if has_factor(half.user):
            return HttpResponseRedirect(reverse("account:second-step"))
        return view(request, half)

    return never_cache(sensitive_post_parameters()(guarded))


@require_safe
@_gate
def set_up(request: HttpRequest, half: Half) -> HttpResponse:
    """`/sign-in/set-up/`: says why, and offers what there is."""
    return render(request, "account/gate/choose.html", {"account": half.user, "can_work": webauthn.can_work()})


@require_http_methods(["GET", "HEAD", "POST"])
@_gate
def gate_app(request: HttpRequest, half: Half) -> HttpResponse:
    """`/sign-in/set-up/app/`."""
    return set_up_app(request, half.user, _place(half))


@require_http_methods(["GET", "HEAD", "POST"])
@_gate
def gate_passkey(request: HttpRequest, half: Half) -> HttpResponse:
    """`/sign-in/set-up/passkey/`."""
    return set_up_passkey(request, half.user, _place(half))


def _place(half: Half) -> Place:
    onward = half.wanted or home_of(half.user)

    def done(request: HttpRequest, user: User, codes: list[str], told: str) -> HttpResponse:
        if codes:
            page = render(request, "account/gate/codes_made.html", {"codes": codes, "told": told, "onward": onward})
            return let_in(request, user, page)
        notices.tell(request, told)
        return let_in(request, user, HttpResponseRedirect(onward))

    return Place("gate", asks=False, done=done)

"""The second step of the sign-in, and signing in by a passkey alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.accounts import actor_of
from tresen.core.people.factors import Factors, factors_of, use_code, use_passkey
from tresen.core.people.models import User
from tresen.faces.account.attempts import SECOND_STEP, TRY_SECONDS, Attempt
from tresen.faces.account.entering import home_of, let_in
from tresen.faces.account.factors.forms import SecondStepForm
from tresen.faces.account.half import Half, end_half, half_of
from tresen.faces.account.sign_in.forms import SignInForm
from tresen.faces.account.sign_in.views import page_context
from tresen.kit import clock, notices, webauthn
from tresen.kit.own_path import own_path
from tresen.kit.requests import place_of
from tresen.spine.limits.services import hit

ASKED, ASKED_SECONDS = 60, 10 * 60
ANSWER_SECONDS = 5 * 60
_ASKED = "passkey"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """`/sign-in/second/`: a code of the app or a recovery code; the session is made here and not before."""
    half = half_of(request)
    found = factors_of(half.user) if half else None
    if half is None or not found:
        return begin_anew(request)
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, half, found, form, 200)
    if not form.is_valid():
        return _page(request, half, found, form, 422)
    attempt = Attempt.of(request, half.user.email, SECOND_STEP)
    if refused := attempt.begin():
        form.add_error("code", _words(refused))
        response = _page(request, half, found, form, 429)
        response.headers["Retry-After"] = str(TRY_SECONDS)
        return response
    if use_code(half.user, form.cleaned_data["code"], by=actor_of(half.user)):
        attempt.succeeded()
        return let_in(request, half.user, _onward(half.user, half.wanted))
    attempt.failed()
    form.add_error("code", _("This code does not work. A code works once, and for half a minute."))
    return _page(request, half, found, form, 422)


@sensitive_post_parameters()
@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """`/sign-in/passkey/`: without `credential` the question for the browser as JSON, with it the answer. After the
    password it asks for a key of that account; else any key of this desk is enough."""
    if isinstance(request.user, User):
        return HttpResponseRedirect(home_of(request.user))
    half = half_of(request)
    if not request.POST.get("credential"):
        return _ask(request, half)
    asked = request.session.pop(_ASKED, None)
    wanted = half.wanted if half else own_path(request.POST.get("next"), default="")
    try:
        if not isinstance(asked, dict) or not 0 <= clock.now().timestamp() - asked["at"] < ANSWER_SECONDS:
            raise webauthn.WrongAnswer("not asked")
        user = use_passkey(
            asked["state"], webauthn.read_answer(request.POST["credential"]), of=half.user if half else None
        )
    except webauthn.WrongAnswer:
        return _refuse(request, half, wanted, 422)
    return let_in(request, user, _onward(user, wanted))


def _ask(request: HttpRequest, half: Half | None) -> HttpResponse:
    if not hit("passkey asked", place_of(request), limit=ASKED, seconds=ASKED_SECONDS):
        return _refuse(request, half, "", 429)
    known = [bytes(key.data) for key in half.user.passkeys.all()] if half else None
    question = webauthn.ask_for_one(known)
    request.session[_ASKED] = {"state": question.state, "at": clock.now().timestamp()}
    return JsonResponse(question.options)


def _refuse(request: HttpRequest, half: Half | None, wanted: str, status: int) -> HttpResponse:
    told = _("That did not work with a passkey. Please try again, or sign in another way.")
    if half:
        form = SecondStepForm()
        return _page(request, half, factors_of(half.user), form, status, told=told)
    context = {**page_context(request, SignInForm(), wanted), "told": told}
    return render(request, "account/sign_in.html", context, status=status)


def begin_anew(request: HttpRequest) -> HttpResponse:
    """Back to the password: too late, or never been there. Who is in already goes home."""
    if isinstance(request.user, User):
        return HttpResponseRedirect(home_of(request.user))
    if end_half(request):
        notices.tell(request, _("Please sign in; the second step has to follow within ten minutes."), "info")
    return HttpResponseRedirect(reverse("account:sign-in"))


def _words(refused: str) -> str:
    if refused == "locked":
        return _("Too many failed attempts in all. Please set a new password: use “Forgotten your password?”.")
    return _("Too many failed attempts. Please wait 15 minutes.")


def _onward(user: User, wanted: str) -> HttpResponse:
    return HttpResponseRedirect(wanted or home_of(user))


def _page(
    request: HttpRequest, half: Half, found: Factors, form: SecondStepForm, status: int, told: str = ""
) -> HttpResponse:
    context = {
        "form": form, "factors": found, "account": half.user, "told": told,
        "has_passkeys": bool(found.passkeys) and webauthn.can_work(),
    }  # fmt: skip
    return render(request, "account/second_step.html", context, status=status)

"""Setting up an app or a passkey: the same steps on one's own page and, where the desk asks for it, at the sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from tresen.core.people.accounts import actor_of
from tresen.core.people.factors import KeyKnown, TooManyKeys, add_passkey, handle_of, set_app
from tresen.core.people.models import User
from tresen.faces.account.factors.forms import AppForm, PasskeyForm
from tresen.faces.account.me.devices import device_name
from tresen.kit import clock, notices, webauthn

ANSWER_SECONDS = 5 * 60
_NEW = "new-passkey"
Done = Callable[[HttpRequest, User, list[str], str], HttpResponse]


@dataclass(frozen=True)
class Place:
    """Where it happens. `asks`: for the password or a code, too. `done` answers with the fresh recovery codes, if
    there are any, and with the sentence that says what happened."""

    folder: str
    asks: bool
    done: Done


def set_up_app(request: HttpRequest, user: User, place: Place) -> HttpResponse:
    """Shows a new secret; the app counts once a code of it was typed."""
    form = AppForm(request.POST if request.method == "POST" else None, request=request, user=user, asks=place.asks)
    if form.is_bound and form.is_valid():
        codes = set_app(user, secret=form.secret, step=form.step, by=actor_of(user))
        return place.done(request, user, codes, _("Your authenticator app is set up."))
    if not form.secret:  # what came back was not ours, or of an account that one was before
        notices.tell(request, _("Please begin again with this new secret."), "info")
        return HttpResponseRedirect(request.path)
    status = form.status if form.is_bound else 200
    return render(request, f"account/{place.folder}/app.html", {"form": form}, status=status)


def set_up_passkey(request: HttpRequest, user: User, place: Place) -> HttpResponse:
    """First its name, then the question to the browser, whose answer comes back as `credential`."""
    if "credential" in request.POST:
        return _take_answer(request, user, place)
    data = request.POST if request.method == "POST" else None
    initial = {"name": device_name(request.META.get("HTTP_USER_AGENT", ""))[:60]}
    form = PasskeyForm(data, initial=initial, request=request, user=user, asks=place.asks)
    if form.is_bound and form.is_valid():
        _ask(request, user, form.cleaned_data["name"])
        return HttpResponseRedirect(request.path)
    asked = None if form.is_bound else _asked(request, user)
    context = {"form": form, "asked": asked, "can_work": webauthn.can_work()}
    return render(
        request, f"account/{place.folder}/passkey.html", context, status=form.status if form.is_bound else 200
    )


def _ask(request: HttpRequest, user: User, name: str) -> None:
    known = [bytes(key.data) for key in user.passkeys.all()]
    question = webauthn.ask_for_new(handle=handle_of(user), account=user.email, name=user.name, known=known)
    request.session[_NEW] = {
        "user": user.pk, "name": name, "at": clock.now().timestamp(), "options": question.options,
        "state": question.state,
    }  # fmt: skip


def _asked(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """The question that this browser was asked, as long as it may be answered."""
    kept = request.session.get(_NEW)
    if not isinstance(kept, dict) or kept["user"] != user.pk:
        return None
    return kept if 0 <= clock.now().timestamp() - kept["at"] < ANSWER_SECONDS else None


def _take_answer(request: HttpRequest, user: User, place: Place) -> HttpResponse:
    asked = _asked(request, user)
    request.session.pop(_NEW, None)
    try:
        if asked is None:
            raise webauthn.WrongAnswer("not asked")
        key = webauthn.take_new(asked["state"], request.POST["credential"])
        codes = add_passkey(user, name=asked["name"], key=key, by=actor_of(user))
    except webauthn.WrongAnswer:
        told = _("The passkey was not added: that took too long, or something came between. Please try again.")
    except KeyKnown:
        told = _("This passkey is in use already.")
    except TooManyKeys:
        told = _("You have as many passkeys as one can have. Remove one first.")
    else:
        return place.done(request, user, codes, _("The passkey “%(name)s” is added.") % {"name": asked["name"]})
    notices.tell(request, told, "bad")
    return HttpResponseRedirect(request.path)

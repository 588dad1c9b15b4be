"""Customers sign in by a link in a mail: asked for, opened, used by a click of their own. Mail scanners that open every
link use nothing up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.accounts import LinkDead
from tresen.core.people.hosts import key_of_host
from tresen.core.people.identities import fold_mail
from tresen.core.people.mail_sign_in import MINUTES, living_sign_in, open_sign_in, use_sign_in
from tresen.core.people.models import User
from tresen.faces.account.entering import enter, home_of
from tresen.faces.account.jobs import send_sign_in
from tresen.faces.account.password.forms import ForgottenForm
from tresen.kit.requests import place_of
from tresen.spine.limits.services import hit

MAILS_AN_HOUR = 3
ASKED_AN_HOUR = 30
SESSION_KEY = "sign-in-link"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_link(request: HttpRequest) -> HttpResponse:
    """`/sign-in/by-mail/`: asks for the address. The answer and the work are the same whether we know it or not."""
    if isinstance(request.user, User):
        return HttpResponseRedirect(home_of(request.user))
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and hit("sign-in mail asked", place_of(request), limit=ASKED_AN_HOUR, seconds=3600):
            address = form.cleaned_data["email"]
            if hit("sign-in mail", fold_mail(address), limit=MAILS_AN_HOUR, seconds=3600):
                send_sign_in.enqueue(address=address, brand_id=key_of_host(request))
            return render(request, "account/mail_link_sent.html", {"address": address, "minutes": MINUTES})
        if form.is_valid():
            form.add_error(None, _("Too many requests from here. Please try again in an hour."))
            status = 429
    response = render(request, "account/mail_link.html", {"form": form}, status=status)
    if status == 429:
        response.headers["Retry-After"] = "3600"
    return response


@never_cache
@require_safe
def open_mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed address. The link goes from the address into the session at once, so that no page carries it on."""
    link = open_sign_in(token)
    if link is None:
        return _dead(request)
    request.session[SESSION_KEY] = link.pk
    response: HttpResponse = HttpResponseRedirect(reverse("account:mail-link-enter"))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_by_mail(request: HttpRequest) -> HttpResponse:
    """One click, by POST, and one is in; with a second factor where the account has one."""
    link = living_sign_in(request.session.get(SESSION_KEY))
    if link is None:
        return _dead(request)
    if request.method != "POST":
        return render(request, "account/mail_link_enter.html", {"address": link.identity.value})
    request.session.pop(SESSION_KEY, None)
    try:
        user = use_sign_in(link, language=(get_language() or "en")[:2])
    except LinkDead:
        return _dead(request)
    return enter(request, user)


def _dead(request: HttpRequest) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    return render(request, "account/link_dead.html", {"what": "sign-in"}, status=404)

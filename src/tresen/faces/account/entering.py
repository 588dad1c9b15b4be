"""What happens when somebody has come in: what the session remembers, and where he goes."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tresen.core.people.factors import has_factor, needs_factor
from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import User
from tresen.faces.account.attempts import remember_device
from tresen.faces.account.half import begin_half, end_half
from tresen.faces.account.middleware import forget_language
from tresen.kit import clock
from tresen.kit.requests import client_address

CUSTOMER_SECONDS = 30 * 24 * 3600
BACKEND = "tresen.faces.account.backends.PasswordBackend"


def enter(request: HttpRequest, user: User, wanted: str = "") -> HttpResponse:
    """The password was right. In, or to the second step, or to where a second factor that the desk asks for is set up;
    from there to `wanted`, a path of ours, or home. Agents come in at the address of the desk only."""
    if user.agent_or_none and brand_of_host(request):
        return HttpResponseRedirect(settings.BASE_URL + reverse("account:sign-in"))
    if has_factor(user):
        begin_half(request, user, wanted)
        return HttpResponseRedirect(reverse("account:second-step"))
    if needs_factor(user):
        begin_half(request, user, wanted)
        return HttpResponseRedirect(reverse("account:set-up"))
    return let_in(request, user, HttpResponseRedirect(wanted or home_of(user)))


def let_in(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """Makes the session, under a new key; `response` is the first the person sees."""
    end_half(request)
    login(request, user, backend=BACKEND)
    begin_session(request, user)
    remember_device(response, user)
    forget_language(response)
    return response


def begin_session(request: HttpRequest, user: User) -> None:
    """Notes when, from where and with what the person signed in. Customers stay signed in for 30 days.

    Call it right after `login()`, which gives the session its new key.
    """
    request.session["began"] = clock.now().timestamp()
    request.session["user_agent"] = request.META.get("HTTP_USER_AGENT", "")[:300]
    request.session["address"] = client_address(request)[:45]
    if user.agent_or_none is None:
        request.session.set_expiry(CUSTOMER_SECONDS)


def home_of(user: User) -> str:
    """Agents work at the desk; customers see their requests."""
    return "/desk/" if user.agent_or_none else "/requests/"

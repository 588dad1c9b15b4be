"""What happens when somebody has come in: what the session remembers, and where he goes."""

from __future__ import annotations

from django.http import HttpRequest

from tresen.core.people.models import User
from tresen.kit import clock
from tresen.kit.requests import client_address

CUSTOMER_SECONDS = 30 * 24 * 3600


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

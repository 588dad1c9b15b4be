"""Turns the signed-in account into a principal, with the rights it has now, and sets language and zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import User
from tresen.core.people.principals import NOBODY, Principal
from tresen.core.people.sessions import IDLE, LONGEST
from tresen.kit import clock

LANGUAGE_COOKIE = "tresen-language"
LANGUAGE_SECONDS = 365 * 24 * 3600
CODES = tuple(code for code, _ in settings.LANGUAGES)


class AccountMiddleware(AuthenticationMiddleware):
    """Sets `request.user` as Django does, but takes the account that was read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account(request))  # type: ignore[assignment]


def _account(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in; on a brand's host nobody is an agent."""
    found = _signed_in(request)
    is_agent = isinstance(found, User) and found.agent_or_none is not None
    return AnonymousUser() if is_agent and brand_of_host(request) else found


def _signed_in(request: HttpRequest) -> User | AnonymousUser:
    """Whoever the session names. Whatever is not plainly in order (another password since, a deactivated account, a key
    that was changed) is decided by Django, which reads the account anew and ends the session where it must."""
    session = request.session
    account: User | None = session.account  # type: ignore[attr-defined]
    if account is None or not account.is_active or session.get(SESSION_KEY) != str(account.pk):
        return get_user(request)
    is_ours = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    mark = session.get(HASH_SESSION_KEY, "")
    if is_ours and constant_time_compare(mark, account.get_session_auth_hash()):
        return account
    return get_user(request)


class PersonMiddleware:
    """Sets `request.principal`, the language and the time zone of every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.principal = self._principal(request, request.user)  # type: ignore[attr-defined]
        account = request.user if isinstance(request.user, User) else None
        asked = self._asked_language(request)
        language = asked or self._language(request, account)
        zone = account.timezone if account else "Europe/Berlin"
        with translation.override(language), timezone.override(_zone(zone)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if asked:
            keep_language(response, asked)
        return response

    def _principal(self, request: HttpRequest, account: object) -> Principal:
        if not isinstance(account, User):
            return NOBODY
        agent = account.agent_or_none
        if agent is None:
            contact = getattr(account, "contact", None)
            return Principal.of_contact(contact) if contact else NOBODY
        if self._is_over(request):
            logout(request)
            return NOBODY
        return Principal.of_agent(agent)

    def _is_over(self, request: HttpRequest) -> bool:
        """Agents are signed out after nine idle hours and after seven days in any case.

        The mark of the last request is written every five minutes, not on each.
        """
        at = clock.now().timestamp()
        seen, began = request.session.get("seen", at), request.session.get("began", at)
        if at - seen > IDLE.total_seconds():
            return True
        if at - began > LONGEST.total_seconds():
            return True
        if "seen" not in request.session or at - seen > 300:
            request.session["seen"] = at
        return False

    def _asked_language(self, request: HttpRequest) -> str:
        """The language of `?lang=`, the links at the foot of a page."""
        asked = request.GET.get("lang") or request.GET.get("language", "")
        return asked if asked in CODES else ""

    def _language(self, request: HttpRequest, account: User | None) -> str:
        """What this browser chose last, else the account's language, else the browser's own."""
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        if chosen in CODES:
            return chosen
        return account.language if account else translation.get_language_from_request(request) or "en"


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Lets the next pages of this browser speak the language, too."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=LANGUAGE_SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def forget_language(response: HttpResponseBase) -> None:
    """The account's own language counts again."""
    response.delete_cookie(LANGUAGE_COOKIE, samesite="Lax")


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")

"""How the owner of an account lets Tresen in: by a code on any device (RFC 8628) or in his browser (RFC 6749 with
RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction

from tresen.channels.mail.account_mail import may_sign_in
from tresen.channels.mail.models import Mailbox, SignIn
from tresen.channels.mail.oauth.models import OAuthApp, OAuthGrant, OAuthRequest
from tresen.channels.mail.oauth.providers import PROVIDERS
from tresen.channels.mail.oauth.tokens import ProviderAway, ProviderSaysNo, SignInNeeded, ask, keep
from tresen.core.people.models import Agent
from tresen.core.people.principals import NOBODY, Principal
from tresen.kit import clock
from tresen.kit.crypto import new_token, token_hash
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.jobs.registry import Retry

BROWSER_MINUTES = 15
LONGEST_SECONDS = 1800
BACK = "/settings/mail/sign-in/back/"
# In OAuthRequest.fault: NotYourAccount, raised while nobody was there to be told.
NOT_YOURS = "not_yours"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class NotAskedFor(Exception):
    """An answer to a question that nobody asked, that is over, or that somebody else asked."""


class NotYourAccount(Exception):
    """Mail about accounts leaves by that mailbox by now; whoever has asked may not choose its account."""


def needs_sign_in(mailbox: Mailbox) -> bool:
    """Whether its provider has not let us in yet."""
    by_provider = mailbox.sign_in != SignIn.PASSWORD
    return by_provider and not OAuthGrant.objects.filter(mailbox=mailbox, provider=mailbox.sign_in).exists()


def redirect_uri() -> str:
    """Where the provider sends the browser back to; to be entered there."""
    return f"{settings.BASE_URL}{BACK}"


def begin(mailbox: Mailbox, *, agent: Agent) -> OAuthRequest:
    """Asks the provider and keeps the question; its `address` is where the owner of the account goes now.

    Raises SignInNeeded when the desk is not registered there, ProviderAway, ProviderSaysNo.
    """
    request = OAuthRequest(mailbox=mailbox, provider=mailbox.sign_in, asked_by=agent)
    if PROVIDERS[mailbox.sign_in].devices:
        _ask_for_code(request)
    else:
        _ask_for_browser(request)
    with transaction.atomic():
        OAuthRequest.objects.filter(mailbox=mailbox).delete()
        request.save()
        if request.user_code:
            from tresen.channels.mail.jobs import ask_device_sign_in

            ask_device_sign_in.enqueue(request_id=request.pk, delay=request.seconds)
    return request


def _ask_for_code(request: OAuthRequest) -> None:
    given = ask(request.provider, device=True, scope=PROVIDERS[request.provider].scope)
    code, shown = given.get("device_code"), given.get("user_code")
    address = str(given.get("verification_uri", given.get("verification_url", "")))
    if not isinstance(code, str) or not isinstance(shown, str) or urlsplit(address).scheme != "https":
        raise ProviderAway("the provider gave no code")
    request.keep(code)
    request.user_code, request.address = shown[:40], address[:2000]
    request.seconds = min(max(_number(given.get("interval"), 5), 1), 60)
    lasts = min(_number(given.get("expires_in"), 900), LONGEST_SECONDS)
    request.expires_at = clock.now() + timedelta(seconds=lasts)


def _ask_for_browser(request: OAuthRequest) -> None:
    app, known = OAuthApp.objects.filter(provider=request.provider).first(), PROVIDERS[request.provider]
    if app is None:
        raise SignInNeeded(f"this desk is not registered at {known.name}")
    state, verifier = new_token(256), new_token(384)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    request.keep(verifier)
    request.state_hash = token_hash(state)
    request.expires_at = clock.now() + timedelta(minutes=BROWSER_MINUTES)
    request.address = f"{known.browser}?" + urlencode({
        "client_id": app.client_id, "redirect_uri": redirect_uri(), "response_type": "code", "scope": known.scope,
        "state": state, "code_challenge": challenge, "code_challenge_method": "S256", "access_type": "offline",
        "prompt": "consent", "login_hint": request.mailbox.address,
    })  # fmt: skip


def finish_in_browser(*, state: str, code: str, agent: Agent, by: Actor) -> Mailbox:
    """The browser is back with a code: exchanges it. The question is used up whatever comes of it.

    Raises NotAskedFor, NotYourAccount, ProviderSaysNo, ProviderAway.
    """
    with transaction.atomic():
        found = OAuthRequest.objects.select_for_update().select_related("mailbox")
        request = found.filter(state_hash=token_hash(state)).first() if state else None
        if request is None or request.expires_at < clock.now() or request.asked_by_id != agent.pk:
            raise NotAskedFor
        verifier, mailbox = request.secret, request.mailbox
        request.delete()
    if mailbox.sign_in != request.provider:
        raise NotAskedFor
    given = ask(request.provider, grant_type="authorization_code", code=code, redirect_uri=redirect_uri(),
                code_verifier=verifier)  # fmt: skip
    _grant(mailbox, given, agent=agent, by=by)
    return mailbox


def ask_device(request_id: int) -> None:
    """Has the owner typed the code? Raises Retry until he has, or the time is over."""
    request = OAuthRequest.objects.select_related("mailbox", "asked_by__user").filter(pk=request_id).first()
    if request is None or request.fault or request.mailbox.sign_in != request.provider:
        return
    if request.expires_at < clock.now():
        _give_up(request, "expired_token")
        return
    try:
        given = ask(request.provider, grant_type=DEVICE_GRANT, device_code=request.secret)
    except ProviderAway as fault:
        raise Retry(request.seconds, str(fault)) from fault
    except ProviderSaysNo as fault:
        if fault.code == "slow_down":
            OAuthRequest.objects.filter(pk=request.pk).update(seconds=min(request.seconds + 5, 60))
        if fault.code in {"authorization_pending", "slow_down"}:
            raise Retry(request.seconds, fault.code) from fault
        _give_up(request, str(fault))
        return
    agent = request.asked_by
    try:
        _grant(request.mailbox, given, agent=agent, by=Actor.agent(agent) if agent else Actor.system("mail"))
    except NotYourAccount:
        _give_up(request, NOT_YOURS)
        return
    request.delete()


def _give_up(request: OAuthRequest, words: str) -> None:
    OAuthRequest.objects.filter(pk=request.pk).update(fault=words[:300], user_code="")


def _grant(mailbox: Mailbox, given: dict[str, Any], *, agent: Agent | None, by: Actor) -> None:
    if not isinstance(given.get("refresh_token"), str):
        raise ProviderAway("the provider lets us in only once; it gave no refresh token")
    with transaction.atomic():
        # Held as by whoever says which of them mail about accounts leaves by (way_out.py).
        list(Mailbox.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
        principal = Principal.of_agent(agent) if agent and agent.user.is_active else NOBODY
        if not may_sign_in(mailbox, principal):
            raise NotYourAccount
        OAuthGrant.objects.filter(mailbox=mailbox).delete()
        grant = OAuthGrant(mailbox=mailbox, provider=mailbox.sign_in, granted_at=clock.now())
        keep(grant, given)
        Mailbox.objects.filter(pk=mailbox.pk).update(fault="", fault_at=None)
        record("mailbox.signed_in", stream=mailbox, by=by, changes={"provider": PROVIDERS[mailbox.sign_in].name})


def _number(value: Any, usual: int) -> int:
    return value if isinstance(value, int) and value > 0 else usual

"""Tokens for the mail servers: asked for, kept sealed, renewed before they end (RFC 6749, sections 5 and 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import orjson

from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.oauth.models import OAuthApp, OAuthGrant
from tresen.channels.mail.oauth.providers import ANY_DIRECTORY, PROVIDERS
from tresen.kit import clock
from tresen.kit.crypto import SealBroken
from tresen.kit.http import Limits, NotReached, fetch

# A token that ends within that time is renewed first: a long fetch must not outlive it.
MARGIN = timedelta(minutes=5)
LIMITS = Limits(seconds=10, max_bytes=64 * 1024)
USUAL_SECONDS = 3600


class SignInNeeded(OSError):
    """Nobody has signed the mailbox in, or the provider no longer lets it: a person must do it anew."""


class ProviderAway(OSError):
    """The provider cannot be asked just now; to be tried again."""


class ProviderSaysNo(Exception):
    """The provider's answer is an error; `code` is one of RFC 6749, 5.2 or RFC 8628, 3.5."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}"[:300])
        self.code = code


def token_for(mailbox: Mailbox, way: str) -> str:
    """The token to sign in with at the provider's `imap`, `pop` or `smtp` server, and at no other.

    Raises SealBroken when the mailbox names another server, SignInNeeded, ProviderAway.
    """
    if getattr(mailbox, f"{way}_host") != PROVIDERS[mailbox.sign_in].servers[way].host:
        raise SealBroken("not a server of the provider")
    return access_token(mailbox)


def bearer(user: str, token: str) -> str:
    """What is said by XOAUTH2, before base64."""
    return f"user={user}\1auth=Bearer {token}\1\1"


def access_token(mailbox: Mailbox) -> str:
    """A token that is good for at least five minutes; renewed by the provider if need be.

    Raises SignInNeeded, ProviderAway, SealBroken.
    """
    grant = OAuthGrant.objects.filter(mailbox=mailbox, provider=mailbox.sign_in).first()
    if grant is None:
        raise SignInNeeded(f"the mailbox is not signed in at {PROVIDERS[mailbox.sign_in].name}")
    if grant.access_until and grant.access_until > clock.now() + MARGIN and grant.access_sealed:
        return grant.opened("access")
    try:
        given = ask(mailbox.sign_in, grant_type="refresh_token", refresh_token=grant.opened("refresh"))
    except ProviderSaysNo as fault:
        if fault.code in {"invalid_grant", "interaction_required", "consent_required"}:
            raise SignInNeeded(f"{PROVIDERS[mailbox.sign_in].name}: {fault}") from fault
        raise ProviderAway(str(fault)) from fault
    return keep(grant, given)


def keep(grant: OAuthGrant, given: dict[str, Any]) -> str:
    """Keeps what a token endpoint gave; the access token. A new refresh token takes the place of the old one.

    Raises ProviderAway when there is none.
    """
    access, seconds = given.get("access_token"), given.get("expires_in")
    if not isinstance(access, str) or not access:
        raise ProviderAway("the provider gave no token")
    lasts = seconds if isinstance(seconds, int) and 0 < seconds < 10 * 24 * 3600 else USUAL_SECONDS
    refresh = given.get("refresh_token")
    grant.keep(refresh=refresh if isinstance(refresh, str) else "", access=access)
    grant.access_until = clock.now() + timedelta(seconds=lasts)
    grant.save()
    return access


def forget_access(mailbox: Mailbox) -> None:
    """The mail server does not take the token, whatever its time: the next connection asks for another."""
    OAuthGrant.objects.filter(mailbox=mailbox).update(access_until=None)


def ask(provider: str, *, device: bool = False, **fields: str) -> dict[str, Any]:
    """One question to the provider's token endpoint (or to the one for devices), with who we are.

    Raises ProviderSaysNo, ProviderAway, SignInNeeded when the desk is not registered there.
    """
    app, known = OAuthApp.objects.filter(provider=provider).first(), PROVIDERS[provider]
    if app is None:
        raise SignInNeeded(f"this desk is not registered at {known.name}")
    address = (known.devices if device else known.token).replace("{tenant}", app.tenant or ANY_DIRECTORY)
    body = {"client_id": app.client_id, **fields}
    if app.secret_sealed and not device:
        try:
            body["client_secret"] = app.secret
        except SealBroken as fault:
            raise SignInNeeded("the client secret cannot be opened; enter it again") from fault
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = fetch(address, method="POST", headers=headers, body=urlencode(body).encode(), limits=LIMITS)
        found = orjson.loads(answer.body)
    except NotReached as fault:
        raise ProviderAway(f"{known.name} cannot be reached") from fault
    except ValueError as fault:
        raise ProviderAway(f"{known.name} answers {answer.status} without sense") from fault
    if not isinstance(found, dict) or answer.status >= 500:
        raise ProviderAway(f"{known.name} answers {answer.status}")
    if "error" in found or answer.status >= 400:
        raise ProviderSaysNo(str(found.get("error", answer.status)), str(found.get("error_description", "")))
    return found

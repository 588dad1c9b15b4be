"""API tokens: made once, shown once, kept as a hash; they act as their agent within their scopes (decision 13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tresen.core.people.models import Agent, ApiToken
from tresen.core.people.principals import ALL_SCOPES, Principal
from tresen.kit import clock
from tresen.kit.crypto import new_token, token_hash
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

# Scanners for leaked secrets know a token by its beginning.
PREFIX = "tsn_"
SHOWN = len(PREFIX) + 6
DEFAULT_DAYS = 90
# A wider scope contains the narrower ones.
CONTAINS = {"admin": ALL_SCOPES, "write": frozenset({"read", "write"}), "read": frozenset({"read"})}
LAST_USE_STEP = timedelta(minutes=1)


class WrongScope(ValueError):
    """A scope that there is not; `scope` names it."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"there is no scope {scope}")
        self.scope = scope


@transaction.atomic
def create_token(
    agent: Agent, *, name: str, scopes: Iterable[str] = ("read",), days: int = DEFAULT_DAYS, by: Actor
) -> str:
    """A new token of the agent, valid for `days` days; the answer is the only time it is ever shown.

    `write` contains `read`, `admin` contains both. Event `token.created`. Raises WrongScope, ValueError for a life
    of less than one day.
    """
    if days < 1:
        raise ValueError("a token lives for one day at least")
    wanted: set[str] = set()
    for scope in scopes:
        if scope not in CONTAINS:
            raise WrongScope(scope)
        wanted |= CONTAINS[scope]
    plain = PREFIX + new_token()
    at = clock.now()
    token = ApiToken.objects.create(
        agent=agent, name=name.strip()[:80] or "API", prefix=plain[:SHOWN], token_hash=token_hash(plain),
        scopes=sorted(wanted or {"read"}), created_at=at, expires_at=at + timedelta(days=days),
    )  # fmt: skip
    facts = {"name": token.name, "scopes": token.scopes, "agent": str(agent)}
    record("token.created", stream=token, by=by, changes=facts)
    return plain


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """The token opens nothing from now on. Event `token.revoked`; revoking twice does nothing."""
    at = clock.now()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        record("token.revoked", stream=token, by=by, changes={"name": token.name})


def open_token(plain: str) -> ApiToken | None:
    """The living token behind those characters: not expired, not revoked, its agent still active; else None.

    Notes the use, at most once a minute.
    """
    if not isinstance(plain, str) or not plain.startswith(PREFIX) or not 40 <= len(plain) <= 100:
        return None
    at = clock.now()
    token = (
        ApiToken.objects.select_related("agent__user", "agent__role")
        .filter(token_hash=token_hash(plain), revoked_at=None, expires_at__gt=at, agent__user__is_active=True)
        .first()
    )
    if token and (token.last_used_at is None or token.last_used_at < at - LAST_USE_STEP):
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=at - LAST_USE_STEP)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=at)
    return token


def token_principal(token: ApiToken) -> Principal:
    """For whom a token speaks: its agent with the rights he has now, within the token's scopes."""
    return Principal.of_agent(token.agent, frozenset(token.scopes))


def tokens_for(principal: Principal) -> QuerySet[ApiToken]:
    """All tokens, the living first, for who keeps those of others; for an agent his own; none for anybody else."""
    found = ApiToken.objects.select_related("agent__user").order_by(F("revoked_at").asc(nulls_first=True), "-pk")
    if principal.may("set_tokens"):
        return found
    return found.filter(agent=principal.agent) if principal.agent else found.none()

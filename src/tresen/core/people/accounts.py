"""Accounts: invited, activated, their passwords, their sessions; and the desk's very first administrator."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction

from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.models import Agent, Brand, FirstRun, OneTimeLink, Role, Session, SignInLink, Team, User
from tresen.core.people.refusals import AccountExists
from tresen.core.people.teams import create_team
from tresen.kit import clock
from tresen.kit.crypto import new_token, same, token_hash
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

INVITE_HOURS = 72
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
# All first-run services meet at this one row, so that two who race stand in line.
FIRST_RUN_ROW = 1
COMMAND_LINE = Actor.system("command line")


class LinkDead(Exception):
    """The link was used, is too old, or its account is active already."""


class FirstRunClosed(Exception):
    """The desk has its administrator."""


class WrongCode(Exception):
    """That is not the code from the console."""


def actor_of(user: User) -> Actor:
    """The account's owner as an actor."""
    if agent := user.agent_or_none:
        return Actor.agent(agent)
    contact = getattr(user, "contact", None)
    return Actor.contact(contact) if contact else Actor.system("account")


# --- Invitations -----------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_agent(
    *, email: str, name: str, role: str = Role.AGENT, teams: Iterable[Team] = (), language: str = "en",
    timezone: str = "Europe/Berlin", by: Actor,
) -> Agent:  # fmt: skip
    """A new colleague who has no password yet. Event `agent.invited`, whose reaction mails the link.

    Raises AccountExists, ValueError for an address that is none or a role we do not know.
    """
    agent = _new_agent(email=email, name=name, role=role, language=language, timezone=timezone)
    chosen = list(teams)
    agent.teams.set(chosen)
    facts = {"name": [None, name], "role": [None, role], "teams": [[], sorted(team.name for team in chosen)]}
    record("agent.invited", stream=agent, by=by, changes=facts)
    return agent


@transaction.atomic
def invite_again(agent: Agent, *, by: Actor) -> None:
    """Sends a fresh invitation to someone who has not come yet. Event `agent.invited`. Raises LinkDead when he has."""
    if is_activated(agent.user) or not agent.user.is_active:
        raise LinkDead
    record("agent.invited", stream=agent, by=by)


def _new_agent(*, email: str, name: str, role: str, language: str, timezone: str, password: str | None = None) -> Agent:
    if not is_mail_address(email.strip()) or not Role.objects.filter(key=role).exists():
        raise ValueError("not a mail address or role")
    folded = fold_mail(email)
    if User.objects.filter(email=folded).exists():
        raise AccountExists
    user = User(email=folded, name=name.strip()[:120] or folded, language=language, timezone=timezone)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as fault:
        raise AccountExists from fault
    return Agent.objects.create(user=user, role_id=role)


def is_activated(user: User) -> bool:
    """Whether the account has a password, so that its owner can sign in."""
    return user.has_usable_password()


def mint_invitation(user: User) -> str:
    """A token for `/invite/<token>/`, good once within 72 hours. Only its hash is kept: send it now or never."""
    token = new_token()
    OneTimeLink.objects.create(
        user=user, purpose="invite", token_hash=token_hash(token),
        expires_at=clock.now() + timedelta(hours=INVITE_HOURS),
    )  # fmt: skip
    return token


def has_open_invitation(user: User) -> bool:
    """Whether a link that he was sent still opens."""
    return OneTimeLink.objects.filter(user=user, used_at=None, expires_at__gt=clock.now()).exists()


def open_invitation(token: object) -> OneTimeLink | None:
    """The living invitation of a token, or None; useless once the account is active or has been ended."""
    if not isinstance(token, str) or not 20 <= len(token) <= 100:
        return None
    alive = OneTimeLink.objects.filter(token_hash=token_hash(token), used_at=None, expires_at__gt=clock.now())
    link = alive.select_related("user__agent", "user__contact").first()
    if link is None or not link.user.is_active or is_activated(link.user):
        return None
    return link


@transaction.atomic
def accept_invitation(token: object, *, password: str) -> User:
    """Sets the first password and uses the link up. Event `account.activated`. Raises LinkDead."""
    link = open_invitation(token)
    if link is None:
        raise LinkDead
    user = User.objects.select_for_update().get(pk=link.user_id)
    won = OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=clock.now())
    if not won or is_activated(user):
        raise LinkDead
    _set_password(user, password)
    record("account.activated", stream=user, by=actor_of(user))
    return user


# --- Passwords and sessions ------------------------------------------------------------------------------------------


@transaction.atomic
def change_password(
    user: User, *, password: str, by: Actor, keep_session: str = "", revoke_tokens: bool = True, kind: str = "changed"
) -> None:
    """A new password: every other session ends, every open link dies, API tokens are revoked unless asked not to.

    `keep_session`: the cookie's key of the session that may live on. Event `password.changed` or, with kind
    `reset`, `password.reset`.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    _set_password(locked, password)
    user.password = locked.password
    ended = drop_sessions(locked, keep=keep_session)
    revoked = _revoke_tokens(locked) if revoke_tokens else 0
    record(f"password.{kind}", stream=locked, by=by, changes={"sessions": ended, "tokens": revoked})


@transaction.atomic
def reset_password(user: User, *, token: object, password: str, by: Actor) -> None:
    """A new password by a mailed link, which works once. Event `password.reset`. Raises LinkDead, also for the slower
    of two."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not isinstance(token, str) or not default_token_generator.check_token(locked, token):
        raise LinkDead
    change_password(locked, password=password, by=by, kind="reset")


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    kill_links(user)


def kill_links(user: User) -> None:
    """No one-time link of this account opens any more."""
    OneTimeLink.objects.filter(user=user, used_at=None).update(used_at=clock.now())
    SignInLink.objects.filter(identity__contact__user=user, used_at=None).update(used_at=clock.now())


def _revoke_tokens(user: User) -> int:
    agent = user.agent_or_none
    return agent.tokens.filter(revoked_at=None).update(revoked_at=clock.now()) if agent else 0


def drop_sessions(user: User, *, keep: str = "") -> int:
    """Signed out everywhere but in the session whose cookie key is `keep`; how many. Part of other services."""
    sessions = Session.objects.filter(user=user)
    if keep:
        sessions = sessions.exclude(session_key=token_hash(keep))
    return sessions.delete()[0]


def end_everything(user: User, *, tokens: bool) -> dict[str, int]:
    """Sessions and links of an account end, with `tokens` its API tokens too; how many. Part of other services."""
    kill_links(user)
    return {"sessions": drop_sessions(user), "tokens": _revoke_tokens(user) if tokens else 0}


@transaction.atomic
def end_session(user: User, key: str, *, by: Actor) -> bool:
    """Signs one browser of the account out; `key` is the row's key. Event `session.ended`; False if there was none."""
    ended = bool(Session.objects.filter(user=user, session_key=key).delete()[0])
    if ended:
        record("session.ended", stream=user, by=by)
    return ended


@transaction.atomic
def end_sessions(user: User, *, by: Actor, keep: str = "") -> int:
    """Signs out everywhere but in the session whose cookie key is `keep`; how many. Event `session.ended`."""
    ended = drop_sessions(user, keep=keep)
    if ended:
        record("session.ended", stream=user, by=by, changes={"sessions": ended})
    return ended


def sweep_accounts() -> int:
    """Removes sessions that are over and links that open nothing any more; how many rows."""
    at = clock.now()
    over = Session.objects.filter(expire_date__lte=at).delete()[0]
    return over + OneTimeLink.objects.filter(expires_at__lte=at - timedelta(days=1)).delete()[0]


@transaction.atomic
def change_profile(user: User, *, set: dict[str, Any], by: Actor) -> User:
    """One's own name, language, timezone, theme, single_keys, keys, keeps_offline and (agents) signature.

    Event `profile.changed`. Raises KeyError for any other field.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    agent = locked.agent_or_none
    changes: dict[str, Any] = {}
    for field, value in set.items():
        if field == "signature" and agent:
            if agent.signature != value:
                changes[field] = True  # the text itself is nobody's business in the history
                agent.signature = value
                agent.save(update_fields=["signature"])
        elif field not in {"name", "language", "timezone", "theme", "single_keys", "keys", "keeps_offline"}:
            raise KeyError(field)
        elif (old := getattr(locked, field)) != value:
            changes[field] = [old, value]
            setattr(locked, field, value)
    if changes:
        locked.save()
        record("profile.changed", stream=locked, by=by, changes=changes)
    return locked


# --- The first administrator -----------------------------------------------------------------------------------------


def first_run_is_open() -> bool:
    """Whether the desk still waits for its first administrator."""
    if Agent.objects.administrators().exists():
        return False
    return not FirstRun.objects.filter(pk=FIRST_RUN_ROW, closed_at__isnull=False).exists()


@transaction.atomic
def open_first_run() -> str:
    """A fresh one-time code for `/first-run/`, to be printed on the console; an earlier one stops working.

    Only the hash is kept. Empty when the desk is set up already.
    """
    row, _ = FirstRun.objects.select_for_update().get_or_create(pk=FIRST_RUN_ROW, defaults={"code_hash": ""})
    if row.closed_at or not first_run_is_open():
        return ""
    groups = ("".join(secrets.choice(CODE_LETTERS) for _ in range(4)) for _ in range(4))
    code = "-".join(groups)
    row.code_hash = _code_hash(code)
    row.save(update_fields=["code_hash"])
    return code


def _code_hash(code: object) -> str:
    typed = code if isinstance(code, str) and len(code) < 100 else ""
    return token_hash("".join(c for c in typed.upper() if c.isalnum()))


def is_first_run_code(code: object) -> bool:
    """Whether this is the code on the console, in any case, with or without hyphens."""
    row = FirstRun.objects.filter(pk=FIRST_RUN_ROW, closed_at=None).exclude(code_hash="").first()
    return row is not None and same(row.code_hash, _code_hash(code))


@transaction.atomic
def complete_first_run(
    *, code: str, email: str, name: str, password: str, language: str, timezone: str, brand: dict[str, Any], team: str
) -> Agent:
    """Makes the first administrator with brand and team, and closes the page for good. Event `desk.set_up`.

    `brand`: name, letters, office_hours. Raises FirstRunClosed (also for the slower of two), WrongCode, AccountExists.
    """
    row = FirstRun.objects.select_for_update().filter(pk=FIRST_RUN_ROW).first()
    if (row and row.closed_at) or not first_run_is_open():
        raise FirstRunClosed
    if row is None or not is_first_run_code(code):
        raise WrongCode
    agent = _new_agent(email=email, name=name, role=Role.ADMIN, language=language, timezone=timezone, password=password)
    by = Actor.agent(agent)
    agent.teams.add(ensure_team(team, by=by))
    ensure_brand({**brand, "language": language, "timezone": timezone})
    row.closed_at, row.code_hash = clock.now(), ""
    row.save(update_fields=["closed_at", "code_hash"])
    record("desk.set_up", stream=agent, by=by, changes={"brand": brand["name"], "team": team})
    return agent


def ensure_team(name: str, *, by: Actor) -> Team:
    """The team of that name, made if there is none."""
    return Team.objects.filter(name=" ".join(name.split())).first() or create_team(name=name, by=by)


def ensure_brand(values: dict[str, Any]) -> Brand:
    """The default brand with these values, made if the desk has none."""
    found = Brand.objects.filter(is_default=True).first()
    if found is None:
        return Brand.objects.create(is_default=True, **values)
    Brand.objects.filter(pk=found.pk).update(**values)
    return found


@transaction.atomic
def create_administrator(*, email: str, name: str = "", by: Actor = COMMAND_LINE) -> str:
    """An administrator from the command line; answers the token of his one-time link (`/invite/<token>/`).

    Closes the first-run page. A desk without brand and team gets one of each, so that it can work at once.
    Raises AccountExists, ValueError for an address that is none.
    """
    row, _ = FirstRun.objects.select_for_update().get_or_create(pk=FIRST_RUN_ROW, defaults={"code_hash": ""})
    agent = _new_agent(email=email, name=name, role=Role.ADMIN, language="en", timezone="Europe/Berlin")
    if not Brand.objects.exists():
        ensure_brand({"name": "Helpdesk", "letters": "T"})
    if not Team.objects.exists():
        agent.teams.add(ensure_team("Helpdesk", by=by))
    if row.closed_at is None:
        row.closed_at, row.code_hash = clock.now(), ""
        row.save(update_fields=["closed_at", "code_hash"])
    record("agent.created", stream=agent, by=by, changes={"role": [None, Role.ADMIN]})
    return mint_invitation(agent.user)

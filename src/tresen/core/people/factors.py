"""The second factors of an account: added, used, removed. An agent has an app, passkeys, or none; whoever has one also
has recovery codes. What is asked at the sign-in is the account face's matter."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tresen.core.people.accounts import COMMAND_LINE, end_everything
from tresen.core.people.factor_models import AuthenticatorApp, Passkey, RecoveryCode, SignInRule, WhoNeedsFactor
from tresen.core.people.models import Agent, User
from tresen.core.people.rights import RIGHTS
from tresen.kit import clock
from tresen.kit.crypto import SealBroken, derived_key, mac128, token_hash
from tresen.kit.totp import step_of
from tresen.kit.webauthn import Answer, Key, WrongAnswer, check
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

CODES = 10
CODE_DIGITS = 12
MOST_PASSKEYS = 20


class FactorNeeded(Exception):
    """The desk asks for a second factor, and this is the last one."""


class KeyKnown(Exception):
    """This passkey is somebody's already."""


class TooManyKeys(Exception):
    """The account has as many passkeys as it can."""


@dataclass(frozen=True)
class Factors:
    """What an account can prove itself with."""

    app: AuthenticatorApp | None
    passkeys: list[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @property
    def is_single(self) -> bool:
        """Whether there is exactly one."""
        return len(self.passkeys) + (self.app is not None) == 1


def factors_of(user: User) -> Factors:
    """The second factors of an account."""
    app = AuthenticatorApp.objects.filter(user=user).first()
    passkeys = list(Passkey.objects.filter(user=user).order_by("created_at", "pk"))
    left = RecoveryCode.objects.filter(user=user, used_at=None).count() if app or passkeys else 0
    return Factors(app, passkeys, left)


def has_factor(user: User) -> bool:
    """Whether the account's sign-in asks for more than the password."""
    return _is_there(AuthenticatorApp, user) or _is_there(Passkey, user)


def some_passkeys() -> bool:
    """Whether anybody has a passkey here, so that the sign-in page offers them."""
    return Passkey.objects.exists()


def _is_there(model: Any, user: User) -> bool:
    return bool(model.objects.filter(user=user).exists())


def with_factor() -> Any:
    """For a query of agents: whether there is a second factor."""
    owned = [Exists(model._default_manager.filter(user=OuterRef("user"))) for model in (AuthenticatorApp, Passkey)]
    return owned[0] | owned[1]


# --- Whether one is needed -------------------------------------------------------------------------------------------


def who_needs_factor() -> WhoNeedsFactor:
    """Of whom the desk asks for a second factor."""
    found = SignInRule.objects.values_list("second_factor", flat=True).first()
    return WhoNeedsFactor(found) if found else WhoNeedsFactor.NOBODY


def needs_factor(user: User) -> bool:
    """Whether this account may not be without one. Customers never need one."""
    agent = user.agent_or_none
    if agent is None:
        return False
    who = who_needs_factor()
    if who == WhoNeedsFactor.ADMINS:  # whoever may change any of the settings
        return any(RIGHTS[right].scope == "admin" for right in agent.role.held)
    return who == WhoNeedsFactor.ALL


@transaction.atomic
def change_who_needs_factor(who: str, *, by: Actor) -> None:
    """From the next sign-in on. Event `sign_in_rule.changed`, none when nothing changes. Raises ValueError for a
    choice that there is not."""
    row, _ = SignInRule.objects.select_for_update().get_or_create(pk=1)
    old, wanted = row.second_factor, WhoNeedsFactor(who)
    if old != wanted:
        row.second_factor = wanted
        row.save(update_fields=["second_factor"])
        record("sign_in_rule.changed", stream=row, by=by, changes={"second_factor": [old, wanted.value]})


def agents_without_factor() -> QuerySet[Agent]:
    """Who can sign in with the password alone."""
    return Agent.objects.active().select_related("user", "role").exclude(with_factor()).order_by("user__name")


# --- Added and removed -----------------------------------------------------------------------------------------------


@transaction.atomic
def set_app(user: User, *, secret: str, step: int, by: Actor) -> list[str]:
    """The account's authenticator app, in the place of an earlier one; `step` is the half minute of the code that was
    typed, which does not work again. Answers fresh recovery codes if there are none, to be shown now or never.
    Event `factor.added`."""
    locked = _lock(user)
    values = {"secret_sealed": AuthenticatorApp.sealed(user.pk, secret), "last_step": step, "last_used_at": None,
              "created_at": clock.now()}  # fmt: skip
    _app, is_new = AuthenticatorApp.objects.update_or_create(user=locked, defaults=values)
    codes = _first_codes(locked)
    record("factor.added", stream=locked, by=by, changes={"kind": "app", "replaces": not is_new, "codes": len(codes)})
    return codes


@transaction.atomic
def add_passkey(user: User, *, name: str, key: Key, by: Actor) -> list[str]:
    """One more passkey. Answers fresh recovery codes if there are none, to be shown now or never. Event
    `factor.added`. Raises KeyKnown, TooManyKeys."""
    locked = _lock(user)
    if locked.passkeys.count() >= MOST_PASSKEYS:
        raise TooManyKeys
    known = token_hash(key.credential_id.hex())
    values = {"user": locked, "name": name.strip()[:60], "data": key.data, "counter": key.counter}
    _row, is_new = Passkey.objects.get_or_create(credential_hash=known, defaults=values)
    if not is_new:
        raise KeyKnown
    codes = _first_codes(locked)
    record("factor.added", stream=locked, by=by, changes={"kind": "passkey", "name": name, "codes": len(codes)})
    return codes


@transaction.atomic
def remove_app(user: User, *, by: Actor) -> None:
    """The app counts no longer. Event `factor.removed`; nothing when there is none. Raises FactorNeeded."""
    locked = _lock(user)
    if AuthenticatorApp.objects.filter(user=locked).exists():
        _refuse_last(locked)
        AuthenticatorApp.objects.filter(user=locked).delete()
        _removed(locked, {"kind": "app"}, by=by)


@transaction.atomic
def remove_passkey(user: User, passkey: Passkey, *, by: Actor) -> None:
    """That passkey opens nothing any more. Event `factor.removed`; nothing when it is gone. Raises FactorNeeded."""
    locked = _lock(user)
    if locked.passkeys.filter(pk=passkey.pk).exists():
        _refuse_last(locked)
        locked.passkeys.filter(pk=passkey.pk).delete()
        _removed(locked, {"kind": "passkey", "name": passkey.name}, by=by)


def _refuse_last(user: User) -> None:
    if needs_factor(user) and factors_of(user).is_single:
        raise FactorNeeded


def _removed(user: User, facts: dict[str, Any], *, by: Actor) -> None:
    if not has_factor(user):
        RecoveryCode.objects.filter(user=user).delete()
    record("factor.removed", stream=user, by=by, changes=facts)


@transaction.atomic
def reset_factors(user: User, *, by: Actor = COMMAND_LINE) -> bool:
    """For whoever has lost them all: no factor, no recovery code, signed out everywhere; the password stays. Event
    `factor.reset`; False when there was none."""
    locked = _lock(user)
    found = factors_of(locked)
    if not found:
        return False
    for model in (AuthenticatorApp, Passkey, RecoveryCode):
        model._default_manager.filter(user=locked).delete()
    ended = end_everything(locked, tokens=False)["sessions"]
    facts = {"app": found.app is not None, "passkeys": [str(key) for key in found.passkeys], "sessions": ended}
    record("factor.reset", stream=locked, by=by, changes=facts)
    return True


# --- Recovery codes --------------------------------------------------------------------------------------------------


@transaction.atomic
def renew_codes(user: User, *, by: Actor) -> list[str]:
    """Ten fresh recovery codes, to be shown now or never; the old ones are worth nothing. Event
    `recovery_codes.made`; none without a factor."""
    locked = _lock(user)
    if not has_factor(locked):
        return []
    codes = _make_codes(locked)
    record("recovery_codes.made", stream=locked, by=by)
    return codes


def _first_codes(user: User) -> list[str]:
    return [] if RecoveryCode.objects.filter(user=user, used_at=None).exists() else _make_codes(user)


def _make_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    made: set[str] = set()
    while len(made) < CODES:
        made.add(f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}")
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_mac=_code_mac(user, code)) for code in made)
    return [" ".join(code[at : at + 4] for at in range(0, CODE_DIGITS, 4)) for code in made]


def _code_mac(user: User, code: str) -> str:
    """Keyed, so that a stolen table tells nothing without the desk's secret key, however short the codes are."""
    return mac128(derived_key("recovery-code"), str(user.pk), code)


# --- Used ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def use_code(user: User, typed: str, *, by: Actor) -> bool:
    """Whether what was typed is a code of the account's app, or one of its recovery codes; it does not work again.

    Blanks and hyphens do not count. A recovery code is told by the event `recovery_code.used`.
    """
    code = _digits(typed)
    if not code:
        return False
    return _use_recovery_code(user, code, by=by) if len(code) == CODE_DIGITS else _use_app_code(user, code)


def looks_like_code(user: User, typed: str) -> bool:
    """Whether the account has codes, and what was typed could be one."""
    return bool(_digits(typed)) and has_factor(user)


def _digits(typed: str) -> str:
    code = "".join(sign for sign in typed if sign not in " -\u00a0\t")
    return code if code.isascii() and code.isdecimal() else ""


def _use_app_code(user: User, code: str) -> bool:
    app = AuthenticatorApp.objects.filter(user=user).first()
    try:
        step = step_of(app.secret, code, at=clock.now()) if app else None
    except SealBroken:
        return False
    if step is None:
        return False
    # Of two who come with the same code, one finds it unused.
    unused = AuthenticatorApp.objects.filter(user=user, last_step__lt=step)
    return bool(unused.update(last_step=step, last_used_at=clock.now()))


def _use_recovery_code(user: User, code: str, *, by: Actor) -> bool:
    unused = RecoveryCode.objects.filter(user=user, code_mac=_code_mac(user, code), used_at=None)
    if not unused.update(used_at=clock.now()):
        return False
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    record("recovery_code.used", stream=user, by=by, changes={"left": left})
    return True


@transaction.atomic
def use_passkey(state: dict[str, str], answer: Answer, *, of: User | None = None) -> User:
    """Whose passkey has answered that question; it must be `of` that account, if one is named. Raises WrongAnswer,
    also for an account that may not sign in."""
    known = token_hash(answer.credential_id.hex())
    row = Passkey.objects.select_for_update(of=("self",)).filter(credential_hash=known, user__is_active=True).first()
    if row is None or (of and of.pk != row.user_id):
        raise WrongAnswer("an unknown key")
    user = User.objects.select_related("agent", "contact").get(pk=row.user_id)
    if answer.handle and answer.handle != handle_of(user):
        raise WrongAnswer("somebody else's key")
    counter = check(state, answer, key=bytes(row.data), counter=row.counter)
    Passkey.objects.filter(pk=row.pk).update(counter=counter, last_used_at=clock.now())
    return user


def handle_of(user: User) -> bytes:
    """How authenticators name the account: nothing they could tell about the person (W3C Web Authentication,
    14.6.1)."""
    return mac128(derived_key("user-handle"), str(user.pk)).encode()


def _lock(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("agent").get(pk=user.pk)

"""Passkeys (W3C Web Authentication, level 2): questions for the browser, and what its answers prove.

The name and the origin that keys are bound to come from TRESEN_BASE_URL alone, never from a request (S13). Keys are
discoverable and verify their user, so that one of them is enough to sign in.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from fido2.server import Fido2Server

LONGEST_ANSWER = 32 * 1024


class WrongAnswer(Exception):
    """The browser's answer proves nothing: another question, another place, another key, or no answer at all."""


@dataclass(frozen=True)
class Question:
    """`options` go to the browser, `state` stays here until the answer."""

    options: dict[str, Any]
    state: dict[str, str]


@dataclass(frozen=True)
class Key:
    """What is kept of a key: its name, its data (name and public key), and how often it was used as it says."""

    credential_id: bytes
    data: bytes
    counter: int


@dataclass(frozen=True)
class Answer:
    """What the browser sent, before anything of it is believed: the name of the key, and of its owner."""

    credential_id: bytes
    handle: bytes
    raw: dict[str, Any]


def can_work() -> bool:
    """Whether browsers offer keys at our address: https or this machine, by a name (an IP address is none)."""
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_here = host == "localhost" or host.endswith(".localhost")
        return bool(host) and (parts.scheme == "https" or is_here)
    return False


def ask_for_new(*, handle: bytes, account: str, name: str, known: Iterable[bytes]) -> Question:
    """The question for a new key of that account; `handle` names it without telling who it is, `known` are the data
    of the keys it has."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=account, display_name=name),
        credentials=_credentials(known), resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return _question(options, state)


def ask_for_one(known: Iterable[bytes] | None = None) -> Question:
    """The question for a key that there is: one of `known`, or any that the browser finds for this desk."""
    from fido2.webauthn import UserVerificationRequirement

    allowed = None if known is None else _credentials(known)
    options, state = _server().authenticate_begin(allowed, user_verification=UserVerificationRequirement.REQUIRED)
    return _question(options, state)


def take_new(state: dict[str, str], answer: object) -> Key:
    """The key of an answer to `ask_for_new`. Raises WrongAnswer."""
    raw = _read(answer)
    try:
        data = _server().register_complete(state, raw)
        made = data.credential_data
    except Exception as fault:  # hostile bytes make the library raise whatever they can think of
        raise WrongAnswer(str(fault)) from fault
    if made is None or not 16 <= len(made.credential_id) <= 1023:
        raise WrongAnswer("no key")
    return Key(made.credential_id, bytes(made), data.counter)


def read_answer(answer: object) -> Answer:
    """Which key an answer to `ask_for_one` claims to be of. Raises WrongAnswer."""
    from fido2.webauthn import AuthenticationResponse

    raw = _read(answer)
    try:
        found = AuthenticationResponse.from_dict(raw)
        return Answer(found.raw_id, found.response.user_handle or b"", raw)
    except Exception as fault:  # as above
        raise WrongAnswer(str(fault)) from fault


def check(state: dict[str, str], answer: Answer, *, key: bytes, counter: int) -> int:
    """The key's new counter, if the answer is to that question and of that key. A counter that does not grow tells of
    a copied key (W3C, 7.2, 21); keys without one always say 0. Raises WrongAnswer."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        _server().authenticate_complete(state, [AttestedCredentialData(key)], answer.raw)
        said = AuthenticationResponse.from_dict(answer.raw).response.authenticator_data.counter
    except Exception as fault:  # as above
        raise WrongAnswer(str(fault)) from fault
    if (said or counter) and said <= counter:
        raise WrongAnswer("the counter did not grow")
    return said


def _server() -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    parts = urlsplit(settings.BASE_URL)
    # As browsers write it (URL standard): the host in lower case and Punycode, no port where it is the usual one.
    host = (parts.hostname or "").encode("idna").decode()
    port = "" if parts.port in (None, {"https": 443, "http": 80}.get(parts.scheme)) else f":{parts.port}"
    origin = f"{parts.scheme}://{host}{port}"
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=host), verify_origin=lambda said: said == origin)


def _credentials(known: Iterable[bytes]) -> Sequence[Any]:
    from fido2.webauthn import AttestedCredentialData

    return [AttestedCredentialData(data) for data in known]


def _question(options: Any, state: Any) -> Question:
    """Both as plain JSON."""
    public = json.loads(json.dumps(dict(options)))["publicKey"]
    return Question(public, {name: str(getattr(value, "value", value)) for name, value in state.items()})


def _read(answer: object) -> dict[str, Any]:
    if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER:
        raise WrongAnswer("no answer")
    try:
        raw = json.loads(answer)
    except (ValueError, RecursionError) as fault:
        raise WrongAnswer("no JSON") from fault
    if not isinstance(raw, dict):
        raise WrongAnswer("no answer")
    return raw

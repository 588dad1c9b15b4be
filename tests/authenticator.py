"""What a person signs in with besides the password: an authenticator app, and a device that keeps passkeys."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from tests.cast import PASSWORD
from tresen.core.people.models import User
from tresen.kit import clock

PRESENT, VERIFIED, NEW_KEY = 1, 4, 64
CODE = re.compile(r"<li>(\d{4} \d{4} \d{4})</li>")


def code_of(secret: str, *, later: int = 0) -> str:
    """What an app with that secret shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).at(clock.now(), counter_offset=later)


def set_up_app(client: Client, path: str = "/me/sign-in/app/", **more: str) -> tuple[str, list[str]]:
    """Sets up an app by hand in a browser; its secret and the recovery codes. Its next code is the first unused one."""
    page = client.get(path).content.decode()
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    shown = re.search(r'class="secret num"[^>]*>([A-Z2-7 ]+)<', page)
    assert sealed and shown, page
    secret = shown[1].replace(" ", "")
    typed = {"sealed": sealed[1], "code": code_of(secret, later=-1), "proof": PASSWORD, **more}
    answer = client.post(path, typed)
    assert answer.status_code in (200, 302), answer.content.decode()
    return secret, CODE.findall(answer.content.decode())


def half_in(user: User, **more: str) -> Client:
    """A browser in which the password of that account was typed, and nothing more."""
    client = Client(raise_request_exception=False)
    answer = client.post("/sign-in/", {"email": user.email, "password": PASSWORD, **more})
    assert answer.status_code == 302
    return client


@dataclass
class Device:
    """A device with one passkey (ES256, no attestation); every part of what it says can be made wrong."""

    origin: str = "https://desk.example"
    rp_id: str = "desk.example"
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: b"a key of the device, made by hand")
    handle: bytes = b""

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> str:
        """The answer to the question for a new key."""
        self.handle = websafe_decode(options["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        made = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        told = {"fmt": "none", "attStmt": {}, "authData": self._said(self.flags | NEW_KEY) + made}
        return self._answer({
            "clientDataJSON": self._client("webauthn.create", options["challenge"]),
            "attestationObject": cbor.encode(told),
        })  # fmt: skip

    def sign(self, options: dict[str, Any]) -> str:
        """The answer to the question for a key that there is."""
        client, said = self._client("webauthn.get", options["challenge"]), self._said(self.flags)
        signature = self.key.sign(said + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": said, "signature": signature}
        return self._answer({**parts, "userHandle": self.handle})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _said(self, flags: int) -> bytes:
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _answer(self, parts: dict[str, bytes]) -> str:
        name = websafe_encode(self.credential_id)
        response = {part: websafe_encode(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response,
                           "clientExtensionResults": {}})  # fmt: skip


def asked_to_make(client: Client, path: str = "/me/sign-in/passkey/", **typed: str) -> dict[str, Any]:
    """The options on the page for a new passkey, after its name was typed."""
    named = client.post(path, {"name": "Laptop", "proof": PASSWORD, **typed})
    assert named.status_code == 302, named.content.decode()
    found = re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', client.get(path).content.decode())
    assert found
    options: dict[str, Any] = json.loads(found[1])
    return options


def add_passkey(client: Client, device: Device, path: str = "/me/sign-in/passkey/", **typed: str) -> Any:
    """Adds the device's passkey by hand; what was answered."""
    return client.post(path, {"credential": device.make(asked_to_make(client, path, **typed))})


def asked_to_sign(client: Client) -> dict[str, Any]:
    """The question of the sign-in page for a passkey."""
    answer = client.post("/sign-in/passkey/")
    assert answer.status_code == 200, answer.content
    options: dict[str, Any] = json.loads(answer.content)
    return options

"""Signed as Standard Webhooks says (standardwebhooks.com): HMAC-SHA256 over id, second and body."""

from __future__ import annotations

import base64
import hmac
import secrets

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """As the receiver enters it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, key: str, second: int, body: bytes) -> str:
    """One signature of the header, `v1,…`."""
    said = f"{key}.{second}.".encode() + body
    mac = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), said, "sha256")
    return "v1," + base64.b64encode(mac).decode()


def headers(secrets_now: list[str], *, key: str, second: int, body: bytes) -> dict[str, str]:
    """The headers of a call; several signatures while a secret is replaced."""
    signed = [signature(one, key=key, second=second, body=body) for one in secrets_now]
    return {
        "Content-Type": "application/json", "webhook-id": key, "webhook-timestamp": str(second),
        "webhook-signature": " ".join(signed),
    }  # fmt: skip

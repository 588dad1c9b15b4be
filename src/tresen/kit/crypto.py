"""Keys, seals and tokens. All keys are derived from the one secret key by purpose (HKDF, RFC 5869)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SEAL_PREFIX = "v1"


class SealBroken(Exception):
    """A sealed secret cannot be opened: other key, other place, or changed bytes."""


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"tresen", info=purpose.encode())
    return kdf.derive(secret.encode())


def derived_key(purpose: str) -> bytes:
    """The 32 byte key for that purpose."""
    return _derived(settings.SECRET_KEY, purpose)


def key_id() -> str:
    """Names the present secret key without telling anything of it (8 hex digits)."""
    return hashlib.sha256(derived_key("key-id")).hexdigest()[:8]


def seal(plain: str, *, place: str) -> str:
    """Encrypts with AES-256-GCM. `place` (table, row, host …) is authenticated: elsewhere the seal does not open."""
    nonce = os.urandom(12)
    body = AESGCM(derived_key("seal")).encrypt(nonce, plain.encode(), place.encode())
    return ".".join((SEAL_PREFIX, key_id(), base64.urlsafe_b64encode(nonce + body).decode()))


def open_seal(sealed: str, *, place: str) -> str:
    """The plain text of `seal()`. Raises SealBroken."""
    try:
        prefix, key, payload = sealed.split(".")
        raw = base64.urlsafe_b64decode(payload)
    except ValueError as fault:
        raise SealBroken("not a sealed secret") from fault
    if prefix != SEAL_PREFIX or key != key_id():
        raise SealBroken("sealed with another key")
    try:
        return AESGCM(derived_key("seal")).decrypt(raw[:12], raw[12:], place.encode()).decode()
    except InvalidTag as fault:
        raise SealBroken("sealed for another place or changed") from fault


def base32_lower(data: bytes) -> str:
    """RFC 4648 base32 in lower case without padding: safe in mail addresses, which may lose their case."""
    return base64.b32encode(data).decode().rstrip("=").lower()


def mac128(key: bytes, *fields: str) -> str:
    """First 128 bits of HMAC-SHA256 over the fields, length-prefixed so that they cannot run together; 26 letters."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (field.encode() for field in fields))
    return base32_lower(hmac.digest(key, message, "sha256")[:16])


def same(first: str, second: str) -> bool:
    """Comparison in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())


def new_token(bits: int = 256) -> str:
    """An unguessable token, URL-safe, of at least that many random bits."""
    return secrets.token_urlsafe(bits // 8)


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256, hex. The token itself has full entropy, so no salt or stretching is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

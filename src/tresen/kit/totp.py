"""Codes of authenticator apps: TOTP (RFC 6238) as every app knows it, six digits, half a minute, SHA-1."""

from __future__ import annotations

from datetime import datetime

from pyotp import TOTP, random_base32

from tresen.kit.crypto import same

STEP_SECONDS = 30
DIGITS = 6
# Clocks differ a little: the code before and the one after count, too (RFC 6238, 5.2).
WINDOW = (-1, 0, 1)


def new_secret() -> str:
    """A fresh secret, base32, 160 bits (RFC 4226, 4)."""
    return random_base32()


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """Which half minute since 1970 that code is of, if it is good at `at`; else None. All are compared, in constant
    time each. Who keeps the last step can refuse a code that was used (RFC 6238, 5.2)."""
    if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    codes = TOTP(secret)
    found = [now + off for off in WINDOW if same(codes.generate_otp(now + off), code)]
    return max(found, default=None)


def app_uri(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says to the app: whose secret it is, and of which desk."""
    return TOTP(secret).provisioning_uri(name=account, issuer_name=issuer.replace(":", " "))

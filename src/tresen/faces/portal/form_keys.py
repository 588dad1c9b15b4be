"""Keys of forms: made by us, good for a day. A form sent twice is done once, and nobody chooses a key himself."""

from __future__ import annotations

from django.core.signing import BadSignature, TimestampSigner

from tresen.kit.crypto import new_token

SECONDS = 24 * 3600
_SIGNER = TimestampSigner(salt="tresen.portal.form")


def new_form_key() -> str:
    """A fresh key with our signature, for a hidden field."""
    return _SIGNER.sign(new_token())


def read_form_key(signed: object) -> str:
    """The key of a form that came back; a new one when it is not ours or too old."""
    if isinstance(signed, str) and len(signed) < 300:
        try:
            return _SIGNER.unsign(signed, max_age=SECONDS)
        except BadSignature:
            pass
    return new_token()

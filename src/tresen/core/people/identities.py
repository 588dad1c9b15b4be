"""When are two addresses or numbers the same? Folding for comparison only; the stored value stays as written."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

ADDRESS = re.compile(r"^[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"/\x00-\x1f\x7f]{1,253}$")

# What people write between the digits of a phone number; an extension may follow.
PHONE = re.compile(
    r"[(\s]*\+?[\d\s().\-/\u2010-\u2015]{3,60}(?:\s?(?:ext\.?|x|dw|durchwahl|wew\.?|#|,)\s?\d{1,8})?\s*", re.IGNORECASE
)
MOST_LETTERS = 254
MOST_DIGITS = 20  # E.164 allows 15; an access code or an extension may come on top


def sendable(address: str) -> str:
    """The address as it goes into headers and envelopes: its domain in ASCII (IDNA, RFC 5890), the rest as written.

    A domain that cannot be said so stays, and a server will refuse it. Raises nothing.
    """
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{'.'.join(_ascii_label(label) for label in domain.split('.'))}"


def _ascii_label(label: str) -> str:
    """Python's codec (RFC 3490) makes ss of ß and a of a full-width one: that would be somebody else's domain."""
    if label.isascii():
        return label
    with suppress(UnicodeError):
        coded = label.encode("idna")
        if coded.decode("idna") == unicodedata.normalize("NFC", label).lower():
            return coded.decode("ascii")
    return label


def fold_mail(address: str) -> str:
    """The address as it is compared: ASCII letters lower-cased, domain as IDNA where it can be.

    Only A–Z are lower-cased: dotless i, Kelvin sign and full-width letters stay different people (S34).
    Raises nothing; an odd address folds to itself.
    """
    return "".join(c.lower() if c.isascii() else c for c in sendable(address))


def is_mail_address(text: str) -> bool:
    """True for one plain addr-spec that we are willing to write to; 254 characters is the most that a path holds
    (RFC 5321, 4.5.3.1.3)."""
    fits = len(text) <= MOST_LETTERS and len(fold_mail(text)) <= MOST_LETTERS
    return fits and bool(ADDRESS.match(text)) and "." in text.rpartition("@")[2] and ".." not in text


def is_phone(text: str) -> bool:
    """True for something one can dial: 3 to 20 digits with the usual signs between them, nothing else."""
    plain = unicodedata.normalize("NFKC", text)
    digits = sum(c.isdigit() and c.isascii() for c in plain)
    return 3 <= digits <= MOST_DIGITS and PHONE.fullmatch(plain) is not None


def fold_phone(number: str) -> str:
    """Digits with a leading +; `00` becomes +. No country is guessed."""
    number = unicodedata.normalize("NFKC", number)
    digits = "".join(c for c in number if c.isdigit() and c.isascii())
    if number.strip().startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits


def fold(kind: str, value: str) -> str:
    """The compared form of an identity of that kind."""
    return fold_phone(value) if kind in {"phone", "fax"} else fold_mail(value)

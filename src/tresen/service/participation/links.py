"""The personal link to one's preferences: signed, and good for choosing what one gets; it opens no data."""

from __future__ import annotations

import re

from tresen.core.people.models import Contact
from tresen.kit.crypto import derived_key, mac128, same

PURPOSE = "preferences-link"
TOKEN = re.compile(r"([1-9]\d{0,17})-([a-z2-7]{26})")


def preferences_token(contact: Contact) -> str:
    """The token of a person; the same each time."""
    return f"{contact.pk}-{_mac(contact.pk)}"


def _mac(key: int) -> str:
    return mac128(derived_key(PURPOSE), str(key))


def contact_of(token: str) -> Contact | None:
    """Whose token that is."""
    match = TOKEN.fullmatch(token) if len(token) <= 60 else None
    if match is None or not same(_mac(int(match[1])), match[2]):
        return None
    return Contact.objects.filter(pk=int(match[1])).first()

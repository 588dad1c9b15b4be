"""The PIN of a contact: what he says on the telephone, or writes on a sheet of fax, so that we know that it is he.

It is made of a key of this desk and the contact's row, so that no table holds it; another turn makes another PIN.
"""

from __future__ import annotations

import hmac

from django.db import transaction

from tresen.core.people.models import Contact
from tresen.kit.crypto import derived_key, same
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

DIGITS = 6


def pin_of(contact: Contact) -> str:
    """Six digits."""
    made = hmac.digest(derived_key("caller pin"), f"{contact.pk}.{contact.pin_turn}".encode(), "sha256")
    return f"{int.from_bytes(made[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def shown_pin(contact: Contact) -> str:
    """As it is read out: `123 456`."""
    pin = pin_of(contact)
    return f"{pin[:3]} {pin[3:]}"


def is_pin_of(contact: Contact, typed: str) -> bool:
    """Whether that is his PIN, with or without blanks; in constant time."""
    digits = "".join(c for c in typed[:40] if c.isascii() and c.isdigit())
    return same(digits, pin_of(contact))


@transaction.atomic
def change_pin(contact: Contact, *, by: Actor) -> Contact:
    """Another PIN; the old one proves nothing any more. Event `contact.pin_changed`."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    locked.pin_turn += 1
    locked.save(update_fields=["pin_turn"])
    record("contact.pin_changed", stream=locked, by=by)
    return locked

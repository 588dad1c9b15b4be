"""What Tresen signs so that it knows its own mail again: Message-IDs, reply addresses, the loop header.

Decision 7 of the safety page. The MAC is the first 128 bits of HMAC-SHA256 over exactly the fields that stand
beside it; the recipient is no part of it: strength comes from a valid MAC *and* a sender who takes part.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.db.models import QuerySet

from tresen.channels.mail.models import OutboxKind, SigningKey
from tresen.kit import clock
from tresen.kit.crypto import SealBroken, base32_lower, derived_key, mac128, open_seal, same, seal
from tresen.kit.prepared import prepared

# Kinds of mail: reply of an agent, confirmation of receipt, notice to an agent, message on a side thread. In the reply
# address of the last one the number is the side thread's, not the ticket's.
REPLY, ACKNOWLEDGEMENT, NOTICE, SIDE = "r", "a", "n", "s"
# An answer to what a service sends about a ticket belongs to it as one to the confirmation of receipt does.
SIGNED_AS = {
    OutboxKind.REPLY: REPLY, OutboxKind.ACKNOWLEDGEMENT: ACKNOWLEDGEMENT, OutboxKind.SIDE: SIDE,
    OutboxKind.SURVEY: ACKNOWLEDGEMENT,
}  # fmt: skip
PLACE = "mail-signing-key"
OWN_ID = re.compile(
    r"<([a-z2-7]{13})\.([rans])\.(\d{1,18})\.(\d{1,18})\.([a-z2-7]{1,4})\.([a-z2-7]{26})@[^<>@\s]{1,253}>", re.I
)
OWN_LOCAL = re.compile(r"^(.{1,64})\+(\d{1,18})\.([rans])\.([a-z2-7]{1,4})\.([a-z2-7]{26})$", re.I)
LOOP_HEADER = "X-Tresen-Loop"


@dataclass(frozen=True)
class OwnId:
    """A Message-ID of ours whose MAC is valid."""

    kind: str
    ticket_id: int
    message_id: int
    header: str


@dataclass(frozen=True)
class OwnAddress:
    """A reply address of ours whose MAC is valid."""

    local: str
    kind: str
    ticket_id: int


def rotate_signing_key() -> str:
    """Makes a new key that signs from now on; older keys still verify. Its id."""
    key_id = base32_lower(secrets.token_bytes(5))[:4]
    sealed = seal(secrets.token_hex(32), place=f"{PLACE}:{key_id}")
    SigningKey.objects.create(key_id=key_id, sealed=sealed, created_at=clock.now())
    return key_id


def _signing_key() -> tuple[str, bytes]:
    found = _newest_first.rows()
    if found:
        newest = found[0]
    else:
        with transaction.atomic():
            newest = SigningKey.objects.get(pk=rotate_signing_key())
    return newest.key_id, _opened(newest.key_id, newest.sealed)


@prepared
def _newest_first() -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(retired_at=None).order_by("-created_at", "key_id")[:1]


@lru_cache(maxsize=16)
def _opened(key_id: str, sealed: str) -> bytes:
    return bytes.fromhex(open_seal(sealed, place=f"{PLACE}:{key_id}"))


def _verifying_key(key_id: str) -> bytes | None:
    found = SigningKey.objects.filter(key_id=key_id, retired_at=None).first()
    try:
        return _opened(found.key_id, found.sealed) if found else None
    except SealBroken:
        return None


def make_message_id(*, kind: str, ticket_id: int, message_id: int, domain: str) -> str:
    """`<random.kind.ticket.message.key.mac@domain>` for one outgoing mail, fixed for all its tries; in lower case, as
    `read_message_ids` answers it, so that it is found by its index."""
    key_id, key = _signing_key()
    fields = (base32_lower(secrets.token_bytes(8)), kind, str(ticket_id), str(message_id), key_id)
    return f"<{'.'.join(fields)}.{mac128(key, 'id', *fields)}@{domain.lower()}>"


def read_message_ids(header: str) -> list[OwnId]:
    """All Message-IDs of ours with a valid MAC in a header value or text, in order."""
    found = []
    for match in list(OWN_ID.finditer(header[:64_000]))[:100]:
        fields = [part.lower() for part in match.groups()]
        key = _verifying_key(fields[4])
        if key and same(mac128(key, "id", *fields[:5]), fields[5]):
            found.append(OwnId(fields[1], int(fields[2]), int(fields[3]), match.group().lower()))
    return found


def make_reply_address(address: str, *, kind: str, ticket_id: int) -> str:
    """`local+ticket.kind.key.mac@domain`, or the plain address when its local part would be over 64 characters
    (RFC 5321, 4.5.3.1.1); the Message-ID carries the same proof."""
    local, _, domain = address.rpartition("@")
    key_id, key = _signing_key()
    fields = (str(ticket_id), kind, key_id)
    signed = f"{local}+{'.'.join(fields)}.{mac128(key, 'to', *fields)}"
    return f"{signed}@{domain}" if len(signed) <= 64 else address


def read_reply_address(address: str) -> OwnAddress | None:
    """What a reply address of ours says, if its MAC is valid. Upper case and blanks from mail programs are forgiven."""
    match = OWN_LOCAL.match(address.strip().strip("<>").rpartition("@")[0])
    if not match:
        return None
    local, *rest = match.groups()
    fields = [part.lower() for part in rest]
    key = _verifying_key(fields[2])
    if key and same(mac128(key, "to", *fields[:3]), fields[3]):
        return OwnAddress(local.lower(), fields[1], int(fields[0]))
    return None


def loop_mark(message_id: str) -> str:
    """The value of our loop header: this desk's id and a MAC over the Message-ID."""
    key = derived_key("mail-loop")
    return f"{instance_id()}.{mac128(key, 'loop', message_id.lower())}"


def is_own_loop(value: str, message_id: str) -> bool:
    """True when the loop header was written by this desk for this Message-ID."""
    return bool(value) and same(value.strip(), loop_mark(message_id.strip()))


def instance_id() -> str:
    """Names this desk in its mails without telling anything of it."""
    return mac128(derived_key("instance"), "id")[:8]

"""DKIM (RFC 6376): a key for a domain, the record that publishes it, whether DNS has it, and the signature itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dkim
import dns.exception
import dns.resolver
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, transaction

from tresen.channels.mail.models import DkimKey, Mailbox
from tresen.core.people.identities import sendable
from tresen.core.people.principals import Principal
from tresen.kit import clock
from tresen.kit.crypto import open_seal, seal
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

KEY_BITS = 2048
LOOKUP_SECONDS = 5.0
# What a reader sees, what puts a mail into its place, and how it is built. `from` stands twice, so that no second one
# can be added on the way (RFC 6376, 5.4.2).
SIGNED_HEADERS = (
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"reply-to",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"content-language", b"auto-submitted",
    b"x-auto-response-suppress", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip
Lookup = Callable[[str], Sequence[str]]


class NoRecord(Exception):
    """DNS knows no such record."""


class NoAnswer(Exception):
    """DNS cannot be asked from here, or does not answer."""


@dataclass(frozen=True)
class Published:
    """What DNS says: `state` is good, missing, other or unknown; `found` what stands there instead."""

    state: str
    found: str = ""


def domains_for(principal: Principal) -> list[tuple[str, DkimKey | None]]:
    """The domains of the mailboxes and of the keys, each with its key; none for who does not keep these."""
    if not principal.may("set_mail"):
        return []
    keys = {key.domain: key for key in DkimKey.objects.all()}
    used = {domain_of(address) for address in Mailbox.objects.values_list("address", flat=True)}
    return [(domain, keys.get(domain)) for domain in sorted(used | keys.keys())]


def domain_of(address: str) -> str:
    """The domain of an address, as DNS writes it."""
    return sendable(address).rpartition("@")[2].lower()


def make_key(domain: str, *, by: Actor) -> DkimKey:
    """A new RSA key of 2,048 bits, switched off. Event `dkim.created`. A domain that has one keeps it."""
    if found := DkimKey.objects.filter(domain=domain).first():
        return found
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    at = clock.now()
    try:
        with transaction.atomic():
            key = DkimKey.objects.create(
                domain=domain, selector=f"tresen{at:%Y%m}", sealed=seal(pem.decode(), place=_place(domain)),
                public=base64.b64encode(public).decode(), created_at=at,
            )  # fmt: skip
            record("dkim.created", stream=key, by=by, changes={"domain": domain, "selector": key.selector})
    except IntegrityError:  # somebody else in this moment
        return DkimKey.objects.get(domain=domain)
    return key


def switch_key(key: DkimKey, *, on: bool, by: Actor) -> None:
    """Whether mail of the domain is signed from now on. Event `dkim.changed`."""
    with transaction.atomic():
        if DkimKey.objects.filter(pk=key.pk).exclude(is_active=on).update(is_active=on):
            record("dkim.changed", stream=key, by=by, changes={"domain": key.domain, "is_active": [not on, on]})


def remove_key(key: DkimKey, *, by: Actor) -> None:
    """The key is gone for good; a new one gets a record of its own. Event `dkim.removed`."""
    with transaction.atomic():
        record("dkim.removed", stream=key, by=by, changes={"domain": key.domain, "selector": key.selector})
        key.delete()


def check_record(key: DkimKey, *, lookup: Lookup | None = None) -> Published:
    """Whether DNS has the record of that key. `lookup` gives the TXT records of a name; raises NoRecord, NoAnswer."""
    try:
        records = (lookup or lookup_txt)(key.record_name)
    except NoRecord:
        return Published("missing")
    except NoAnswer as fault:
        return Published("unknown", str(fault))
    wanted = _public_part(key.record_value)
    found = next((text for text in records if _public_part(text)), "")
    if any(_public_part(text) == wanted for text in records):
        return Published("good")
    return Published("other", found[:200]) if found else Published("missing")


def _public_part(text: str) -> str:
    match = re.search(r"(?:^|;)\s*p=([A-Za-z0-9+/=\s]*)", text)
    return re.sub(r"\s", "", match[1]) if match else ""


def lookup_txt(name: str) -> list[str]:
    """The TXT records of a name, each joined from its pieces. Raises NoRecord, NoAnswer."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=LOOKUP_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as fault:
        raise NoRecord(name) from fault
    except (dns.exception.DNSException, OSError, ValueError) as fault:
        raise NoAnswer(f"{type(fault).__name__}: {fault}"[:200]) from fault
    return [b"".join(row.strings).decode("ascii", "replace") for row in answer]


def signed(raw: bytes, *, sender: str) -> bytes:
    """The mail with a signature of the sender's domain, or as it is where that has no key in use.

    Raises crypto.SealBroken when the stored key cannot be opened.
    """
    domain = domain_of(sender)
    key = DkimKey.objects.filter(domain=domain, is_active=True).first()
    if key is None:
        return raw
    private = open_seal(key.sealed, place=_place(domain)).encode()
    head = raw.partition(b"\r\n\r\n")[0].lower()
    present = [name for name in SIGNED_HEADERS if head.startswith(name + b":") or b"\r\n" + name + b":" in head]
    signature: bytes = dkim.sign(
        raw, key.selector.encode(), domain.encode(), private, canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[*present, b"from"],
    )  # fmt: skip
    return signature + raw


def _place(domain: str) -> str:
    return f"dkim:{domain}"

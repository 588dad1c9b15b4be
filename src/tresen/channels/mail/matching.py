"""Where does a mail belong? The evidence of mail.md, in its order; the first hit is the candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tresen.channels.mail.models import MessageReference
from tresen.channels.mail.signing import read_message_ids, read_reply_address
from tresen.core.people.models import Brand
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import tokens_in
from tresen.kit import clock
from tresen.kit.crypto import token_hash

STRONG, WEAK = "strong", "weak"
REOPEN_DAYS = 14


@dataclass(frozen=True)
class Evidence:
    """Why a mail may belong to a ticket: how strong, and by which rule."""

    ticket: Ticket
    strength: str
    rule: str
    facts: dict[str, str] = field(default_factory=dict)


def find_evidence(
    *, headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, brand: Brand,
    mailbox_id: int,
) -> Evidence | None:  # fmt: skip
    """The candidate ticket, or None. `addresses`: those of To and Cc, parsed."""
    for step in (_signed_recipient, _signed_id, _foreign_id, _subject_token):
        found = step(headers, envelope_to, addresses, subject, mailbox_id)
        if found is None:
            continue
        if found.strength == WEAK and found.ticket.brand_id != brand.pk:
            continue
        return found
    return None


def _values(headers: Sequence[tuple[str, str]], *names: str) -> list[str]:
    return [value for name, value in headers if name.lower() in names]


def _ticket(pk: int) -> Ticket | None:
    return Ticket.objects.select_related("brand", "requester", "status").filter(pk=pk).first()


def _signed_recipient(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    delivered = _values(headers, "delivered-to", "x-original-to", "envelope-to")
    for address in [*delivered, envelope_to, *addresses][:200]:
        own = read_reply_address(address)
        if own and (ticket := _ticket(own.ticket_id)):
            return Evidence(ticket, STRONG, "reply_address")
    return None


def _signed_id(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    answered = " ".join(_values(headers, "in-reply-to"))
    chain = " ".join(_values(headers, "references"))
    for own in [*read_message_ids(answered), *reversed(read_message_ids(chain))]:
        if ticket := _ticket(own.ticket_id):
            return Evidence(ticket, STRONG, "message_id", facts={"id": own.header})
    return None


def _foreign_id(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    answered = " ".join(_values(headers, "in-reply-to")).split()
    chain = " ".join(_values(headers, "references")).split()
    ids = [i for i in [*answered, *reversed(chain)][:100] if i.startswith("<")]
    known = {
        r.header_id_hash: r
        for r in MessageReference.objects.filter(
            header_id_hash__in=[token_hash(i) for i in ids], mailbox_id=mailbox_id
        ).order_by("-id")
    }
    for header_id in ids:
        reference = known.get(token_hash(header_id))
        if reference and (ticket := _ticket(reference.ticket_id)):
            return Evidence(ticket, WEAK, "foreign_id", facts={"id": header_id[:200]})
    return None


def _subject_token(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    for number in tokens_in(subject):
        found = Ticket.objects.select_related("brand", "requester", "status").filter(number=number).first()
        if found:
            return Evidence(found, WEAK, "subject_token", facts={"number": number})
    return None


def is_closed_too_long(ticket: Ticket) -> bool:
    """Closed longer than the limit: a late answer becomes a new ticket, linked to the old one."""
    over = clock.now() - timedelta(days=REOPEN_DAYS)
    return ticket.status_category == StatusCategory.CLOSED and bool(ticket.closed_at and ticket.closed_at < over)

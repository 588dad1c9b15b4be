"""Where does a mail belong? The evidence of mail.md, in its order; the first hit is the candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tresen.channels.mail.models import MessageReference, Outbox
from tresen.channels.mail.signing import SIDE, read_message_ids, read_reply_address
from tresen.core.people.models import Brand, ClosedAnswers, Contact
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.numbers import side_tokens_in, tokens_in
from tresen.core.tickets.side_models import SideThread
from tresen.kit import clock
from tresen.kit.crypto import token_hash

STRONG, WEAK = "strong", "weak"
# For tickets of no team; each team has its own.
CLOSED_DAYS = 14
MOST_IDS = 100


@dataclass(frozen=True)
class Evidence:
    """Why a mail may belong to a ticket: how strong, and by which rule."""

    ticket: Ticket
    strength: str
    rule: str
    facts: dict[str, str] = field(default_factory=dict)
    # The side thread it belongs to, where that is one.
    side: SideThread | None = None


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
    return Ticket.objects.select_related("brand", "requester", "status", "team").filter(pk=pk, deleted_at=None).first()


def _side(pk: int) -> SideThread | None:
    on = ("brand", "requester", "status", "team")
    rows = SideThread.objects.select_related(*(f"thread__ticket__{name}" for name in on))
    return rows.filter(pk=pk).first()


def _side_of_message(pk: int | None) -> SideThread | None:
    thread = Message.objects.filter(pk=pk or 0, is_side=True).values_list("thread_id", flat=True).first()
    return _side(thread) if thread else None


def answered_ids(headers: Sequence[tuple[str, str]]) -> list[str]:
    """The ids a mail answers, the nearest first: In-Reply-To, then References from the right."""
    answered = " ".join(_values(headers, "in-reply-to")).split()
    chain = " ".join(_values(headers, "references")).split()
    return [i for i in [*answered, *reversed(chain)][:MOST_IDS] if i.startswith("<")]


def follow_moves(
    found: Evidence, *, headers: Sequence[tuple[str, str]], contact: Contact | None, brand: Brand
) -> Evidence:
    """The same evidence for where the thread is now: a message that was moved takes its answers along.

    A mail that names a moved message goes where that is. One that names only our mail on the old ticket follows the
    sender's own moved message when he has no other place there, as weak evidence: his name is a claim. Weak evidence
    leads to no ticket of another brand.
    """
    if found.side:  # a side thread goes with its ticket as a whole
        return found
    moved = MessageReference.objects.filter(moved_from=found.ticket).select_related("message").order_by("-id")
    ids = answered_ids(headers)
    named = {r.header_id_hash: r for r in moved.filter(header_id_hash__in=[token_hash(i) for i in ids])}
    nearest = next((named[token_hash(i)] for i in ids if token_hash(i) in named), None)
    strength = found.strength
    if nearest is None and contact and not found.ticket.participants.filter(contact=contact).exists():
        nearest, strength = moved.filter(message__contact=contact).first(), WEAK
    ticket = _ticket(nearest.ticket_id) if nearest else None
    if ticket is None or (strength == WEAK and ticket.brand_id != brand.pk):
        return found
    return Evidence(ticket, strength, "moved", facts={**found.facts, "from": found.ticket.number})


def _signed_recipient(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    delivered = _values(headers, "delivered-to", "x-original-to", "envelope-to")
    for address in [*delivered, envelope_to, *addresses][:200]:
        own = read_reply_address(address)
        if own and own.kind == SIDE:
            if side := _side(own.ticket_id):
                return Evidence(side.ticket, STRONG, "reply_address", side=side)
        elif own and (ticket := _ticket(own.ticket_id)):
            return Evidence(ticket, STRONG, "reply_address")
    return None


def _signed_id(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    answered = " ".join(_values(headers, "in-reply-to"))
    chain = " ".join(_values(headers, "references"))
    for own in [*read_message_ids(answered), *reversed(read_message_ids(chain))]:
        if ticket := _ticket(own.ticket_id):
            sent = Outbox.objects.filter(header_id=own.header).values_list("created_at", flat=True).first()
            facts = {"id": own.header, "at": sent.isoformat()} if sent else {"id": own.header}
            side = _side_of_message(own.message_id) if own.kind == SIDE else None
            if side or own.kind != SIDE:
                return Evidence(side.ticket if side else ticket, STRONG, "message_id", facts=facts, side=side)
    return None


def _foreign_id(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    ids = answered_ids(headers)
    if not ids:
        return None
    known = {
        r.header_id_hash: r
        for r in MessageReference.objects.filter(
            header_id_hash__in=[token_hash(i) for i in ids], mailbox_id=mailbox_id
        ).order_by("-id")
    }
    for header_id in ids:
        reference = known.get(token_hash(header_id))
        if reference and (ticket := _ticket(reference.ticket_id)):
            facts = {"id": header_id[:200], "at": reference.created_at.isoformat()}
            side = _side_of_message(reference.message_id)
            return Evidence(side.ticket if side else ticket, WEAK, "foreign_id", facts=facts, side=side)
    return None


def _subject_token(
    headers: Sequence[tuple[str, str]], envelope_to: str, addresses: Sequence[str], subject: str, mailbox_id: int
) -> Evidence | None:
    for key in side_tokens_in(subject):
        if side := _side(key):
            return Evidence(side.ticket, WEAK, "subject_token", facts={"number": side.ticket.number}, side=side)
    for number in tokens_in(subject):
        found = Ticket.objects.filter(number=number, deleted_at=None).values_list("pk", flat=True).first()
        if found and (ticket := _ticket(found)):
            return Evidence(ticket, WEAK, "subject_token", facts={"number": number})
    return None


def is_closed_too_long(ticket: Ticket) -> bool:
    """Whether a late answer becomes a new ticket, linked to the old one, by the policy of the ticket's team."""
    if ticket.status_category != StatusCategory.CLOSED or ticket.closed_at is None:
        return False
    team = ticket.team
    policy = team.closed_answers if team else ClosedAnswers.LIMIT
    if policy != ClosedAnswers.LIMIT:
        return policy == ClosedAnswers.NEW
    days = team.closed_days if team else CLOSED_DAYS
    return ticket.closed_at < clock.now() - timedelta(days=days)

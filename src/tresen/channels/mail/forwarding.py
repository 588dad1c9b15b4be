"""A colleague of ours passes a customer's mail on: it becomes the customer's ticket, with the colleague as forwarder.

Only a colleague whose mail is proven may do so (table.py). What he forwards is his word: the customer's address counts
as unconfirmed, nothing is answered automatically, and what he wrote above it is an internal note.
"""

from __future__ import annotations

from typing import Any

from tresen.channels.mail.arrival import Arrival
from tresen.channels.mail.models import Mailbox, MessageReference, Outcome
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.services import agent_by_mail, find_or_create_contact
from tresen.core.tickets import services as tickets
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message
from tresen.kit.crypto import token_hash
from tresen.kit.language import guess_language
from tresen.spine.events.actors import Actor

MOST_REFERENCE = 998


def is_customers(forwarded: dict[str, Any] | None) -> bool:
    """Whether what was passed on came from outside: from a plain address, no mailbox and no colleague of ours."""
    address = fold_mail((forwarded or {}).get("address") or "")
    if not is_mail_address(address) or agent_by_mail(address):
        return False
    return not Mailbox.objects.filter(address__iexact=address).exists()


def file_forwarded(arrival: Arrival) -> Message:
    """The ticket in the customer's name, and the forwarder's own words as a note below it."""
    agent, found = arrival.agent, arrival.mail["forwarded"]
    if agent is None or found is None:
        raise LookupError("the plan needs a colleague and what he passed on")
    by = Actor.agent(agent)
    language = guess_language(found["text"]) or arrival.mailbox.language
    name = found["name"] if "@" not in found["name"] else ""
    contact = find_or_create_contact(mail=found["address"], name=name, language=language, by=by)
    folded = fold_mail(found["address"])
    verified = contact.identities.filter(folded=folded, verified_at__isnull=False).exists()
    content = Content(
        text=found["text"], html_source=found["html_source"] or "", html=found["html"] or "",
        html_version=found["html_version"], blocked_images=found["remote_images"], subject=found["subject"],
    )  # fmt: skip
    why = {**arrival.reason, "rule": "forwarded"}
    arrival.reason = {**why, "forwarder": str(agent)[:120]}
    ticket = tickets.create_ticket(
        by=by, requester=contact, subject=found["subject"] or arrival.mail["subject"], content=content,
        channel=Channel.MAIL, brand=arrival.brand or arrival.mailbox.brand, team=arrival.team, trust=Trust.ANONYMOUS,
        files=arrival.files, why=arrival.reason, is_unconfirmed=not verified, quiet=True, number=arrival.number,
    )  # fmt: skip
    first = ticket.messages.get()
    if found["message_id"]:
        header_id = found["message_id"][:MOST_REFERENCE]
        MessageReference.objects.create(
            header_id=header_id, header_id_hash=token_hash(header_id), mailbox=arrival.mailbox, ticket=ticket,
            message=first, created_at=arrival.row.received_at,
        )  # fmt: skip
    if found["cover"]:
        tickets.add_note(ticket, by=by, agent=agent, content=Content(found["cover"]), channel=Channel.MAIL, why=why)
    arrival.outcome = Outcome.NEW
    return first

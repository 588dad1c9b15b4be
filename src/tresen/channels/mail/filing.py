"""How a mail is filed: what each plan of table.py does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tresen.channels.mail import authenticity
from tresen.channels.mail.absence import away_until
from tresen.channels.mail.arrival import Arrival
from tresen.channels.mail.forwarding import file_forwarded
from tresen.channels.mail.matching import STRONG
from tresen.channels.mail.models import Mailbox, Outbox, Outcome
from tresen.channels.mail.outbox import mark_delivered, mark_returned
from tresen.channels.mail.signing import read_message_ids
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.models import Contact
from tresen.core.people.services import (
    agent_by_mail,
    find_contact,
    find_or_create_contact,
    mark_undeliverable,
    note_absence,
)
from tresen.core.people.services import verify_mail as verify_address
from tresen.core.tickets import services as tickets
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import close_unproven_links
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.sides import receive_side
from tresen.kit.language import guess_language
from tresen.spine.events.actors import Actor

MAX_CC, MOST_OFFERED = 40, 10
BY = Actor.system("mail")


def _content(arrival: Arrival) -> Content:
    mail = arrival.mail
    return Content(
        text=mail["text"], reply_text=mail["reply_text"], html_source=mail["html_source"] or "",
        html=mail["html"] or "", html_version=mail["html_version"],
        blocked_images=mail["remote_images"], subject=mail["subject"],
    )  # fmt: skip


def _recipients(arrival: Arrival) -> list[dict[str, str]]:
    rows = [("to", a) for a in arrival.mail["to"]] + [("cc", a) for a in arrival.mail["cc"]]
    return [{"role": role, "name": a["name"] or "", "address": a["address"]} for role, a in rows[:48]]


def _sender_contact(arrival: Arrival) -> Contact:
    """The contact of the sender, made if need be; a mail without any usable sender gets one of its own."""
    if arrival.contact:
        return arrival.contact
    name = arrival.sender_name if "@" not in arrival.sender_name else ""
    language = guess_language(arrival.mail["reply_text"] or arrival.mail["text"]) or arrival.mailbox.language
    return find_or_create_contact(mail=arrival.sender, name=name or ("" if arrival.sender else "?"),
                                  language=language, looked=True, by=BY)  # fmt: skip


def _trust(arrival: Arrival) -> str:
    if arrival.verdict == authenticity.FAIL:
        return Trust.ANONYMOUS
    return Trust.AUTHENTICATED if arrival.verdict == authenticity.PASS else Trust.CLAIMED


def _new(arrival: Arrival, *, follows: Ticket | None = None, reason: str = "") -> Message:
    contact = _sender_contact(arrival)
    own = {fold_mail(a) for a in Mailbox.objects.values_list("address", flat=True)}
    answerable = arrival.mail["kind"] == "person" and arrival.sender and arrival.verdict != authenticity.FAIL
    quiet = not answerable or _is_own(fold_mail(arrival.sender), own) or arrival.has_null_sender or arrival.is_circling
    verified = (
        arrival.contact is not None
        and contact.identities.filter(folded=fold_mail(arrival.sender), verified_at__isnull=False).exists()
    )
    arrival.reason = {**arrival.reason, "rule": reason or "new"}
    ticket = tickets.create_ticket(
        by=Actor.contact(contact), requester=contact, subject=arrival.mail["subject"], content=_content(arrival),
        channel=Channel.MAIL, brand=arrival.brand or arrival.mailbox.brand, team=arrival.team, trust=_trust(arrival),
        copies=_copies(arrival, contact, own), files=arrival.files, recipients=_recipients(arrival),
        why={**arrival.reason, **_offered(arrival, arrival.mail["cc"][MAX_CC:])},
        follows=follows, follows_reason=reason, number=arrival.number,
        is_unconfirmed=arrival.verdict == authenticity.FAIL or not (verified or arrival.verdict == authenticity.PASS),
        quiet=quiet,
    )  # fmt: skip
    arrival.outcome = Outcome.NEW
    return ticket.opening or ticket.messages.only("pk", "ticket").get()


def _follow_late(arrival: Arrival) -> Message:
    return _new(arrival, follows=arrival.evidence.ticket if arrival.evidence else None, reason="late")


def _follow_possible(arrival: Arrival) -> Message:
    return _new(arrival, follows=arrival.evidence.ticket if arrival.evidence else None, reason="possible")


def _copies(arrival: Arrival, requester: Contact, own: set[str]) -> list[Contact]:
    """People in Cc of a first mail take part as claimed; our own addresses and colleagues do not."""
    found: dict[int, Contact] = {}
    for entry in arrival.mail["cc"][:MAX_CC]:
        address = fold_mail(entry["address"])
        if not is_mail_address(address) or agent_by_mail(address) or _is_own(address, own):
            continue
        contact = find_or_create_contact(mail=address, name=entry["name"] or "", by=BY)
        if contact.pk != requester.pk:
            found[contact.pk] = contact
    return list(found.values())


def _offered(arrival: Arrival, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Others on a later mail, and those for whom a first one had no room, are offered to the agent: the first of them
    by name (`offered`), of the rest how many they are (`more`). They never join by themselves."""
    if not entries:
        return {}
    own = {fold_mail(a) for a in Mailbox.objects.values_list("address", flat=True)} | {fold_mail(arrival.sender)}
    listed: dict[str, dict[str, str]] = {}
    for entry in entries[:MAX_CC]:
        folded = fold_mail(entry["address"])
        if is_mail_address(folded) and not _is_own(folded, own) and not agent_by_mail(folded):
            listed.setdefault(folded, {"name": (entry["name"] or "")[:120], "address": entry["address"][:254]})
    more = max(0, len(entries) - MAX_CC) + max(0, len(listed) - MOST_OFFERED)
    found = {"offered": list(listed.values())[:MOST_OFFERED]} if listed else {}
    return {**found, "more": more} if more else found


def _is_own(address: str, own: set[str]) -> bool:
    """One of our mailboxes, with or without something behind a plus."""
    local, _, domain = address.rpartition("@")
    return address in own or f"{local.partition('+')[0]}@{domain}" in own


def _quietly(arrival: Arrival) -> None:
    arrival.outcome = Outcome.AUTOMATIC
    _note_absence(arrival)


def _note_absence(arrival: Arrival) -> None:
    """Until when the sender is away, as his automatic reply says, is shown with the contact."""
    if arrival.contact is None or arrival.mail["kind"] != "auto_reply" or arrival.verdict == authenticity.FAIL:
        return
    today = arrival.row.received_at.date()
    until = away_until(arrival.mail["subject"], arrival.mail["reply_text"] or arrival.mail["text"], today=today)
    if until:
        note_absence(arrival.contact, until=until, by=BY)


def _append(arrival: Arrival) -> Message:
    ticket, contact = _ticket(arrival), _sender_contact(arrival)
    if arrival.evidence and arrival.evidence.side:
        arrival.outcome = Outcome.REPLY
        return _add(arrival, contact)
    close_unproven_links(ticket)
    message = _add(arrival, contact)
    if arrival.evidence and arrival.evidence.strength == STRONG and _is_proven(arrival, ticket):
        verify_address(contact, address=arrival.sender, by=BY)
        if ticket.requester_id == contact.pk:
            tickets.confirm_requester(ticket, by=Actor.contact(contact))
    arrival.outcome = Outcome.REPLY
    return message


def _is_proven(arrival: Arrival, ticket: Ticket) -> bool:
    """Who sends back what only we could sign has read our mail; that it was at this very address is sure where nobody
    else from outside got it, or where the mail proves its From line."""
    others = ticket.participants.filter(contact__isnull=False).exclude(contact=arrival.contact)
    return arrival.verdict == authenticity.PASS or not others.exists()


def _append_automatic(arrival: Arrival) -> Message:
    """Kept on the ticket; a machine that is nobody we know does not become a contact."""
    arrival.outcome = Outcome.AUTOMATIC
    _note_absence(arrival)
    return _add(arrival, arrival.contact, is_automatic=True)


def _append_agent(arrival: Arrival) -> Message:
    """A colleague whose mail is proven is kept as a note: nothing leaves for customers because a mail came in."""
    agent = arrival.agent
    if agent is None:
        raise LookupError("the plan needs an agent")
    arrival.outcome = Outcome.REPLY
    return tickets.add_note(
        _ticket(arrival), by=Actor.agent(agent), agent=agent, content=_content(arrival), files=arrival.files,
        channel=Channel.MAIL, why=arrival.reason, follow=True,
    )  # fmt: skip


def _hold(arrival: Arrival) -> Message:
    arrival.outcome = Outcome.HELD
    return _add(arrival, _sender_contact(arrival), is_held=True)


def _add(arrival: Arrival, contact: Contact | None, *, is_held: bool = False, is_automatic: bool = False) -> Message:
    name = str(contact or arrival.sender_name or arrival.sender or "?")
    if arrival.evidence and arrival.evidence.side:
        # Nobody on it is offered to the ticket: a partner's colleagues are no business of the customer's.
        return receive_side(
            arrival.evidence.side, by=Actor.contact(contact) if contact else BY, contact=contact,
            content=_content(arrival), trust=_trust(arrival), files=arrival.files, recipients=_recipients(arrival),
            why=arrival.reason, is_held=is_held, is_automatic=is_automatic, author_name=name,
        )  # fmt: skip
    others = _offered(arrival, [*arrival.mail["to"], *arrival.mail["cc"]])
    return tickets.add_received(
        _ticket(arrival), by=Actor.contact(contact) if contact else BY, contact=contact, content=_content(arrival),
        channel=Channel.MAIL, trust=_trust(arrival), files=arrival.files, recipients=_recipients(arrival),
        why={**arrival.reason, **others}, is_held=is_held, is_automatic=is_automatic, author_name=name,
        follow=True,
    )  # fmt: skip


def _ticket(arrival: Arrival) -> Ticket:
    if arrival.evidence is None:
        raise LookupError("the plan needs a ticket")
    return arrival.evidence.ticket


def file_report(arrival: Arrival) -> None:
    """A report joins the ticket of the message it is about. When that came back it is shown so; the address is marked
    dead only for a permanent status (5.x.x, RFC 3463) of a mail to it alone: of several who got a mail, each could
    write such a report about the others.

    A report of delay, a receipt and a complaint change nothing; one of success marks it delivered.
    """
    report = arrival.mail["bounce"] or {}
    is_report = arrival.mail["kind"] == "bounce"
    came_back = is_report and report.get("is_failure")
    reached = [r["address"] for r in report.get("recipients", []) if is_report and r["action"] == "delivered"]
    for own in read_message_ids(" ".join(arrival.reason["ids"])):
        row = Outbox.objects.select_related("message__ticket").filter(header_id=own.header).first()
        if row is None:
            continue
        arrival.row.ticket = row.ticket
        if came_back:
            _mark_bounced(row, report)
        elif reached:
            mark_delivered(row, addresses=reached)


def _mark_bounced(row: Outbox, report: dict[str, Any]) -> None:
    sent_to = {fold_mail(r["address"]) for r in row.recipients}
    not_reached = [r for r in report["recipients"] if r["action"] in ("failed", "")]
    failed = [r for r in not_reached if fold_mail(r["address"]) in sent_to]
    told = failed or not_reached
    words = "; ".join(f"{r['address']}: {r['status']} {r['diagnostic']}".strip() for r in told)
    mark_returned(row, words=words[:500])
    for recipient in failed:
        contact = find_contact(mail=recipient["address"])
        if contact and len(sent_to) == 1 and recipient["status"].startswith("5."):
            mark_undeliverable(contact, address=recipient["address"], undeliverable=True, by=BY)


PLANS: dict[str, Callable[[Arrival], Message | None]] = {
    "new": _new,
    "follow_late": _follow_late,
    "follow_possible": _follow_possible,
    "append": _append,
    "append_automatic": _append_automatic,
    "append_agent": _append_agent,
    "hold": _hold,
    "forwarded": file_forwarded,
    "quietly": _quietly,
}
NUMBERED = frozenset({"new", "follow_late", "follow_possible", "forwarded"})

"""Builds the mail of an outbox row. It is built anew at each try, always under the same Message-ID."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from django.db.models import QuerySet

from tresen.channels.mail import texts
from tresen.channels.mail.bodies import fill_reply, set_body
from tresen.channels.mail.known import known_text
from tresen.channels.mail.models import Mailbox, MessageReference, Outbox, OutboxKind
from tresen.channels.mail.personal_links import link_reader
from tresen.channels.mail.signing import LOOP_HEADER, SIGNED_AS, loop_mark, make_reply_address
from tresen.channels.mail.wording import acknowledgement_text, below_answer, sender_name, values_of, wording
from tresen.core.catalog.asking import next_step_in
from tresen.core.people.hosts import brand_url
from tresen.core.people.identities import sendable
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.side_models import SideThread
from tresen.kit.prepared import prepared
from tresen.kit.wiring import table

MAX_REFERENCES = 20


class MailPolicy(EmailPolicy):
    """Python's rules for mail, but for the subject: folded by them it loses a blank between two encoded words."""

    def fold(self, name: str, value: Any) -> str:
        """One header as text."""
        if name.lower() != "subject":
            return super().fold(name, value)
        charset = "us-ascii" if str(value).isascii() else "utf-8"
        words = Header(str(value), charset, maxlinelen=76, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes."""
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")


POLICY = MailPolicy(linesep="\r\n", max_line_length=78)


def compose(row: Outbox) -> EmailMessage:
    """The mail of that row, text and HTML, with every header that mail.md asks for."""
    ticket, mailbox = row.ticket, row.mailbox
    mail = EmailMessage(policy=POLICY)
    side = side_of(row)
    agent = row.message.agent if row.message else None
    language = _language(row, side)
    filler = table("MAIL_FILLERS").get(row.kind)
    link = "" if side or filler else personal_link(ticket, row)
    words = wording(ticket.brand, ticket.team, language)
    values = values_of(brand=ticket.brand, ticket=ticket, mailbox=mailbox, agent=agent, link=link)
    name = sender_name(words, values) if agent else values["mailbox.name"]
    mail["From"] = address_header(name or values["mailbox.name"], mailbox.address)
    for header in ("to", "cc"):
        people = [address_header(r["name"], r["address"]) for r in row.recipients if r["role"] == header]
        if people:
            mail[header.title()] = people
    number = side.pk if side else ticket.pk
    signed = make_reply_address(mailbox.address, kind=SIGNED_AS[OutboxKind(row.kind)], ticket_id=number)
    mail["Reply-To"] = address_header(mailbox.name or ticket.brand.name, signed)
    mail["Date"] = format_datetime(row.created_at)
    mail["Message-ID"] = row.header_id
    _thread(mail, row, side)
    if row.kind == OutboxKind.ACKNOWLEDGEMENT or (row.message and row.message.why.get("rule")):
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = loop_mark(row.header_id)
    if filler:
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        filler(mail, row)
    elif row.kind == OutboxKind.ACKNOWLEDGEMENT:
        mail["Subject"] = f"{texts.acknowledgement_subject(language)} [#{ticket.number}]"
        parts = [acknowledgement_text(words, values, language), next_step_in(ticket, language)]
        parts.append(known_text(ticket, language))
        set_body(mail, "\n\n".join(part for part in parts if part), language=language)
    else:
        mail["Subject"] = side_subject(side) if side else f"{_subject_base(row)} [#{ticket.number}]"
        fill_reply(mail, row, below=below_answer(words, values), link=link, language=language)
    return mail


def address_header(name: str, address: str) -> Address:
    """One address; a name loses what cannot stand in a header (CR, LF, controls)."""
    local, _, domain = sendable(address).rpartition("@")
    return Address("".join(c for c in name if c.isprintable())[:120], local, domain)


def _subject_base(row: Outbox) -> str:
    """`Re: …`, the same in all answers on a ticket whatever becomes of its subject: mail programs keep them together
    by it."""
    token = f" [#{row.ticket.number}]"
    earlier = Outbox.objects.filter(ticket=row.ticket, kind=OutboxKind.REPLY, pk__lt=row.pk, subject__endswith=token)
    first = row.subject or earlier.order_by("pk").values_list("subject", flat=True).first() or ""
    if first.endswith(token):
        return first.removesuffix(token)
    subject = row.ticket.subject
    whole = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    return "".join(c for c in whole if c.isprintable())


def side_of(row: Outbox) -> SideThread | None:
    """The side thread of a mail to a partner. Raises LookupError where that is not what the row says it is: such a mail
    must not leave."""
    if (row.kind == OutboxKind.SIDE) != bool(row.message and row.message.is_side):
        raise LookupError("a mail to a partner belongs to a side thread, and no other does")
    message = row.message
    return SideThread.objects.get(pk=message.thread_id) if message and message.is_side else None


def side_subject(side: SideThread) -> str:
    """Its own subject, with its own token."""
    subject = "".join(c for c in side.subject if c.isprintable())
    return f"{subject} [#{side.ticket.number}/{side.pk}]"


def _language(row: Outbox, side: SideThread | None) -> str:
    known = next((contact.language for contact in side.people.order_by("pk") if contact.language), "") if side else ""
    ours = row.mailbox.language or row.ticket.brand.language
    return known or ours if side else row.ticket.language or ours


def _thread(mail: EmailMessage, row: Outbox, side: SideThread | None) -> None:
    """In-Reply-To the last mail that came, References the whole line, oldest first: stable in every mail program. The
    lines of the customer and of each partner know nothing of each other."""
    line_of = {"message__thread": side.pk} if side else {"message__is_side": False}
    belong = MessageReference.objects.filter(ticket=row.ticket, **line_of).exclude(message__is_held=True)
    received = belong.exclude(message__is_automatic=True).order_by("id").values_list("header_id", "created_at")
    ours = Outbox.objects.filter(ticket=row.ticket, pk__lt=row.pk)
    ours = ours.filter(message__thread=side.pk) if side else ours.exclude(kind=OutboxKind.SIDE)
    sent = ours.values_list("header_id", "created_at")
    line = [i for i, _ in sorted([*received, *sent], key=lambda pair: pair[1]) if _is_id(i)]
    last = [i for i, _ in received if _is_id(i)][-1:] or line[-1:]
    if last:
        mail["In-Reply-To"] = last[0]
        mail["References"] = " ".join([*line[:1], *line[1:][-MAX_REFERENCES:]])


def _is_id(text: str) -> bool:
    """A Message-ID that may be repeated in a header: printable ASCII without blanks, of bearable length."""
    return (
        len(text) <= 250
        and text.startswith("<")
        and text.endswith(">")
        and text.isascii()
        and (text.isprintable() and " " not in text)
    )


def personal_link(ticket: Ticket, row: Outbox) -> str:
    """A link for the one person this mail goes to; a mail to several carries none, nor one to an unproven address. Of a
    ticket that was merged since, it leads to where that went."""
    ticket = final_of(ticket)
    if len(row.recipients) != 1:
        return ""
    address = row.recipients[0]["address"]
    contact = link_reader(address, ticket)
    if contact is None:
        return ""
    return brand_url(ticket.brand, f"/t/{mint_link(ticket, contact, by_mail=True, address=address)}/")


def sender_mailbox(ticket: Ticket) -> Mailbox | None:
    """The mailbox that answers for a ticket, always one of its brand (S57): the one its last mail came to, else its
    team's, else one of no team, else the brand's first."""
    own = {box.pk: box for box in _mailboxes_of.rows(ticket.brand_id)}
    if ticket.opening:  # its mail is tied to it when all that follows is done; until then the message says which it was
        came = ticket.opening.why.get("mailbox")
    else:
        # Sorted here: sorted by the database, all mail of the desk would be looked through for that of one ticket.
        theirs = ticket.raw_mails.filter(mailbox__is_active=True).values_list("pk", "outcome", "mailbox")
        came = max((row for row in theirs if row[1] in {"new", "reply"} and row[2] in own), default=(0, "", 0))[2]
    in_order = sorted(own.values(), key=lambda box: (box.team_id != ticket.team_id, box.team_id is not None, box.pk))
    return own.get(came or 0) or next(iter(in_order), None)


@prepared
def _mailboxes_of(brand: int) -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(is_active=True, brand=brand).order_by("id")

"""Builds the mail of an outbox row. It is built anew at each try, always under the same Message-ID."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from django.conf import settings

from tresen.channels.mail import texts
from tresen.channels.mail.models import Mailbox, MessageReference, Outbox, OutboxKind
from tresen.channels.mail.signing import ACKNOWLEDGEMENT, LOOP_HEADER, REPLY, loop_mark, make_reply_address
from tresen.core.people.identities import sendable
from tresen.core.people.services import find_contact
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Attachment, Ticket
from tresen.kit import files
from tresen.kit.html import text_to_html

MAX_ATTACHED_BYTES = 10 * 1024 * 1024
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
    kind = REPLY if row.kind == OutboxKind.REPLY else ACKNOWLEDGEMENT
    mail["From"] = address_header(_sender_name(row), mailbox.address)
    for header in ("to", "cc"):
        people = [address_header(r["name"], r["address"]) for r in row.recipients if r["role"] == header]
        if people:
            mail[header.title()] = people
    signed = make_reply_address(mailbox.address, kind=kind, ticket_id=ticket.pk)
    mail["Reply-To"] = address_header(mailbox.name or ticket.brand.name, signed)
    mail["Date"] = format_datetime(row.created_at)
    mail["Message-ID"] = row.header_id
    _thread(mail, row)
    if row.kind == OutboxKind.ACKNOWLEDGEMENT:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = loop_mark(row.header_id)
    if row.kind == OutboxKind.ACKNOWLEDGEMENT:
        _fill_acknowledgement(mail, row)
    else:
        _fill_reply(mail, row)
    return mail


def address_header(name: str, address: str) -> Address:
    """One address; a name loses what cannot stand in a header (CR, LF, controls)."""
    local, _, domain = sendable(address).rpartition("@")
    return Address("".join(c for c in name if c.isprintable())[:120], local, domain)


def _sender_name(row: Outbox) -> str:
    brand = row.mailbox.name or row.ticket.brand.name
    if row.message and row.message.agent:
        return f"{row.message.agent} · {brand}"
    return brand


def _thread(mail: EmailMessage, row: Outbox) -> None:
    """In-Reply-To the last mail that came, References the whole line, oldest first: stable in every mail program."""
    belong = MessageReference.objects.filter(ticket=row.ticket).exclude(message__is_held=True)
    received = belong.exclude(message__is_automatic=True).order_by("id").values_list("header_id", "created_at")
    sent = Outbox.objects.filter(ticket=row.ticket, pk__lt=row.pk).values_list("header_id", "created_at")
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
    """A link for the one person this mail goes to; a mail to several carries none."""
    if len(row.recipients) != 1:
        return ""
    address = row.recipients[0]["address"]
    contact = find_contact(mail=address)
    if contact is None:
        return ""
    return f"{settings.BASE_URL}/t/{mint_link(ticket, contact, by_mail=True, address=address)}/"


def _language(row: Outbox) -> str:
    return row.ticket.language or row.mailbox.language or row.ticket.brand.language


def _fill_acknowledgement(mail: EmailMessage, row: Outbox) -> None:
    ticket = row.ticket
    words = texts.acknowledgement(
        brand=ticket.brand, number=ticket.number, shown=ticket.shown_number, link=personal_link(ticket, row),
        language=_language(row),
    )  # fmt: skip
    mail["Subject"] = words.subject
    set_body(mail, words.text, language=_language(row))


def _fill_reply(mail: EmailMessage, row: Outbox) -> None:
    ticket, message = row.ticket, row.message
    if message is None:
        raise LookupError("a reply has a message")
    subject = ticket.subject if ticket.subject.lower().startswith("re:") else f"Re: {ticket.subject}"
    mail["Subject"] = f"{''.join(c for c in subject if c.isprintable())} [#{ticket.number}]"
    link, attached = personal_link(ticket, row), list(message.attachments.order_by("created_at", "id"))
    parts = [message.text.rstrip()]
    signature = message.agent.signature.strip() if message.agent else ""
    if signature:
        parts.append(signature)
    too_large = sum(a.size for a in attached) > MAX_ATTACHED_BYTES and bool(link)
    if too_large:
        parts.append(texts.files_by_link(names=[a.filename for a in attached], link=link, language=_language(row)))
    parts.append(
        texts.reply_footer(
            brand=ticket.brand, shown=ticket.shown_number, link=link, language=_language(row), signature=signature
        )
    )  # fmt: skip
    set_body(mail, "\n\n".join(parts), language=_language(row))
    if not too_large:
        for file in attached:
            _attach(mail, file)


def set_body(mail: EmailMessage, text: str, *, language: str) -> None:
    """Text and HTML of an outgoing mail from one plain text."""
    mail.set_content(text, cte="quoted-printable")
    html = (
        f'<!doctype html><html lang="{language}"><body style="font-family:sans-serif;font-size:15px;line-height:1.5">'
        f"{text_to_html(text)}</body></html>"
    )
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = language  # last: the two above take away what is said of a content that is replaced


def _attach(mail: EmailMessage, file: Attachment) -> None:
    maintype, _, subtype = file.content_type.partition("/")
    if maintype == "message":  # a mail as attachment must not be encoded; as plain bytes it may
        maintype, subtype = "application", "octet-stream"
    mail.add_attachment(files.read(file.storage_key), maintype=maintype, subtype=subtype, filename=file.filename)


def sender_mailbox(ticket: Ticket) -> Mailbox | None:
    """The mailbox that answers for a ticket: the one its last mail came to, else its brand's first, else any."""
    theirs = ticket.raw_mails.filter(mailbox__is_active=True, outcome__in=["new", "reply"])
    came = theirs.select_related("mailbox").order_by("-id").first()
    if came and came.mailbox:
        return came.mailbox
    active = Mailbox.objects.filter(is_active=True).order_by("id")
    return active.filter(brand=ticket.brand).first() or active.first()

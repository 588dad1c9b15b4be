"""The paper trail of the written tickets: files in the store, the source of every mail in the ledger, sent replies in
the outbox, and what colleagues have read. All of it is settled: nothing waits to be read or sent."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.db import transaction

from tresen.channels.mail.models import Mailbox, MessageReference, Outbox, RawMail
from tresen.channels.mail.signing import REPLY, make_message_id
from tresen.core.people.models import Identity
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment, Message, ReadMark
from tresen.faces.cli.sample.house import House
from tresen.faces.cli.sample.mailing import Mail
from tresen.faces.cli.sample.papers import bytes_of
from tresen.faces.cli.sample.stories import Entry
from tresen.faces.cli.sample.writing import Draft
from tresen.kit.crypto import token_hash
from tresen.kit.html import SANITISER_VERSION, clean_html

_READ_BEFORE = timedelta(days=2)
# Folding a header between two encoded words loses the blank between them (Python 3.11), so headers are not folded.
_UNFOLDED = SMTP.clone(max_line_length=998)


@transaction.atomic
def file_papers(drafts: list[Draft], house: House, *, now: datetime) -> None:
    """Adds to written tickets what only the mail channel and readers leave behind."""
    _clean(drafts)
    _store_files(drafts)
    sent = _fill_outbox(drafts, house)
    _fill_ledger(drafts, house, sent)
    _mark_read(drafts, house, now)


def _entries(drafts: list[Draft]) -> Iterator[tuple[Draft, Entry, Message, Mail]]:
    for draft in drafts:
        for entry, message, mail in zip(draft.story.entries, draft.messages, draft.mails, strict=True):
            yield draft, entry, message, mail


def _clean(drafts: list[Draft]) -> None:
    """The HTML as it came and as it is shown."""
    changed = []
    for _draft, _entry, message, mail in _entries(drafts):
        if mail.html:
            clean = clean_html(mail.html)
            message.html_source, message.html = mail.html, clean.html
            message.html_version, message.blocked_images = SANITISER_VERSION, clean.remote_images
            changed.append(message)
    Message.objects.bulk_update(changed, ["html_source", "html", "html_version", "blocked_images"], batch_size=50)


def _store_files(drafts: list[Draft]) -> None:
    rows: list[Attachment] = []
    for draft, entry, message, mail in _entries(drafts):
        names = [(name, True) for name in mail.pictures] + [(name, False) for name in entry.files]
        for name, inline in names:
            file = prepare_file(
                [bytes_of(name)], filename=name, is_inline=inline,
                content_id=f"{name}@{draft.story.key}" if inline else "",
            )  # fmt: skip
            file.message, file.created_at = message, entry.at
            rows.append(file)
    Attachment.objects.bulk_create(rows)


def _fill_outbox(drafts: list[Draft], house: House) -> dict[int, str]:
    """A settled row for each reply that went by mail; its Message-ID by the key of the message."""
    rows = []
    for draft, entry, message, _mail in _entries(drafts):
        if not message.recipients or message.kind != "reply":
            continue
        box = house.mailboxes[draft.story.mailbox]
        header_id = make_message_id(
            kind=REPLY, ticket_id=draft.ticket.pk, message_id=message.pk, domain=box.address.rpartition("@")[2]
        )
        rows.append(
            Outbox(kind="reply", mailbox=box, ticket=draft.ticket, message=message, header_id=header_id,
                   recipients=message.recipients, state=message.delivery, attempts=1, last_error=entry.bounced,
                   created_at=entry.at, sent_at=message.delivery_at)
        )  # fmt: skip
        if entry.bounced:
            dead = Identity.objects.filter(kind="mail", value=message.recipients[0]["address"])
            dead.update(undeliverable_at=message.delivery_at)
    Outbox.objects.bulk_create(rows)
    return {row.message_id: row.header_id for row in rows if row.message_id}


def _fill_ledger(drafts: list[Draft], house: House, sent: dict[int, str]) -> None:
    """The source of every mail that came, with what became of it."""
    mails, references = [], []
    for draft in drafts:
        answered = ""
        for place, message in enumerate(draft.messages):
            answered = sent.get(message.pk, answered)
            if message.kind != "received" or message.channel != "mail":
                continue
            box = house.mailboxes[draft.story.mailbox]
            person = house.people[draft.story.entries[place].by]
            header_id = _header_id(draft.number, place, person.mail)
            source = _source(message, draft.mails[place], box, person.mail, header_id, answered)
            for name in draft.story.entries[place].files:
                _attach(source, name)
            mails.append(_raw_mail(source.as_bytes(policy=_UNFOLDED), message, box, person.mail, header_id))
            references.append(
                MessageReference(header_id=header_id, header_id_hash=token_hash(header_id), mailbox=box,
                                 ticket=draft.ticket, created_at=message.created_at)
            )  # fmt: skip
    RawMail.objects.bulk_create(mails)
    MessageReference.objects.bulk_create(references)


def _header_id(number: str, place: int, address: str) -> str:
    digest = hashlib.sha256(f"{number}/{place}".encode()).hexdigest()[:24]
    return f"<{digest}@{address.rpartition('@')[2]}>"


def _source(message: Message, mail: Mail, box: Mailbox, address: str, header_id: str, answered: str) -> EmailMessage:
    """The mail as the sender's program would have sent it."""
    source = EmailMessage(policy=SMTP)
    source["From"] = _address(message.author_name, address)
    for role in ("to", "cc"):
        people = [_address(row["name"], row["address"]) for row in message.recipients if row["role"] == role]
        if people:
            source[role.title()] = people
    source["Subject"] = message.subject
    source["Date"] = format_datetime(message.created_at)
    source["Message-ID"] = header_id
    if answered:
        source["In-Reply-To"] = answered
        source["References"] = answered
    if message.is_automatic:
        source["Auto-Submitted"] = "auto-replied"
    source.set_content(message.text, cte="quoted-printable")
    if mail.html:
        source.add_alternative(mail.html, subtype="html", cte="quoted-printable")
        part = list(source.iter_parts())[1]
        for name in mail.pictures:
            cid = next(c for c in message.attachments.all() if c.filename == name).content_id
            part.add_related(bytes_of(name), "image", "png", cid=f"<{cid}>", filename=name, disposition="inline")
    return source


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _attach(source: EmailMessage, name: str) -> None:
    maintype, subtype = {
        "png": ("image", "png"), "pdf": ("application", "pdf"), "csv": ("text", "csv")
    }.get(name.rpartition(".")[2], ("text", "plain"))  # fmt: skip
    if maintype == "text":
        source.add_attachment(bytes_of(name).decode(), subtype=subtype, filename=name)
    else:
        source.add_attachment(bytes_of(name), maintype=maintype, subtype=subtype, filename=name)


def _raw_mail(raw: bytes, message: Message, box: Mailbox, address: str, header_id: str) -> RawMail:
    outcome = "reply" if message.why.get("rule") != "new" else "new"
    if message.is_held or message.is_automatic:
        outcome = "held" if message.is_held else "automatic"
    return RawMail(
        mailbox=box, source="smtp", envelope_from=address, envelope_to=box.address, raw=zlib.compress(raw, 1),
        size=len(raw), sha256=hashlib.sha256(raw).hexdigest(), received_at=message.created_at, header_id=header_id,
        duplicate_key=hashlib.sha256(f"{box.pk}\0{header_id}".encode()).hexdigest(), subject=message.subject,
        sender=address, outcome=outcome, reason=message.why, attempts=1, ticket_id=message.ticket_id, message=message,
        handled_at=message.created_at,
    )  # fmt: skip


def _mark_read(drafts: list[Draft], house: House, now: datetime) -> None:
    """Agents have read what is theirs or older than two days, up to their team's last word on what is fresh."""
    members = {
        key: [a for a in house.agents.values() if a.teams.filter(pk=t.pk).exists()] for key, t in house.teams.items()
    }
    rows = []
    for draft in drafts:
        if now - draft.messages[-1].created_at > _READ_BEFORE or draft.state.ball != "us":
            last = draft.messages[-1].pk
        else:
            last = max((m.pk for m in draft.messages if m.kind != "received"), default=0)
        if last:
            rows += [ReadMark(agent=a, ticket=draft.ticket, message_id=last) for a in members[draft.story.team]]
    ReadMark.objects.bulk_create(rows)

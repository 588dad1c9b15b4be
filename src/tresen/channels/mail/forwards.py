"""A mail that passes another one on: whose it was, what it said, and what was written above it.

Read from the one attached mail, or from the block of From, Date and Subject in the text, in the languages of
kit/replies. It says nothing about who really wrote what stands below: that is the forwarder's word.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tresen.channels.mail.addresses import normalise, sender_of
from tresen.kit.mime import Address, MailUnreadable, ParsedMail, parse_mail
from tresen.kit.mime.addresses import parse_addresses
from tresen.kit.mime.parsed import AttachedFile
from tresen.kit.replies import is_forward_subject
from tresen.kit.replies.header_words import FROM_LABELS, SUBJECT_LABELS
from tresen.kit.replies.headers import header_block_at, label_of
from tresen.kit.replies.lines import is_forward, is_original, is_rule, plain, unquoted

MOST_LINES = 4000
LONGEST_COVER = 20_000


@dataclass(frozen=True)
class Forwarded:
    """The mail that was passed on. `cover`: what the forwarder wrote above it; `message_id` and `files` only where it
    came as an attachment."""

    sender: Address
    subject: str
    text: str
    cover: str = ""
    html: str | None = None
    message_id: str = ""
    files: list[AttachedFile] = field(default_factory=list)


def read_forward(mail: ParsedMail) -> Forwarded | None:
    """The one mail that this one passes on, or None: not one, several, or without a sender's address."""
    attached = [file for file in mail.attachments if file.content_type == "message/rfc822"]
    if len(attached) == 1 and not _is_report(mail):
        return _from_attachment(mail, attached[0])
    if attached or not is_forward_subject(mail.subject, mail.text):
        return None
    return _from_text(mail)


def _is_report(mail: ParsedMail) -> bool:
    return mail.content_type == "multipart/report"


def _from_attachment(mail: ParsedMail, file: AttachedFile) -> Forwarded | None:
    try:
        inner = parse_mail(file.data)
    except MailUnreadable:
        return None
    sender = sender_of(inner)
    if not sender.address:
        return None
    return Forwarded(
        Address(sender.name, sender.address), inner.subject, inner.text, mail.text.strip()[:LONGEST_COVER], inner.html,
        inner.message_id, inner.attachments,
    )  # fmt: skip


def _from_text(mail: ParsedMail) -> Forwarded | None:
    """The first block of headers in the text that names an address, below a line that says so or standing alone."""
    lines = mail.text.split("\n")[:MOST_LINES]
    bare = [unquoted(line) for line in lines]
    for at, line in enumerate(bare):
        if ":" not in line and "：" not in line:
            continue
        length = header_block_at(bare, at)
        if not length:
            continue
        sender, subject = _labelled(bare[at : at + length])
        if sender is None:
            return None
        quoted = all(before.startswith((">", "＞")) for before in lines[at : at + length])
        body = bare[at + length :] if quoted else mail.text.split("\n")[at + length :]
        return Forwarded(sender, subject or _without_prefix(mail.subject), "\n".join(body).strip(), _cover(lines[:at]))
    return None


def _labelled(block: list[str]) -> tuple[Address | None, str]:
    """The sender and the subject that a block of headers names; a long value may go on in the next line."""
    sender: Address | None = None
    subject = ""
    for number, line in enumerate(block):
        label, value = label_of(line)
        if label in FROM_LABELS and sender is None:
            going_on = block[number + 1] if number + 1 < len(block) and not label_of(block[number + 1])[0] else ""
            sender = _address(value) or _address(f"{value} {going_on}")
        elif label in SUBJECT_LABELS and not subject:
            subject = " ".join(plain(value).strip(" *_").split())[:300]
    return sender, subject


def _address(value: str) -> Address | None:
    """`Carol Brandt <mailto:carol@x>`, `Carol Brandt [carol@x]`, `carol@x` and the like."""
    text = plain(value).strip(" *_").replace("mailto:", "").replace("[", "<").replace("]", ">")
    text = text.replace("<<", "<").replace(">>", ">")[:1000]
    found = [entry for entry in parse_addresses(text, []) if normalise(entry.address)]
    if len({normalise(entry.address) for entry in found}) != 1:
        return None
    return Address(found[0].name.strip(" \"'<>"), normalise(found[0].address))


def _cover(lines: list[str]) -> str:
    """What stands above, without the line that announces the forwarded mail."""
    kept = list(lines)
    while kept and (not plain(kept[-1]) or is_rule(kept[-1]) or is_forward(kept[-1]) or is_original(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()[:LONGEST_COVER]


def _without_prefix(subject: str) -> str:
    while is_forward_subject(subject):
        subject = subject.partition(":" if ":" in subject else "：")[2].strip()
    return subject

"""From raw bytes to everything the intake wants to know, as plain data. Pure; runs inside the box.

The steps are a list of small functions over one dataclass. `warm_up` lets a worker load what the steps need before its
walls go up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any

from tresen.channels.mail.addresses import answer_to, sender_of
from tresen.channels.mail.bounces import read_bounce
from tresen.channels.mail.forwards import read_forward
from tresen.channels.mail.recognise import AUTOMATIC, MailKind, kind_of
from tresen.kit.html import SANITISER_VERSION, HtmlTooHard, clean_html
from tresen.kit.html.sanitise import CleanHtml
from tresen.kit.mime import Address, MailUnreadable, ParsedMail, parse_headers, parse_mail
from tresen.kit.mime.charsets import decode_text, load_codecs
from tresen.kit.replies import ReplyParts, cut_reply, is_forward_subject
from tresen.kit.replies.marks import has_marks

JOBS = {
    "read_mail": "tresen.channels.mail.reading:read_mail",
    "sanitise_html": "tresen.channels.mail.reading:sanitise_html",
    "signers_proven": "tresen.channels.mail.dkim_check:signers_proven",
}


@dataclass
class Reading:
    """What is known so far. `unreadable` is set when only the headers could be looked at."""

    raw: bytes
    with_html: bool = True
    only_headers: bool = False
    mail: ParsedMail = field(default_factory=ParsedMail)
    unreadable: dict[str, str] | None = None
    clean: CleanHtml | None = None
    html_refused: str = ""
    reply: ReplyParts = field(default_factory=lambda: ReplyParts("", ""))


def parse(reading: Reading) -> None:
    """Bytes to facts; beyond the limits only the headers are read and the reason is kept."""
    try:
        if reading.only_headers:
            raise MailUnreadable("given_up", "reading it did not end; only its headers were looked at")
        reading.mail = parse_mail(reading.raw)
    except MailUnreadable as reason:
        reading.mail = parse_headers(reading.raw)
        reading.unreadable = {"code": reason.code, "detail": reason.detail}
        reading.mail.warnings.append(f"unreadable: {reason.detail}")


def clean(reading: Reading) -> None:
    """The HTML as it may be shown; what is too hard to clean is shown as text."""
    if reading.mail.html is None or not reading.with_html:
        return
    try:
        reading.clean = clean_html(reading.mail.html)
    except HtmlTooHard as reason:
        reading.html_refused = reason.code
        reading.mail.warnings.append(f"html: not shown, too hard to clean ({reason.code})")


def cut(reading: Reading) -> None:
    """What is new in it."""
    html = reading.mail.html if reading.with_html and not reading.html_refused else None
    if html and reading.mail.is_made_of_html and not has_marks(html):
        html = None  # its lines are the text's
    forwards = is_forward_subject(reading.mail.subject, reading.mail.text)
    reading.reply = cut_reply(reading.mail.text, html, is_forward=forwards)


STEPS: list[Callable[[Reading], None]] = [parse, clean, cut]


def read_mail(
    raw: bytes, *, with_files: bool = False, with_html: bool = True, only_headers: bool = False
) -> dict[str, Any]:
    """The JSON object of `tresen mail parse`, and what the intake needs besides. Answers for any bytes.

    `with_files` adds each attachment's bytes as `data`. `with_html=False` leaves the sanitiser out, for a second try
    when the first one did not survive it; `only_headers` is the last resort after that. Besides the documented names:
    `sender` (name, address, source), `answer_to`, `raw_message_id`, `in_reply_to_ids`, `received_hops`, `is_encrypted`,
    `headers`, `quoted_text`, `html_source`, `html_version`, `remote_images`, `content_ids`, `kind`, `kind_reason`,
    `kind_is_weak`, `bounce`, `forwarded` (the one mail that it passes on), `unreadable`.
    """
    reading = Reading(raw, with_html=with_html, only_headers=only_headers)
    for step in STEPS:
        step(reading)
    return {
        **_facts(reading.mail),
        **_texts(reading),
        **_files(reading.mail, with_files),
        **_kind(reading.mail),
        "forwarded": _forwarded(reading, with_files),
        "warnings": reading.mail.warnings,
        "unreadable": reading.unreadable,
    }


def sanitise_html(html: str) -> dict[str, Any]:
    """Cleans one HTML text in the box: `html` (None when it is too hard), `version`, `remote_images`, `content_ids`,
    `refused`."""
    try:
        cleaned = clean_html(html)
    except HtmlTooHard as reason:
        nothing = {"remote_images": 0, "content_ids": []}
        return {"html": None, "version": SANITISER_VERSION, "refused": reason.code, **nothing}
    return {**asdict(cleaned), "content_ids": list(cleaned.content_ids), "refused": ""}


def _facts(mail: ParsedMail) -> dict[str, Any]:
    sender = sender_of(mail)
    return {
        "from": _address(mail.from_[0]) if mail.from_ else {"name": "", "address": ""},
        "to": [_address(entry) for entry in mail.to],
        "cc": [_address(entry) for entry in mail.cc],
        "reply_to": [_address(entry) for entry in mail.reply_to],
        "subject": mail.subject,
        "date": mail.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if mail.date else None,
        "message_id": mail.message_id or None,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": mail.references,
        "sender": {"name": sender.name, "address": sender.address, "source": sender.source.value},
        "answer_to": [_address(entry) for entry in answer_to(mail)],
        "raw_message_id": mail.raw_message_id,
        "in_reply_to_ids": mail.in_reply_to,
        "return_path": mail.return_path,
        "received_hops": mail.received_hops,
        "is_encrypted": mail.is_encrypted,
        "headers": [[name, value] for name, value in mail.headers],
    }


def _texts(reading: Reading) -> dict[str, Any]:
    cleaned = reading.clean
    return {
        "text": reading.mail.text,
        "reply_text": reading.reply.reply_text,
        "quoted_text": reading.reply.quoted_text,
        "html": cleaned.html if cleaned else None,
        "html_source": reading.mail.html,
        "html_version": cleaned.version if cleaned else 0,
        "remote_images": cleaned.remote_images if cleaned else 0,
        "content_ids": list(cleaned.content_ids) if cleaned else [],
    }


def _files(mail: ParsedMail, with_files: bool) -> dict[str, Any]:
    files = []
    for file in mail.attachments:
        facts: dict[str, Any] = {
            "filename": file.filename,
            "content_type": file.content_type,
            "size": file.size,
            "content_id": file.content_id or None,
            "inline": file.inline,
        }
        files.append({**facts, "data": file.data} if with_files else facts)
    return {"attachments": files}


def _kind(mail: ParsedMail) -> dict[str, Any]:
    found = kind_of(mail)
    came_back = read_bounce(mail) if found.kind in (MailKind.BOUNCE, MailKind.RECEIPT, MailKind.FEEDBACK) else None
    bounce: dict[str, Any] | None = None
    if came_back is not None:
        verdict = {"is_permanent": came_back.is_permanent, "is_failure": came_back.is_failure}
        bounce = {**asdict(came_back), **verdict}
    return {
        "is_auto_reply": found.kind in AUTOMATIC,
        "is_bounce": found.kind is MailKind.BOUNCE,
        "is_bulk": found.kind is MailKind.BULK,
        "kind": found.kind.value,
        "kind_reason": found.reason,
        "kind_is_weak": found.is_weak,
        "bounce": bounce,
    }


def _forwarded(reading: Reading, with_files: bool) -> dict[str, Any] | None:
    """The mail that this one passes on, its HTML cleaned like any other."""
    found = read_forward(reading.mail) if reading.unreadable is None else None
    if found is None:
        return None
    html = sanitise_html(found.html) if found.html and reading.with_html else {"html": None, "version": 0}
    return {
        **_address(found.sender), "subject": found.subject, "text": found.text, "cover": found.cover,
        "message_id": found.message_id, "html_source": found.html, "html": html["html"],
        "html_version": html["version"], "remote_images": html.get("remote_images", 0),
        **_files(ParsedMail(attachments=found.files), with_files),
    }  # fmt: skip


def _address(entry: Address) -> dict[str, str]:
    return {"name": entry.name, "address": entry.address}


def warm_up() -> None:
    """Loads the codecs and everything else that is loaded on first use: behind the walls no file can be opened."""
    load_codecs()
    decode_text("Zażółć gęślą jaźń, proszę o pomoc w sprawie faktury".encode("cp1250"), "x-made-up")
    read_mail(
        b"From: =?utf-8?q?a?= <a@b\xc3\xbc.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <a@b>\n"
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>a <b>b</b></p>\n--x\n"
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nYQ==\n--x\n"
        b"Content-Type: a/b; name*=utf-8''%41\n\nx\n--x--\n"
    )

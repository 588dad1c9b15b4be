"""`parse_mail`: the steps from bytes to facts, in their order."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from tresen.kit.mime.addresses import Address, parse_addresses
from tresen.kit.mime.content import collect
from tresen.kit.mime.dates import parse_date
from tresen.kit.mime.headers import HEADER_END, decode_header, first, split_block, undecoded
from tresen.kit.mime.limits import LIMITS, Limits, MailUnreadable, check_size
from tresen.kit.mime.parsed import ParsedMail
from tresen.kit.mime.tree import Part, part_tree

MESSAGE_ID = re.compile(r"<([^<>]{1,995})>")
FROM_LINE = re.compile(rb"^from[ \t]*(?:\r?\n[ \t]+)?:", re.IGNORECASE | re.MULTILINE)
MOST_REFERENCES = 200
MOST_TEXT = 5_000_000
MOST_FILES = 1000


def precheck(raw: bytes, limits: Limits = LIMITS) -> None:
    """Raises MailUnreadable(code, detail) when the mail is beyond the limits. Decodes nothing."""
    check_size(raw, limits)
    part_tree(_with_newlines(raw), [], limits)


def parse_mail(raw: bytes, limits: Limits = LIMITS) -> ParsedMail:
    """The facts of any bytes. Raises only MailUnreadable, for a mail beyond the limits."""
    check_size(raw, limits)
    mail = ParsedMail()
    root = part_tree(_with_newlines(raw), mail.warnings, limits)
    for step in STEPS:
        step(mail, root)
    mail.warnings = list(dict.fromkeys(mail.warnings))[:50]
    return mail


def parse_headers(raw: bytes) -> ParsedMail:
    """The facts of the first header block alone, as far as it can be read; for a mail that cannot. Never raises."""
    mail = ParsedMail()
    head = _with_newlines(raw[: 128 * 1024])
    loose = Limits(header_block=len(head) + 1, header=len(head) + 1, comments=len(head), encoded_words=len(head))
    try:
        headers, body = split_block(head, 0, len(head), mail.warnings, loose)
    except MailUnreadable:
        return mail
    headers = [(name, value[:8192]) for name, value in headers[:300]]
    for step in HEADER_STEPS:
        step(mail, Part(head, headers, body, len(head)))
    mail.warnings = list(dict.fromkeys(mail.warnings))[:50]
    return mail


def _with_newlines(raw: bytes) -> bytes:
    """What exports and transports put around a mail undone: byte order marks, UTF-16, blank lines before the headers,
    line ends of a bare CR or with one CR too many."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if raw[:1] in (b"\r", b"\n"):
        raw = raw.lstrip(b"\r\n")
    if b"\r\r\n" in raw[:1000]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    return raw.replace(b"\r", b"\n") if b"\n" not in raw and b"\r" in raw else raw


def read_identity(mail: ParsedMail, root: Part) -> None:
    """Who it says it is from. From headers are counted, also those below where the headers ended for us but not for a
    server on the way, which may have confirmed them: two of them are no identity."""
    senders = [value for name, value in root.headers if name.lower() == "from"]
    mail.from_headers = len(senders) + (_from_lines_below(root) if senders else 0)
    mail.from_ = [address for value in senders for address in _addresses(value, root, mail)]
    mail.sender = _addresses(first(root.headers, "sender"), root, mail)
    mail.reply_to = _addresses(first(root.headers, "reply-to"), root, mail)
    path = first(root.headers, "return-path")
    mail.return_path = None if path is None else undecoded(path).strip().strip("<>").strip()


def _from_lines_below(root: Part) -> int:
    """From lines between the end of the headers as we read them and the first empty line."""
    end = HEADER_END.search(root.raw)
    return len(FROM_LINE.findall(root.raw, root.start, end.start() + 1 if end else root.end))


def read_recipients(mail: ParsedMail, root: Part) -> None:
    """To and Cc, also where a program writes several of one."""
    for name, value in root.headers:
        if name.lower() in ("to", "cc"):
            (mail.to if name.lower() == "to" else mail.cc).extend(_addresses(value, root, mail, to_many=True))


def read_subject_and_date(mail: ParsedMail, root: Part) -> None:
    """Subject and Date."""
    mail.subject = decode_header(first(root.headers, "subject") or b"", _hint(root), mail.warnings)[:2000]
    value = first(root.headers, "date")
    mail.date = parse_date(decode_header(value)) if value else None
    if value and mail.date is None:
        mail.warnings.append("date: cannot be read")


def read_ids(mail: ParsedMail, root: Part) -> None:
    """Message-ID, In-Reply-To, References. What has no angle brackets is taken as one id."""
    mail.raw_message_id = undecoded(first(root.headers, "message-id") or b"")
    ids = _ids(mail.raw_message_id)
    mail.message_id = ids[0] if ids else _bare_id(mail.raw_message_id)
    mail.in_reply_to = _ids(undecoded(first(root.headers, "in-reply-to") or b""))
    mail.references = _ids(undecoded(first(root.headers, "references") or b""))[-MOST_REFERENCES:]


def read_headers(mail: ParsedMail, root: Part) -> None:
    """All headers decoded, for showing and recognising; how many servers it passed."""
    hint = _hint(root)
    mail.headers = [(name, decode_header(value, hint)) for name, value in root.headers]
    mail.received_hops = sum(1 for name, _ in root.headers if name.lower() == "received")


def read_type(mail: ParsedMail, root: Part) -> None:
    """The type of the whole and, for a report, of what (RFC 6522)."""
    mail.content_type = root.content_type
    mail.report_type = root.parameter("report-type").lower() if root.content_type == "multipart/report" else ""


def read_content(mail: ParsedMail, root: Part) -> None:
    """Text, HTML, files."""
    content = collect(root, mail.warnings)
    if len(content.files) > MOST_FILES:
        raise MailUnreadable("parts", f"more than {MOST_FILES} files")
    mail.text = _shortened(content.text(), mail)
    html = content.html()
    mail.is_made_of_html = not any(block.text and block.text.strip() for block in content.blocks)
    mail.html = None if html is None else _shortened(html, mail)
    mail.attachments = content.files


def _shortened(text: str, mail: ParsedMail) -> str:
    if len(text) <= MOST_TEXT:
        return text
    mail.warnings.append(f"text: only the first {MOST_TEXT} characters are read; all of it is in the original")
    return text[:MOST_TEXT]


def _addresses(value: bytes | None, root: Part, mail: ParsedMail, *, to_many: bool = False) -> list[Address]:
    if not value:
        return []
    return parse_addresses(undecoded(value, _hint(root), mail.warnings), mail.warnings, to_many=to_many)


def _hint(root: Part) -> str | None:
    """The charset of the first text: programs that write 8-bit headers write them in the body's charset."""
    part = root
    while part.children:
        part = part.children[0]
    return part.charset


def _bare_id(value: str) -> str:
    """An id without brackets and without a domain, as some programs write it."""
    words = value.split()
    return f"<{words[0].strip('<>')[:995]}>" if len(words) == 1 and words[0].strip("<>") else ""


def _ids(value: str) -> list[str]:
    found = [f"<{''.join(text.split())}>" for text in MESSAGE_ID.findall(value)]
    if found or not value.strip():
        return found
    words = [word.strip("<>,;()")[:995] for word in value.split()[:MOST_REFERENCES]]
    return [f"<{word}>" for word in words if "@" in word and '"' not in word]


Step = Callable[[ParsedMail, Part], None]
HEADER_STEPS: list[Step] = [read_identity, read_recipients, read_subject_and_date, read_ids, read_headers, read_type]
STEPS: list[Step] = [*HEADER_STEPS, read_content]

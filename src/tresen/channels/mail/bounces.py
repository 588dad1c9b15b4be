"""Bounces: which of our mails came back, for whom and how finally (RFC 3464), also from systems that predate the
standard."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tresen.channels.mail.bounce_text import FailedRecipient, recipients_in_text
from tresen.channels.mail.kind_words import FAMILIES, UNDELIVERED_SUBJECTS
from tresen.kit.mime import ParsedMail, parse_headers
from tresen.kit.mime.charsets import showable

RETURNED_TYPES = frozenset({
    "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers",
})  # fmt: skip
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
FIELD = re.compile(r"([!-9;-~]{1,60}):[ \t]*(.*)")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
REPLY_CODE = re.compile(r"\b([45]\d\d)\b")
HEADER_IN_TEXT = re.compile(r"^[ \t>]{0,4}Message-ID:[ \t]*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)
FIRST_CHARACTERS = 20_000
# Words that a person may use too: they count only under a telling subject.
VAGUE = frozenset({"your message", "your message to ", "ihre nachricht an ", "twoja wiadomość do ", "address not found",
                   "message blocked", "mail delivery failed", "failed recipients"})  # fmt: skip
# What mail programs put before a subject that is answered or passed on: then it is a person's.
PASSED_ON = re.compile(r"(?:re|aw|odp|fwd?|wg|sv|vs|tr|rv|pd|i|antw)\s*:", re.IGNORECASE)
LABEL = re.compile(r"^\[[^\]]{1,40}\]\s*")


@dataclass(frozen=True)
class Bounce:
    """What a bounce says. `message_ids` may name mails of ours; only a valid MAC in them proves it."""

    message_ids: tuple[str, ...]
    recipients: tuple[FailedRecipient, ...]

    @property
    def is_permanent(self) -> bool:
        """Whether some recipient failed with a 5.x.x status."""
        return any(entry.status.startswith("5") and entry.action in ("failed", "") for entry in self.recipients)

    @property
    def is_failure(self) -> bool:
        """Whether somebody did not get the mail (not only: later, or delivered)."""
        return not self.recipients or any(entry.action in ("failed", "") for entry in self.recipients)


def is_told_as_undelivered(subject: str) -> bool:
    """Whether a subject begins as those of mails that came back; what a person answers or passes on does not."""
    plain = LABEL.sub("", subject.strip(" *!\"'<")).lower().lstrip("*! ")
    return plain.startswith(UNDELIVERED_SUBJECTS)


def family_at_once(text: str) -> bool:
    """Whether the very first words are those of a family, and not of those that a person may use."""
    start = " ".join(text[:300].split()).lower().lstrip("*-=~|> ")
    return any(start.startswith(words) for words, _ in FAMILIES if words not in VAGUE)


def is_foreign_bounce(text: str, subject: str) -> str | None:
    """The family of a plain-text bounce by its first words, or None. Vaguer words count only under a telling subject,
    and none under one that a person answers or passes on."""
    start = " ".join(text[:1200].split()).lower().lstrip("*-=~|> ")
    telling = is_told_as_undelivered(subject)
    if PASSED_ON.match(subject.strip()) and not telling:
        return None
    for words, family in FAMILIES:
        at = start.find(words)
        if 0 <= at <= 200 and (telling or (at == 0 and words not in VAGUE)):
            return family
    return None


def read_bounce(mail: ParsedMail) -> Bounce:
    """Ids and recipients out of a bounce; empty when it tells none. Never raises."""
    reports = [file.data for file in mail.attachments if file.content_type in STATUS_TYPES]
    recipients = [entry for data in reports for entry in _statuses(data)]
    if not recipients:
        recipients = _failed_header(mail) or recipients_in_text(mail.text)
    return Bounce(tuple(bounced_message_ids(mail)), tuple(recipients[:100]))


def bounced_message_ids(mail: ParsedMail) -> list[str]:
    """Message-IDs of the mail that came back: from the returned part, the report's fields, or the headers in the
    text."""
    found: list[str] = []
    for file in mail.attachments:
        if file.content_type in RETURNED_TYPES:
            found.append(parse_headers(file.data).message_id)
        elif file.content_type in STATUS_TYPES or file.content_type == "message/disposition-notification":
            fields = dict(_fields(_report_text(file.data[:FIRST_CHARACTERS])))
            found.extend(fields.get(name, "") for name in ("original-message-id", "x-original-message-id"))
    found.extend(HEADER_IN_TEXT.findall(mail.text[-2 * FIRST_CHARACTERS :]))
    found.extend([*mail.in_reply_to, *reversed(mail.references)])
    return list(dict.fromkeys(found_id for found_id in found if found_id))[:50]


def _failed_header(mail: ParsedMail) -> list[FailedRecipient]:
    addresses = [part.strip(" <>") for part in (mail.header("X-Failed-Recipients") or "").split(",")[:50]]
    status = STATUS.search(mail.text[:FIRST_CHARACTERS])
    code = REPLY_CODE.search(mail.text[:FIRST_CHARACTERS])
    said = status[1] if status else (f"{code[1][0]}.0.0" if code else "")
    return [FailedRecipient(address, "failed", said, "") for address in addresses if "@" in address]


def _statuses(data: bytes) -> list[FailedRecipient]:
    """The groups of a delivery-status part: the first is about the mail, each further one about a recipient."""
    text = _report_text(data[: 5 * FIRST_CHARACTERS])
    found = []
    for group in text.split("\n\n"):
        fields = dict(reversed(_fields(group)))
        address = _after_type(fields.get("final-recipient", "")) or _after_type(fields.get("original-recipient", ""))
        if not address and "action" not in fields:
            continue
        status = STATUS.search(fields.get("status", "")) or STATUS.search(fields.get("diagnostic-code", ""))
        action = fields.get("action", "").partition("(")[0].strip().lower()
        action = "failed" if action in ("failure", "error") else action
        diagnostic = _after_type(fields.get("diagnostic-code", ""))[:500]
        found.append(FailedRecipient(address[:320], action[:20], status[1] if status else "", diagnostic))
    return found


def _report_text(data: bytes) -> str:
    """A report's bytes as text that a database and a page can hold, with \\n line ends."""
    return showable(data.decode("utf-8", "replace"))


def _fields(text: str) -> list[tuple[str, str]]:
    """Lower-case names and unfolded values."""
    fields: list[tuple[str, str]] = []
    for line in text.split("\n"):
        found = FIELD.match(line)
        if found:
            fields.append((found[1].lower(), found[2].strip()))
        elif line[:1] in (" ", "\t") and fields and len(fields[-1][1]) < 2000:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
    return fields


def _after_type(value: str) -> str:
    """`rfc822; a@b` → `a@b`."""
    kind, semicolon, rest = value.partition(";")
    return (rest if semicolon else kind).strip().strip("<>")

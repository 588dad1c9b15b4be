"""Bounces that are told in words only: whom the mail did not reach, and what the server said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tresen.channels.mail.kind_words import DELAYED

FIRST_CHARACTERS = 20_000
MOST_RECIPIENTS = 20
ADDRESS = re.compile(r"(?<![\w.+%=/-])[\w.+%=/!#$&'*-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
REPLY_CODE = re.compile(r"(?<![\w.:-])([45]\d\d)(?=[ \-:#])")
# Where the mail that came back begins; nothing behind it is about the failure.
RETURNED = re.compile(
    r"^(?:[ \t>]{0,4}(?:Return-Path|Received|Message-ID|X-Original-To|DKIM-Signature):"
    r"|.{0,40}(?:original message|message headers? follow|message header follows|below this line is a copy"
    r"|this is a copy of the message|attachment is a copy|message text follows|returned mail --"
    r"|header of the source mail|unsent message below|transcript of session follows: message|first \d+ lines of))",
    re.IGNORECASE | re.MULTILINE,
)
# Lines that name an address for another reason than that it was not reached.
ELSEWHERE = re.compile(
    r"^\W{0,6}(?:from|sender|reply-to|return-path|contact|please contact|cc|date|message-id|x-\w+|reporting-mta"
    r"|system contact|postmaster|mail from|remote-mta|from:|absender|von|od|de|message from)\b",
    re.IGNORECASE,
)
SYSTEM = re.compile(r"(?:mailer-daemon|postmaster|mdaemon|abuse)@", re.IGNORECASE)
LONGEST_DIAGNOSTIC = 500


@dataclass(frozen=True)
class FailedRecipient:
    """One recipient of a report: `action` as in RFC 3464 (failed, delayed, delivered, relayed, expanded) or "";
    `status` x.y.z."""

    address: str
    action: str
    status: str
    diagnostic: str


def recipients_in_text(text: str) -> list[FailedRecipient]:
    """Whom the words of a bounce name, each with what is said right behind it; none when it names nobody."""
    told = _before_the_returned(text)
    action = "delayed" if DELAYED.search(told) else "failed"
    everywhere = _status(told)
    found: dict[str, FailedRecipient] = {}
    lines = told.split("\n")
    for number, line in enumerate(lines):
        if ELSEWHERE.match(line) or len(found) >= MOST_RECIPIENTS:
            continue
        for match in ADDRESS.finditer(line[:1000]):
            address = match.group().rstrip(".")
            if SYSTEM.match(address) or address.lower() in found:
                continue
            words = _said(line[match.end() : match.end() + LONGEST_DIAGNOSTIC], lines[number + 1 : number + 8])
            found[address.lower()] = FailedRecipient(address[:320], action, _status(words) or everywhere, words)
    return list(found.values())


def _before_the_returned(text: str) -> str:
    head = text[:FIRST_CHARACTERS]
    begins = RETURNED.search(head)
    # A report that begins with such a line has nothing else to say.
    return head[: begins.start()] if begins and begins.start() > 40 else head


def _said(rest: str, following: list[str]) -> str:
    """What stands behind an address up to the next blank line or the next address."""
    kept = [rest.strip(' \t>:;,.")]')]
    for line in following:
        if (not line.strip() and any(kept)) or ADDRESS.match(line.strip(" <\t")):
            break
        kept.append(line.strip())
    return " ".join(part for part in kept if part)[:LONGEST_DIAGNOSTIC]


def _status(words: str) -> str:
    """The status in words: x.y.z as it stands, else from a reply code (550 is 5.0.0)."""
    exact = STATUS.search(words)
    if exact:
        return exact[1]
    code = REPLY_CODE.search(words)
    return f"{code[1][0]}.0.0" if code else ""

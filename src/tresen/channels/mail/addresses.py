"""Who a mail says it is from, and when two addresses are the same. What a sender writes is a claim, never identity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tresen.kit.mime import Address, ParsedMail

# Only ASCII letters are folded: a Kelvin sign must not become a k (S34).
ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class SenderSource(StrEnum):
    """Where the sender's address was found."""

    FROM = "from"
    SENDER = "sender"
    REPLY_TO = "reply_to"
    RETURN_PATH = "return_path"
    NONE = "none"


@dataclass(frozen=True)
class Sender:
    """The sender as claimed: `address` normalised, "" when there is none. Anything but FROM is a makeshift and marked
    so."""

    name: str
    address: str
    source: SenderSource


def normalise(address: str) -> str:
    """The form in which addresses are compared and stored: ASCII letters lower, the domain in its A-labels (RFC 5891).

    "" for what is no address, also for a domain that only becomes one by folding look-alikes.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        return ""
    labels = [_label(label) for label in domain.rstrip(".").split(".")]
    if not all(labels):
        return ""
    return f"{local.translate(ASCII_LOWER)}@{'.'.join(labels)}"


def _label(label: str) -> str:
    if label.isascii():
        return label.translate(ASCII_LOWER)
    try:
        coded = label.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return coded if coded.startswith("xn--") else ""


def sender_of(mail: ParsedMail) -> Sender:
    """Exactly one From with one address; else Sender, Reply-To, Return-Path in this order, each only if it has
    exactly one."""
    if mail.from_headers == 1 and len(mail.from_) == 1:
        address = normalise(mail.from_[0].address)
        if address:
            return Sender(mail.from_[0].name, address, SenderSource.FROM)
    for entries, source in ((mail.sender, SenderSource.SENDER), (mail.reply_to, SenderSource.REPLY_TO)):
        if len(entries) == 1 and normalise(entries[0].address):
            return Sender(entries[0].name, normalise(entries[0].address), source)
    path = normalise(mail.return_path or "")
    if path:
        return Sender("", path, SenderSource.RETURN_PATH)
    return Sender(mail.from_[0].name if mail.from_ else "", "", SenderSource.NONE)


def answer_to(mail: ParsedMail) -> list[Address]:
    """Where the sender wants answers: Reply-To when it holds addresses, else From. Never used for identity."""
    wanted = [entry for entry in mail.reply_to if normalise(entry.address)]
    return wanted or [entry for entry in mail.from_ if normalise(entry.address)]

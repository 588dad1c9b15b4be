"""The fixed words of our own mails, in the receiver's language."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from tresen.core.people.models import Brand

LINK = re.compile(r"/t/[\w-]+")


@dataclass(frozen=True)
class Words:
    """Subject and text of a mail."""

    subject: str
    text: str


def acknowledgement(*, brand: Brand, number: str, shown: str, link: str, language: str) -> Words:
    """The confirmation of receipt: fixed words, number and personal link, nothing that the sender wrote (S6)."""
    facts = {"brand": brand.name, "number": shown, "link": link}
    with translation.override(language):
        subject = _("We have received your request") + f" [#{number}]"
        lines = [
            _("Good day,"),
            _("your request has arrived at %(brand)s. Its number is %(number)s.") % facts,
            _("Here you can follow it, add something or close it:") + "\n" + link,
            _("This link is meant for you alone. You can also simply reply to this mail."),
            _("Kind regards") + "\n" + brand.name,
        ]
    return Words(subject, "\n\n".join(lines))


def reply_footer(*, brand: Brand, shown: str, link: str, language: str, signature: str = "") -> str:
    """The last lines under an agent's answer. A `signature` that names the brand has named it already."""
    with translation.override(language):
        number = _("Your request has the number %(number)s.") % {"number": shown}
        follow = _("Follow it here:") + " " + link if link else ""
    name = "" if _names(signature, brand.name) else brand.name
    return "\n".join(line for line in ("-- ", name, number, follow) if line)


def _names(text: str, name: str) -> bool:
    """Whether the name stands in that text as whole words, however it is spaced and capitalised."""
    words, wanted = " ".join(text.split()).casefold(), " ".join(name.split()).casefold()
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", words) is not None


def files_by_link(*, names: list[str], link: str, language: str) -> str:
    """Said instead of attaching files that are too large for mail."""
    with translation.override(language):
        intro = _("The attached files are too large for mail. You find them at your request:") + " " + link
    return "\n".join([intro, *(f"- {name}" for name in names)])


def text_hash(text: str) -> str:
    """Recognises a text again after transport: SHA-256 over its words, whatever personal link each try carried."""
    return hashlib.sha256(LINK.sub("/t/", " ".join(text.split())).encode("utf-8", "replace")).hexdigest()

"""The fixed words of our own mails, in the receiver's language."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

LINK = re.compile(r"/t/[\w-]+")


def acknowledgement_subject(language: str) -> str:
    """The fixed subject of a confirmation of receipt; the token follows."""
    with translation.override(language):
        return _("We have received your request")


def default_acknowledgement(language: str, *, has_link: bool = True) -> str:
    """The confirmation of receipt as long as a brand has written none: fixed words, number and personal link."""
    facts = {"brand": "{{brand.name}}", "number": "{{ticket.number}}"}
    with translation.override(language):
        lines = [
            _("Good day,"),
            _("your request has arrived at %(brand)s. Its number is %(number)s.") % facts,
        ]
        if has_link:
            lines.append(_("Here you can follow it, add something or close it:") + "\n{{ticket.link}}")
            lines.append(_("This link is meant for you alone. You can also simply reply to this mail."))
        lines.append(_("Kind regards") + "\n{{brand.name}}")
    return "\n\n".join(lines)


def default_footer(language: str) -> str:
    """The last lines under an agent's answer as long as nobody has written others."""
    with translation.override(language):
        number = _("Your request has the number %(number)s.") % {"number": "{{ticket.number}}"}
        follow = _("Follow it here:") + " {{ticket.link}}"
    return "\n".join(["{{brand.name}}", number, follow])


def names(text: str, name: str) -> bool:
    """Whether the name stands in that text as whole words, however it is spaced and capitalised."""
    words, wanted = " ".join(text.split()).casefold(), " ".join(name.split()).casefold()
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", words) is not None


def files_by_link(*, names: list[str], link: str, language: str) -> str:
    """Said instead of attaching files that are too large for mail."""
    with translation.override(language):
        intro = _("The attached files are too large for mail. You find them at your request:") + " " + link
    return "\n".join([intro, *(f"- {name}" for name in names)])


def too_large_subject(language: str) -> str:
    """The fixed subject of what a sender is told whose mail was beyond the limit."""
    with translation.override(language):
        return _("Your mail was too large")


def too_large_text(*, brand: str, limit: int, language: str) -> str:
    """What a sender is told whose mail was beyond the limit of that many bytes."""
    with translation.override(language):
        lines = [
            _("Good day,"),
            _("your mail to %(brand)s was larger than %(limit)d MB. Its text and its files could not be taken in.")
            % {"brand": brand, "limit": limit // (1024 * 1024)},
            _("Please send it again with smaller files."),
            _("Kind regards") + "\n" + brand,
        ]
    return "\n\n".join(lines)


def wrote_line(*, who: str, at: datetime, language: str) -> str:
    """What stands above quoted text. Mail programs and our own reading of answers know this form."""
    with translation.override(language):
        when = {"date": date_format(localtime(at), "DATE_FORMAT"), "time": date_format(localtime(at), "TIME_FORMAT")}
        return _("On %(date)s at %(time)s, %(who)s wrote:") % {**when, "who": who}


def text_hash(text: str) -> str:
    """Recognises a text again after transport: SHA-256 over its words, whatever personal link each try carried."""
    return hashlib.sha256(LINK.sub("/t/", " ".join(text.split())).encode("utf-8", "replace")).hexdigest()

"""The names in saved replies and macros, and what they stand for on a ticket (safety decision 16).

The same small language as in mail texts. There is no signature and no personal link: both belong to the mail that goes
out, not to what an agent writes. Values are put in once; what a customer wrote is never read for names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tresen.channels.mail.compose import sender_mailbox
from tresen.channels.mail.wording import NAMES as MAIL_NAMES
from tresen.channels.mail.wording import values_of
from tresen.core.people.models import LANGUAGES, Agent
from tresen.core.tickets.models import Ticket
from tresen.kit.placeholders import Place, fill, unknown_names
from tresen.service.texts.models import KeptText

NOT_HERE = ("agent.signature", "ticket.link")
NAMES: dict[str, Any] = {name: words for name, words in MAIL_NAMES.items() if name not in NOT_HERE}
MAX_TEXT = 20_000


class WrongText(ValueError):
    """A text has names that we do not know, or is too long (then `unknown` is empty); `language` says which one."""

    def __init__(self, language: str, unknown: list[str]) -> None:
        super().__init__(f"{language}: {unknown or 'too long'}")
        self.language, self.unknown = language, unknown


def clean_texts(texts: Mapping[str, Any]) -> dict[str, str]:
    """The texts as they are kept: known languages, line ends as ours, empty ones left out. Raises WrongText."""
    cleaned = {}
    for code, _name in LANGUAGES:
        text = str(texts.get(code) or "").replace("\r\n", "\n").replace("\0", "").strip()
        if len(text) > MAX_TEXT:
            raise WrongText(code, [])
        if unknown := unknown_names(text, NAMES):
            raise WrongText(code, unknown)
        if text:
            cleaned[code] = text
    return cleaned


def values_for(ticket: Ticket, agent: Agent) -> dict[str, str]:
    """What the names stand for on that ticket when that agent writes."""
    mailbox = sender_mailbox(ticket) if ticket.pk else None
    found = values_of(brand=ticket.brand, ticket=ticket, mailbox=mailbox, agent=agent, link="")
    return {name: found[name] for name in NAMES}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text as it goes into the composer: plain text, however it is sent later."""
    return fill(text, values, place=Place.TEXT)


def language_of(wanted: str, ticket: Ticket) -> str:
    """The language to offer first: the one asked for, the ticket's, the brand's."""
    known = dict(LANGUAGES)
    return next(code for code in (wanted, ticket.language, ticket.brand.language, "en") if code in known)


def text_on(kept: KeptText, ticket: Ticket, agent: Agent | None, wanted: str = "") -> tuple[str, str]:
    """The text with its names filled in, and its language; both empty for a macro without one."""
    language = kept.language_for(language_of(wanted, ticket), ticket.brand.language)
    if not language or agent is None:
        return "", ""
    return filled(kept.texts[language], values_for(ticket, agent)), language

"""The words around a mail, by brand, team and language: sender, signature, footer, confirmation of receipt.

How they combine: below an agent's answer stands the signature (the team's, else the brand's, else the agent's own one,
which the others bring in with `{{agent.signature}}`), then a line `-- `, then the footer. The confirmation of receipt
is the brand's alone and knows only names whose values we make: nothing a sender wrote is ever in it (safety decision
8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tresen.channels.mail import texts
from tresen.channels.mail.models import BrandMail, Mailbox, MailText, TextKind
from tresen.core.people.models import LANGUAGES, Agent, Brand, Team
from tresen.core.tickets.models import Ticket
from tresen.kit.fingerprint import refuse_if_changed
from tresen.kit.placeholders import Place, fill, has_name, unknown_names
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

# The names, with what they mean.
NAMES: dict[str, Any] = {
    "agent.name": _("who answers"),
    "agent.first_name": _("first name of who answers"),
    "agent.signature": _("the own signature of who answers"),
    "contact.name": _("who asked"),
    "contact.first_name": _("first name of who asked"),
    "organisation.name": _("organisation of who asked"),
    "brand.name": _("name of the brand"),
    "team.name": _("team that has the ticket"),
    "mailbox.name": _("sender’s name of the mailbox, else the brand"),
    "mailbox.address": _("address of the mailbox"),
    "ticket.number": _("number of the ticket"),
    "ticket.subject": _("subject of the ticket"),
    "ticket.link": _("personal link, where the mail goes to one person"),
}
# What the confirmation of receipt may say: nothing of it comes from the sender.
OWN_NAMES = ("brand.name", "team.name", "mailbox.name", "mailbox.address", "ticket.number", "ticket.link")
LINE_ENDS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
NEEDED = {TextKind.ACKNOWLEDGEMENT: ("ticket.number", "ticket.link")}
LENGTHS = {TextKind.SENDER: 120, TextKind.SIGNATURE: 2000, TextKind.FOOTER: 2000, TextKind.ACKNOWLEDGEMENT: 4000}


class WrongText(ValueError):
    """A text cannot be used: it has `unknown` names, or lacks `missing` ones; `kind` says which text."""

    def __init__(self, kind: str, *, unknown: list[str], missing: list[str]) -> None:
        super().__init__(f"{kind}: unknown {unknown}, missing {missing}")
        self.kind, self.unknown, self.missing = kind, unknown, missing


@dataclass(frozen=True)
class Wording:
    """The texts that count for a brand, a team (or none) and a language, with their names not yet filled."""

    sender: str
    signature: str
    footer: str
    acknowledgement: str


def names_for(kind: str) -> tuple[str, ...]:
    """The names a kind of text knows."""
    return OWN_NAMES if kind == TextKind.ACKNOWLEDGEMENT else tuple(NAMES)


def default_text(kind: str, language: str) -> str:
    """What counts as long as nobody has written another text."""
    if kind == TextKind.SENDER:
        return "{{agent.name}} · {{mailbox.name}}"
    if kind == TextKind.SIGNATURE:
        return "{{agent.signature}}"
    return texts.default_footer(language) if kind == TextKind.FOOTER else texts.default_acknowledgement(language)


def text_for(kind: str, brand: Brand, team: Team | None, language: str) -> str:
    """The text that counts: the team's in this language, the brand's in it, the brand's in its own language, the
    default. A confirmation is the brand's alone and never comes in another language than the default would."""
    rows = {
        (row.team_id, row.language): row.text
        for row in MailText.objects.filter(brand=brand, kind=kind)
        if row.team_id in (None, team.pk if team else None)
    }
    places: list[tuple[int | None, str]] = [(team.pk, language)] if team and kind != TextKind.ACKNOWLEDGEMENT else []
    places.append((None, language))
    if kind != TextKind.ACKNOWLEDGEMENT:
        places.append((None, brand.language))
    return next((rows[place] for place in places if place in rows), default_text(kind, language))


def wording(brand: Brand, team: Team | None, language: str) -> Wording:
    """All of them."""
    return Wording(**{kind.name.lower(): text_for(kind, brand, team, language) for kind in TextKind})


def values_of(
    *, brand: Brand, ticket: Ticket, mailbox: Mailbox | None, agent: Agent | None, link: str
) -> dict[str, str]:
    """What the names stand for on a ticket."""
    contact, name = ticket.requester, agent.user.name if agent else ""
    who = "" if "@" in contact.name else contact.name
    facts = {
        "agent.name": name, "agent.first_name": first_name(name), "contact.name": who,
        "contact.first_name": first_name(who),
        "organisation.name": ticket.organisation.name if ticket.organisation else "", "brand.name": brand.name,
        "team.name": ticket.team.name if ticket.team else "",
        "mailbox.name": (mailbox.name if mailbox else "") or brand.name,
        "mailbox.address": mailbox.address if mailbox else "", "ticket.number": ticket.shown_number,
        "ticket.subject": ticket.subject, "ticket.link": link,
    }  # fmt: skip
    lines = {key: LINE_ENDS.sub(" ", value).strip() for key, value in facts.items()}
    return {**lines, "agent.signature": agent.signature.strip() if agent else ""}


def first_name(name: str) -> str:
    """`Carol Brandt` and `Brandt, Carol` are both Carol; a single word is the whole name."""
    _last, comma, rest = name.partition(",")
    words = (rest if comma and rest.strip() else name).split()
    return words[0] if words else ""


def below_answer(words: Wording, values: Mapping[str, str]) -> list[str]:
    """Signature and footer with their values, empty ones left out. A brand named in the one is not named again as a
    line of the other."""
    signature = fill(words.signature, values, place=Place.TEXT)
    footer = fill(words.footer, values, place=Place.TEXT)
    if texts.names(signature, values["brand.name"]):
        footer = "\n".join(line for line in footer.split("\n") if line.strip() != values["brand.name"])
    return [part for part in (signature, f"-- \n{footer}" if footer.strip() else "") if part]


def sender_name(words: Wording, values: Mapping[str, str]) -> str:
    """The name before the address of an agent's answer."""
    return fill(words.sender, values, place=Place.HEADER)


def acknowledgement_text(words: Wording, values: Mapping[str, str], language: str) -> str:
    """The confirmation of receipt; of the values only our own are looked at. Every text of a brand leads to the link:
    where there is none the default counts, which can do without."""
    own = {name: values[name] for name in OWN_NAMES}
    text = words.acknowledgement if own["ticket.link"] else texts.default_acknowledgement(language, has_link=False)
    return fill(text, own, place=Place.TEXT)


def check_text(kind: str, text: str) -> None:
    """Raises WrongText for a text with unknown names, or without those it needs; ValueError for one too long."""
    if len(text) > LENGTHS[TextKind(kind)]:
        raise ValueError("too long")
    unknown = unknown_names(text, names_for(kind))
    missing = [name for name in NEEDED.get(TextKind(kind), ()) if not has_name(text, name)]
    if unknown or missing:
        raise WrongText(kind, unknown=unknown, missing=missing)


def quotes_history(brand: Brand) -> bool:
    """Whether the brand's answers carry what was said before below them."""
    return BrandMail.objects.filter(brand=brand, quotes_history=True).exists()


def wording_values(brand: Brand, team: Team | None, language: str) -> dict[str, Any]:
    """What a form shows for that place, for its mark."""
    found: dict[str, Any] = {kind.value: text_for(kind, brand, team, language) for kind in kinds_for(team)}
    return found if team else {**found, "quotes_history": quotes_history(brand)}


def kinds_for(team: Team | None) -> list[TextKind]:
    """The texts that can be written for a team, or for the brand."""
    return [kind for kind in TextKind if not team or kind != TextKind.ACKNOWLEDGEMENT]


def change_wording(
    brand: Brand, team: Team | None, language: str, *, set: dict[str, Any], by: Actor, expected: str = ""
) -> None:
    """Writes the texts of that place; one that says what would count anyway is not kept. Event `brand.mail_changed`.

    Raises WrongText, ValueError, ChangedMeanwhile.
    """
    if language not in dict(LANGUAGES):
        raise ValueError("no such language")
    wanted = {kind: str(set[kind]).replace("\r\n", "\n").strip() for kind in kinds_for(team) if kind in set}
    for kind, text in wanted.items():
        check_text(kind, text)
    with transaction.atomic():
        Brand.objects.select_for_update().get(pk=brand.pk)
        refuse_if_changed(wording_values(brand, team, language), expected)
        changed = [kind.value for kind, text in wanted.items() if _write(kind, brand, team, language, text)]
        if not team and "quotes_history" in set and set["quotes_history"] != quotes_history(brand):
            BrandMail.objects.update_or_create(brand=brand, defaults={"quotes_history": set["quotes_history"]})
            changed.append("quotes_history")
        if changed:
            facts = {"texts": changed, "language": language, "team": str(team) if team else None}
            record("brand.mail_changed", stream=brand, by=by, changes=facts)


def _write(kind: str, brand: Brand, team: Team | None, language: str, text: str) -> bool:
    if text == text_for(kind, brand, team, language):
        return False
    here = MailText.objects.filter(kind=kind, brand=brand, team=team, language=language)
    here.delete()
    if text != text_for(kind, brand, team, language):
        MailText.objects.create(kind=kind, brand=brand, team=team, language=language, text=text)
    return True


def is_own_text(kind: str, brand: Brand, team: Team | None, language: str) -> bool:
    """Whether somebody has written this text for this very place."""
    return MailText.objects.filter(kind=kind, brand=brand, team=team, language=language).exists()


def back_to_default(kind: str, brand: Brand, team: Team | None, language: str, *, by: Actor) -> None:
    """Takes the text of that place away: what counts without it counts again. Event `brand.mail_changed`."""
    with transaction.atomic():
        gone, _rows = MailText.objects.filter(kind=kind, brand=brand, team=team, language=language).delete()
        if gone:
            facts = {"texts": [kind], "language": language, "team": str(team) if team else None}
            record("brand.mail_changed", stream=brand, by=by, changes=facts)

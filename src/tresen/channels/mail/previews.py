"""What a reply and a confirmation of receipt would look like with texts that are not saved yet. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _

from tresen.channels.mail import texts
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.wording import acknowledgement_text, below_answer, sender_name, values_of, wording
from tresen.core.people.models import Agent, Brand, Contact, Organisation, Team
from tresen.core.tickets.models import Ticket

# A made-up request, for a brand that has none yet.
MADE_UP = {"name": "Carol Brandt", "organisation": "Fährholm Logistik", "number": "204187"}


@dataclass(frozen=True)
class Preview:
    """One mail as its reader would see it."""

    title: str
    sender: str
    subject: str
    text: str


def preview(
    brand: Brand, team: Team | None, language: str, *, typed: Mapping[str, str], ticket: Ticket | None,
    agent: Agent | None,
) -> list[Preview]:  # fmt: skip
    """A reply, and for a brand its confirmation of receipt. `typed` are the texts by kind; what is missing counts as
    saved."""
    named = {"sender": "sender", "signature": "signature", "footer": "footer", "ack": "acknowledgement"}
    words = replace(
        wording(brand, team, language), **{named[kind]: text.replace("\r\n", "\n") for kind, text in typed.items()}
    )
    shown = ticket or made_up_ticket(brand)
    if team:
        shown.team = team
    mailbox = Mailbox.objects.filter(brand=brand, is_active=True).order_by("pk").first()
    values = values_of(brand=brand, ticket=shown, mailbox=mailbox, agent=agent, link="https://…/t/…/")
    address = mailbox.address if mailbox else "…"
    with translation.override(language):
        answer = _("Here stands what the agent writes.")
    subject = shown.subject if shown.subject.lower().startswith("re:") else f"Re: {shown.subject}"
    reply = Preview(
        _("A reply"), f"{sender_name(words, values) or values['mailbox.name']} <{address}>",
        f"{subject} [#{shown.number}]", "\n\n".join([answer, *below_answer(words, values)]),
    )  # fmt: skip
    if team:
        return [reply]
    receipt = Preview(
        _("A confirmation of receipt"), f"{values['mailbox.name']} <{address}>",
        f"{texts.acknowledgement_subject(language)} [#{shown.number}]", acknowledgement_text(words, values, language),
    )  # fmt: skip
    return [reply, receipt]


def made_up_ticket(brand: Brand) -> Ticket:
    """A ticket that is in no table."""
    number = brand.letters + MADE_UP["number"]
    return Ticket(
        number=number, brand=brand, subject="VPN", requester=Contact(name=MADE_UP["name"]),
        organisation=Organisation(name=MADE_UP["organisation"]),
    )  # fmt: skip

"""What stands against sending, and who gets it."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from tresen.channels.mail.models import Mailbox
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.people.services import agent_by_mail
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.drafts import MAX_TEXT
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.rows import MAX_PARTICIPANTS
from tresen.core.tickets.services import default_recipients
from tresen.core.tickets.staged import meaning_of, read_lines
from tresen.faces.desk.ticket.news import what_is_new
from tresen.faces.desk.ticket.writing import SPEAKS_OF_FILES, Composer, too_long

THEN = {"waiting": StatusCategory.WAITING, "solved": StatusCategory.SOLVED}


def check(composer: Composer, ticket: Ticket, principal: Principal) -> list[dict[str, str]]:
    """Looks for everything that stands against sending; the answer is who gets it (empty for a note)."""
    if not composer.text:
        composer.refuse(_("There is no text yet."))
    if len(composer.text) > MAX_TEXT:
        composer.refuse(too_long())
    if composer.kind == "note":
        return []
    if composer.then == "later" and (wrong := composer.later.understand()):
        composer.refuse(wrong)
    possible = default_recipients(ticket)
    chosen = [r for r in possible if r["address"] in composer.chosen]
    composer.left_out = [r["address"] for r in possible if r not in chosen]
    chosen = [{**r, "role": composer.places.get(r["address"], r["role"])} for r in chosen]
    chosen += blind_copies(composer, chosen)
    for wrong in [address for address in new_copies(composer) if not may_join(address)]:
        composer.refuse(_("“%(address)s” cannot be taken in copy. Write whole mail addresses of people outside.")
                        % {"address": wrong})  # fmt: skip
    if composer.add_cc and not can(principal, "ticket.change", ticket):
        composer.refuse(_("You may answer here, but not put anybody new in copy."))
    outside = ticket.participants.exclude(contact=None).count()
    if max(outside, len(chosen)) + len(new_copies(composer)) > MAX_PARTICIPANTS:
        composer.refuse(_("A ticket has at most 48 people from outside."))
    openly = [r for r in chosen if r["role"] != "bcc"]
    if (possible or chosen) and not openly and not composer.add_cc:
        composer.refuse(_("Choose at least one recipient, or keep it as a note.") if not chosen else
                        _("Besides blind copies a reply needs somebody in To or Cc."))  # fmt: skip
    return chosen


def hold(composer: Composer, ticket: Ticket, principal: Principal) -> None:
    """A reply waits until its writer has seen what others have said and changed since he began."""
    if composer.kind != "reply" or composer.errors or composer.anyway or principal.agent is None:
        return
    news = what_is_new(
        ticket, agent=principal.agent, seen_message=composer.seen, seen_event=composer.seen_event,
        mine={**meaning_of(read_lines(composer.staged), principal).values, **fields_after(composer)},
    )  # fmt: skip
    if news:
        composer.knows(news, held=True)


def new_copies(composer: Composer) -> list[str]:
    """The addresses that are to join, each once."""
    return addresses_in(composer.add_cc)


def addresses_in(typed: str) -> list[str]:
    """The words between blanks, commas and semicolons, each once."""
    return list(dict.fromkeys(word for word in re.split(r"[\s,;]+", typed) if word))[:20]


def blind_copies(composer: Composer, chosen: list[dict[str, str]]) -> list[dict[str, str]]:
    """Who gets this one reply without the other recipients seeing it: a deliberate act that stands with the reply for
    all colleagues. They do not join the ticket; what they answer is held like a stranger's mail."""
    there = {fold_mail(r["address"]) for r in chosen} | {fold_mail(address) for address in new_copies(composer)}
    copies = []
    for address in addresses_in(composer.add_bcc):
        if not may_join(address):
            composer.refuse(_("“%(address)s” cannot be taken in copy. Write whole mail addresses of people outside.")
                            % {"address": address})  # fmt: skip
        elif fold_mail(address) not in there:
            copies.append({"role": "bcc", "name": "", "address": fold_mail(address), "added": "yes"})
    return copies


def forgot_file(composer: Composer) -> bool:
    """The text speaks of a file, and none goes along."""
    has_files = any(composer.kind_of(file) == composer.kind for file in composer.uploads)
    return not has_files and re.search(SPEAKS_OF_FILES, composer.text, re.IGNORECASE) is not None


def may_join(address: str) -> bool:
    """A whole address of somebody outside: neither a colleague's nor one of our mailboxes."""
    folded = fold_mail(address)
    ours = Mailbox.objects.filter(address=folded).exists()
    return is_mail_address(address) and not ours and agent_by_mail(folded) is None


def fields_after(composer: Composer) -> dict[str, Any]:
    """The status that the button of a reply says."""
    category = THEN.get(composer.later.then if composer.then == "later" else composer.then)
    return {"status": Status.objects.default_of(category)} if category and composer.kind == "reply" else {}

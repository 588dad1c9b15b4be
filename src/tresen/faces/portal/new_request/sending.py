"""Takes a request in: contact, ticket, and the link by which its sender's browser may follow it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from tresen.core.catalog.asking import Wish, ask_for
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Brand, Contact
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.models import Attachment, Ticket, TicketLink
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.services import create_ticket
from tresen.faces.portal.form_text import plain_lines
from tresen.faces.portal.guide.place import Place, category_of
from tresen.faces.portal.knowledge.carrying import Carried
from tresen.faces.portal.limits import count_contact_request, count_request
from tresen.faces.portal.new_request.forms import REACH
from tresen.kit import files as store
from tresen.service.procedures.guiding import hand_over
from tresen.spine.events.actors import Actor

PORTAL = Actor.system("portal")


class TooMany(Exception):
    """So many requests within the hour that this one is not taken."""


@dataclass(frozen=True)
class Asked:
    """What somebody wrote into the form. `contact` is who is signed in, None for a guest; `own` are values of the
    desk's own fields, `asks` those he was asked for. `guide`: where he stood in a guide that did not help. `wish`: the
    service he asks for, instead of subject and text; without `reach` it is as the service says. `came_from`: what he
    had read."""

    contact: Contact | None
    name: str
    address: str
    language: str
    subject: str
    text: str
    reach: str
    place: str
    own: Mapping[str, Any] = field(default_factory=dict)
    asks: Sequence[CustomField] = ()
    guide: Place | None = None
    wish: Wish | None = None
    came_from: Carried = field(default_factory=Carried)


def send_request(asked: Asked, *, brand: Brand, files: list[Attachment], key: str) -> TicketLink:
    """A new ticket of the portal. `key` is that of the form: sent twice, it answers the first ticket again.

    A guest's request stays marked as unconfirmed, whoever he says he is. Raises TooMany, WrongValue for a field of the
    desk's own that was changed meanwhile; then nothing was done.
    """
    number = take_number(brand)
    try:
        with transaction.atomic():
            contact = asked.contact or find_or_create_contact(
                mail=asked.address, name=asked.name, language=asked.language, by=PORTAL
            )
            ticket = _create(asked, contact=contact, brand=brand, files=files, number=number)
            if asked.guide:
                hand_over(ticket, asked.guide.version, asked.guide.walk, by=PORTAL)
            asked.came_from.go_along(ticket, by=PORTAL)
            mint_link(ticket, contact, by_mail=False, token=key)
            # Counted last, so that the same form sent ten times at once counts once.
            if not _may_send(asked):
                raise TooMany
    except IntegrityError:
        if open_link(key) is None:
            raise
        for file in files:
            store.remove(file.storage_key)
    link = open_link(key)
    if link is None:
        raise LookupError("the request is there, but its link is not")
    return link


def _create(asked: Asked, *, contact: Contact, brand: Brand, files: list[Attachment], number: str) -> Ticket:
    known = asked.contact is not None
    # What a guest calls himself is kept apart from the contact whose address he names. The address says later
    # which of the contact's mailboxes may have the link again.
    why = {"rule": "web"} if known else {"rule": "web", "name": asked.name, "address": fold_mail(asked.address)}
    wanted: dict[str, Any] = {"fields": asked.own} if asked.own else {}
    if asked.guide and (category := category_of(asked.guide, brand)):
        wanted["category"] = category
    who: dict[str, Any] = {
        "by": Actor.contact(contact), "requester": contact, "channel": Channel.WEB, "brand": brand, "files": files,
        "number": number, "why": why, "trust": Trust.SIGNED_IN if known else Trust.ANONYMOUS,
        "is_unconfirmed": not known, "set": wanted, "asks": asked.asks,
    }  # fmt: skip
    if asked.reach:
        who["impact"], who["urgency"] = REACH[asked.reach]
    if asked.wish:
        return ask_for(asked.wish, **who)
    return create_ticket(subject=asked.subject, content=Content(plain_lines(asked.text)), **who)


def _may_send(asked: Asked) -> bool:
    if asked.contact is not None:
        return count_contact_request(asked.contact)
    return count_request(place=asked.place, address=asked.address)

"""Addresses under which a file can be fetched for five minutes, minted after its visibility was checked.

The address names for whom it was made: that person's rights are looked at again when it is used, so an address in the
hands of somebody who has lost the ticket is dead at once (safety test S26).
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from tresen.core.people.models import Agent, Brand, Contact
from tresen.core.people.principals import Principal
from tresen.core.tickets.links import living_links
from tresen.core.tickets.models import Attachment
from tresen.kit import clock
from tresen.kit.crypto import derived_key, mac128, same

ALIVE = timedelta(minutes=5)
PURPOSE = "signed-files"


def signed_url(attachment: Attachment, *, principal: Principal | None = None) -> str:
    """The path of the file, good for five minutes. The caller has checked that `principal` may see it.

    Without a principal the address itself is all the right there is (mails of Tresen itself, tools).
    """
    until = f"{int((clock.now() + ALIVE).timestamp()):x}"
    holder = _name_of(principal)
    mac = mac128(derived_key(PURPOSE), attachment.pk.hex, until, holder)
    return f"/files/{attachment.pk.hex}.{until}.{holder}.{mac}/"


def open_signed(token: str) -> Attachment | None:
    """The file of a token; None when it is forged, over, or its holder may not see the file any longer."""
    parts = token.split(".")
    if len(parts) != 4 or len(token) > 200 or not token.isascii():
        return None
    key, until, holder, mac = parts
    if not same(mac, mac128(derived_key(PURPOSE), key, until, holder)):
        return None
    if int(until, 16) < clock.now().timestamp():
        return None
    files = Attachment.objects.all()
    if holder != "-":
        principal = _principal_of(holder)
        if principal is None:
            return None
        files = files.visible_to(principal)
    return files.filter(pk=uuid.UUID(hex=key)).first()


def is_of_brand(attachment: Attachment, brand: Brand) -> bool:
    """Whether it lies on a ticket of that brand: nothing else is served on the brand's host."""
    message = attachment.message
    return message is not None and message.ticket.brand_id == brand.pk


def _name_of(principal: Principal | None) -> str:
    if principal is None:
        return "-"
    if principal.agent:
        return f"a{principal.agent.pk}"
    if principal.link_id:
        return f"l{principal.link_id}"
    if principal.contact and not principal.ticket_id:
        return f"c{principal.contact.pk}"
    raise ValueError("nobody has no files")


def _principal_of(name: str) -> Principal | None:
    kind, rest = name[0], name[1:]
    if kind == "a":
        agent = Agent.objects.active().select_related("user").filter(pk=int(rest)).first()
        return Principal.of_agent(agent) if agent else None
    if kind == "l":
        link = living_links().filter(pk=int(rest)).first()
        return Principal.of_link(link.contact, link.ticket_id, link.pk) if link else None
    contact = Contact.objects.filter(pk=int(rest)).first()
    return Principal.of_contact(contact) if contact else None

"""A person asks for a copy of the data of his own, or for its deletion; both go on by a link to his own address."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tresen.core.people.models import Brand, Contact, Identity
from tresen.core.people.services import main_identity
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import create_ticket
from tresen.kit import clock, files
from tresen.kit.crypto import token_hash
from tresen.service.participation.models import Wish, WishKind, WishState
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.limits.services import hit

GOOD_DAYS = {WishKind.COPY: 7, WishKind.DELETION: 3}
MOST_A_DAY = 3
DAY = 86400


class TooMany(Exception):
    """So many of them today that this one is not taken."""


class NoAddress(Exception):
    """There is no confirmed address of his to which a link could go."""


def address_of(contact: Contact) -> Identity | None:
    """Where such a link goes: an address of his that is confirmed and works, the main one first."""
    rows = contact.identities.filter(kind="mail", verified_at__isnull=False, undeliverable_at=None)
    main = main_identity(contact)
    found = sorted(rows, key=lambda row: (main is None or row.pk != main.pk, row.pk))
    return found[0] if found else None


@transaction.atomic
def ask(contact: Contact, kind: WishKind, *, brand: Brand | None, by: Actor) -> Wish:
    """He wants that; a job makes it ready and mails the link. One that waits already is the same. Event
    `data.copy_asked` or `data.deletion_asked`. Raises NoAddress, TooMany."""
    from tresen.service.participation.jobs import make_ready

    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if address_of(contact) is None:
        raise NoAddress
    waiting = Wish.objects.filter(contact=contact, kind=kind, state=WishState.ASKED).first()
    if waiting is not None:
        make_ready.enqueue(wish_id=waiting.pk, key=f"wish:{waiting.pk}")
        return waiting
    if not hit("participation:wish", f"{contact.pk} {kind}", limit=MOST_A_DAY, seconds=DAY):
        raise TooMany
    wish = Wish.objects.create(contact=contact, kind=kind, brand=brand, asked_at=clock.now())
    record(f"data.{kind}_asked", stream=contact, by=by, changes={"wish": wish.pk})
    make_ready.enqueue(wish_id=wish.pk, key=f"wish:{wish.pk}")
    return wish


def open_wish(token: str) -> Wish | None:
    """The wish of a link that is still good."""
    if not 20 <= len(token) <= 100:
        return None
    rows = Wish.objects.select_related("contact", "brand")
    found = rows.filter(token_hash=token_hash(token), state=WishState.READY, expires_at__gt=clock.now())
    return found.first()


def fetch_copy(wish: Wish, *, by: Actor) -> BinaryIO | None:
    """The file, opened, once; None where it was fetched before. It is removed by the sweep, when it has surely arrived.
    Event `data.copy_fetched`."""
    with transaction.atomic():
        locked = Wish.objects.select_for_update(of=("self",)).get(pk=wish.pk)
        if locked.state != WishState.READY or locked.kind != WishKind.COPY or not locked.storage_key:
            return None
        _end(locked)
        record("data.copy_fetched", stream=wish.contact, by=by, changes={"wish": wish.pk})
        return files.open_file(locked.storage_key)


@transaction.atomic
def confirm_deletion(wish: Wish, *, by: Actor) -> Ticket | None:
    """He means it: a ticket of his own for whoever looks after that, once. Event `data.deletion_confirmed`."""
    locked = Wish.objects.select_for_update(of=("self",)).select_related("contact", "brand").get(pk=wish.pk)
    if locked.state != WishState.READY or locked.kind != WishKind.DELETION:
        return None
    contact = locked.contact
    with translation.override(contact.language or (locked.brand.language if locked.brand else "en")):
        subject, text = (
            _("Please delete the data about me"),
            _("I ask for the deletion of the data about me. I have confirmed it by the link in a mail to my address."),
        )
    locked.ticket = create_ticket(
        by=by, requester=contact, subject=subject, content=Content(text), channel=Channel.WEB, brand=locked.brand,
        trust=Trust.AUTHENTICATED, why={"rule": "web"},
    )  # fmt: skip
    _end(locked)
    record("data.deletion_confirmed", stream=contact, by=by, changes={"wish": wish.pk, "ticket": locked.ticket.number})
    return locked.ticket


def _end(wish: Wish) -> None:
    wish.state, wish.done_at, wish.token_hash = WishState.DONE, clock.now(), None
    wish.save(update_fields=["state", "done_at", "token_hash", "ticket"])


def expires_at(kind: str) -> timedelta:
    """So long a link is good."""
    return timedelta(days=GOOD_DAYS[WishKind(kind)])

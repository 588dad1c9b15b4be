"""What somebody does on his request: each one intention, one transaction, done once however often it is sent."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from tresen.core.people.services import verify_mail
from tresen.core.tickets.choices import FINISHED, Channel, StatusCategory
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Attachment, Status
from tresen.core.tickets.rows import TooManyParticipants
from tresen.core.tickets.services import add_participant, add_received, close_ticket, confirm_requester, reopen_ticket
from tresen.faces.portal.form_text import plain_lines
from tresen.faces.portal.limits import count_answer, is_first_time
from tresen.faces.portal.request.doors import Door
from tresen.kit import files as store


class TooMany(Exception):
    """So many answers within the hour that this one is not taken."""


def answer(door: Door, *, text: str, files: list[Attachment], key: str, solved: bool = False) -> bool:
    """A message of the person behind the door; with `solved` it also says that the matter is settled.

    False when the same form was sent before. Raises TooMany; then nothing was done.
    """
    wanted = {"status": _solved_status(door)} if solved else None
    with transaction.atomic():
        if not is_first_time(key):
            for file in files:
                store.remove(file.storage_key)
            return False
        if not count_answer(door.ticket.pk, door.contact):
            raise TooMany
        if not door.takes_part:  # he sees it by his organisation; whoever writes is on the ticket from then on
            with suppress(TooManyParticipants):
                add_participant(door.ticket, contact=door.contact, by=door.principal.actor, trust=door.trust)
        add_received(
            door.ticket, by=door.principal.actor, contact=door.contact, content=Content(plain_lines(text)),
            channel=Channel.WEB, trust=door.trust, files=files, why={"rule": "web"}, set=wanted,
            follow=True,  # merged in this very moment: whoever took part there does so here
        )  # fmt: skip
    return True


def _solved_status(door: Door) -> Status:
    """Solved; closed when we had said so before and the requester agrees."""
    agreed = door.ticket.status_category in FINISHED
    found: Status = Status.objects.default_of(StatusCategory.CLOSED if agreed else StatusCategory.SOLVED)
    return found


def say_solved(door: Door) -> None:
    """This solved it. Saying it again changes nothing."""
    if door.ticket.status_category != StatusCategory.CLOSED:
        close_ticket(door.ticket, by=door.principal.actor)


def open_again(door: Door) -> None:
    """It is not solved after all; does nothing on a request that is open."""
    if door.ticket.status_category in FINISHED:
        reopen_ticket(door.ticket, by=door.principal.actor)


def confirm(door: Door, *, keep_link: int | None) -> None:
    """Who came by the link in our mail reads that address: request and address are his. Repeating it is harmless.

    `keep_link`: by which this browser follows the request; other browsers that sent it without proof lose it.
    """
    by = door.principal.actor
    with transaction.atomic():
        confirm_requester(door.ticket, by=by, keep_link=keep_link)
        if door.link and door.link.address:  # the mailbox he has shown to read; his other addresses are not proven
            verify_mail(door.contact, address=door.link.address, by=by)

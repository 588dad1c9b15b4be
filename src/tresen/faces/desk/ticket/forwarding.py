"""Forwarding: what was said on a ticket goes to somebody outside it. It begins a side thread, so that neither the mail
nor its answers ever reach the customer (core/tickets/sides.py)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import prepare_file, with_pictures
from tresen.core.tickets.draft_models import DraftKind
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.planning import undo_seconds
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import Back, open_side
from tresen.faces.desk.sides.writing import SideDraft, check_side
from tresen.faces.desk.ticket.writing import Composer
from tresen.kit import clock, files
from tresen.kit.times import exact

CHUNK = 256 * 1024


def can_forward(message: Any) -> bool:
    """Only what was said between the customer and us."""
    return not message.is_internal


def check_forward(composer: Composer, ticket: Ticket, principal: Principal) -> SideDraft:
    """What is sent, with everything that stands against it among the composer's errors."""
    message = forwarded(composer, ticket, principal)
    uploads = [file for file in composer.uploads if composer.kind_of(file) == "forward"]
    carried = list(message.attachments.all()) if message and composer.with_files else []
    text = "\n\n".join(part for part in (composer.text, quoted(message, ticket) if message else "") if part)
    draft = SideDraft(
        to=composer.forward_to, subject=composer.forward_subject, text=text, waits=False, uploads=[*uploads, *carried]
    )
    check_side(draft, ticket, is_new=True)
    for problem in draft.errors:
        composer.refuse(problem)
    draft.uploads = uploads
    return draft


def forwarded(composer: Composer, ticket: Ticket, principal: Principal) -> Message | None:
    """The message that goes along, if any."""
    found = Message.objects.visible_to(principal).filter(ticket=ticket, pk=composer.forwards or 0).first()
    return found if found and can_forward(found) else None


def quoted(message: Message, ticket: Ticket) -> str:
    """The message as it stands below what is written."""
    head = [
        _("---------- Forwarded message ----------"), _("From: %(name)s") % {"name": message.author_name},
        _("Date: %(when)s") % {"when": exact(message.created_at)},
        _("Subject: %(subject)s") % {"subject": message.subject or ticket.subject},
    ]  # fmt: skip
    return "\n".join([*head, "", message.text.strip()])


def copies_of(message: Message, agent: Agent) -> list[Attachment]:
    """The files of a message once more, each with bytes of its own: they live and go with their own message."""
    return [
        prepare_file(_chunks(file.storage_key), filename=file.filename, uploaded_by=agent)
        for file in message.attachments.order_by("created_at", "pk")
    ]


def _chunks(key: str) -> Iterator[bytes]:
    with files.open_file(key) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def forward(
    ticket: Ticket, draft: SideDraft, *, principal: Principal, agent: Agent, copies: list[Attachment],
    composer: Composer,
) -> SideThread:  # fmt: skip
    """Begins the side thread; undone, what was typed is in the composer again. Raises WrongCircle, StaleTicket."""
    by, sent, wait = principal.actor, [*draft.uploads, *copies], undo_seconds()
    people = [find_or_create_contact(mail=address, by=by) for address in draft.addresses]
    return open_side(
        ticket, by=by, agent=agent, people=people, subject=draft.subject, content=with_pictures(draft.text, sent),
        files=sent, leaves_at=clock.now() + timedelta(seconds=wait) if wait else None,
        back=Back(DraftKind.FORWARD, composer.text, composer.writing(DraftKind.FORWARD).details,
                  [str(copy.pk) for copy in copies]),
    )  # fmt: skip

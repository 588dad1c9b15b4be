"""A copy of what the desk has of one person, as a zip: JSON, the mails she wrote as they came, and files (S56).

In it: who she is to us, every ticket she takes part in, what was said there as she may read it, and all she wrote
herself on whatever way. Not in it: internal notes, drafts, what others wrote aside, mails of others as they came.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tresen.channels.mail.models import RawMail
from tresen.channels.mail.spool import raw_bytes, still_kept
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Attachment, Message, Participant, Ticket
from tresen.core.tickets.querysets import INTERNAL
from tresen.kit import files
from tresen.kit.wiring import table

CHUNK = 256 * 1024


def write_copy(contact: Contact, target: IO[bytes]) -> None:
    """Writes the zip."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "you.json", _person(contact))
        messages = _messages(contact)
        _put(archive, "requests.json", list(_tickets(contact, messages)))
        for entry in table("OWN_DATA"):
            name, rows = entry(contact)
            _put(archive, f"{name}.json", rows)
        hers = still_kept(RawMail.objects.filter(message__in=messages.filter(contact=contact)))
        for raw in hers.order_by("pk").iterator(20):
            archive.writestr(f"mails/{raw.pk}.eml", raw_bytes(raw))
        for file in Attachment.objects.filter(message__in=messages).order_by("created_at", "pk").iterator():
            _copy_file(archive, file)


def copy_chunks(contact: Contact) -> Iterator[bytes]:
    """The zip, piece by piece, from a file that is gone afterwards."""
    with tempfile.TemporaryFile() as target:
        write_copy(contact, target)
        target.seek(0)
        while chunk := target.read(CHUNK):
            yield chunk


def _put(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    archive.writestr(name, json.dumps(content, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _person(contact: Contact) -> dict[str, Any]:
    identities = contact.identities.order_by("pk")
    places = contact.memberships.select_related("organisation").order_by("pk")
    return {
        "name": contact.name, "language": contact.language, "timezone": contact.timezone,
        "known_since": contact.created_at, "account": contact.user.email if contact.user else None,
        "addresses": [{"kind": i.kind, "value": i.value, "confirmed_at": i.verified_at} for i in identities],
        "organisations": [{"name": place.organisation.name, "position": place.title} for place in places],
    }  # fmt: skip


def _messages(contact: Contact) -> QuerySet[Message]:
    """All she wrote, and what was said to her on tickets that she takes part in, since she does."""
    here = Participant.objects.filter(ticket=OuterRef("ticket"), contact=contact, joined_at__lte=OuterRef("created_at"))
    on_hers = Q(Exists(here)) & ~INTERNAL & Q(ticket__deleted_at=None)
    return Message.objects.filter(Q(contact=contact) | on_hers)


def _tickets(contact: Contact, messages: QuerySet[Message]) -> Iterator[dict[str, Any]]:
    takes_part = Participant.objects.filter(ticket=OuterRef("pk"), contact=contact)
    wrote = messages.filter(ticket=OuterRef("pk"), contact=contact)
    tickets = Ticket.objects.filter(Exists(takes_part) | Exists(wrote)).annotate(is_hers=Exists(takes_part))
    for ticket in tickets.select_related("brand").order_by("pk").iterator(100):
        said = [_message(message) for message in messages.filter(ticket=ticket).order_by("pk")]
        about = _about(ticket) if ticket.is_hers else {}
        yield {"number": ticket.number, "brand": ticket.brand.name, **about, "messages": said}


def _about(ticket: Ticket) -> dict[str, Any]:
    """What a ticket is; where she only wrote to one of somebody else it is not told."""
    return {
        "subject": ticket.subject, "state": ticket.status_category, "language": ticket.language,
        "channel": ticket.channel, "created_at": ticket.created_at, "solved_at": ticket.solved_at,
        "closed_at": ticket.closed_at,
    }  # fmt: skip


def _message(message: Message) -> dict[str, Any]:
    return {
        "at": message.created_at, "channel": message.channel, "kind": message.kind, "author": message.author_name,
        "subject": message.subject, "text": message.text, "html": message.html,
        "files": [_place(file) for file in message.attachments.order_by("created_at", "pk")],
    }  # fmt: skip


def _place(file: Attachment) -> str:
    """Where a file lies in the zip: its own name below a folder of its key, so that no name leads anywhere."""
    name = PurePosixPath(file.filename.replace("\\", "/")).name
    kept = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*').strip(". ") or "file"
    return f"files/{file.pk}/{kept}"


def _copy_file(archive: zipfile.ZipFile, file: Attachment) -> None:
    with files.open_file(file.storage_key) as source, archive.open(_place(file), "w") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)

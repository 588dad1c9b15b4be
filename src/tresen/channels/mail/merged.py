"""Mail for tickets that were merged: it follows the signpost, and finds its way home once they are parted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tresen.channels.mail.matching import Evidence, answered_ids
from tresen.channels.mail.models import MessageReference, RawMail
from tresen.channels.mail.signing import read_message_ids
from tresen.core.people.models import Contact
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.structure_models import Merge
from tresen.spine.events.models import Event


def follow_merges(found: Evidence, *, headers: Sequence[tuple[str, str]], contact: Contact | None) -> Evidence | None:
    """The same evidence for where the ticket's messages are now; None when that ticket was deleted."""
    if found.side:  # it has gone with its ticket as a whole
        return None if found.ticket.deleted_at else found
    if found.ticket.merged_into_id is None:
        return _home(found, headers, contact)
    target = Ticket.objects.select_related("brand", "requester", "status", "team").get(pk=final_of(found.ticket).pk)
    if target.deleted_at is not None:
        return None
    return replace(found, ticket=target, facts={**found.facts, "merged": found.ticket.number})


def _home(found: Evidence, headers: Sequence[tuple[str, str]], contact: Contact | None) -> Evidence:
    """An answer to a message of ours that is on another ticket by now (split off, gone home after a merge) belongs
    there, and so does one of a person who was here only through a merge that was undone."""
    place = _place_of(found.ticket, headers)
    if place is not None and place != found.ticket.pk:
        return _to(found, place)
    parted = Merge.objects.filter(target=found.ticket, undone_at__isnull=False, source__merged_into=None)
    sources = {row.source_id: row for row in parted.filter(source__deleted_at=None).order_by("pk")}
    if not sources:
        return found
    home = None
    if contact and not found.ticket.participants.filter(contact=contact).exists():
        home = next((key for key, row in reversed(sources.items()) if contact.pk in row.contacts), None)
    return found if home is None else _to(found, home)


def _place_of(ticket: Ticket, headers: Sequence[tuple[str, str]]) -> int | None:
    """Where the nearest of our messages that a mail answers is now, if it left under this ticket."""
    own = [one.message_id for one in read_message_ids(" ".join(answered_ids(headers))) if one.ticket_id == ticket.pk]
    here = Message.objects.filter(pk__in=own, ticket__deleted_at=None, ticket__merged_into=None)
    places = dict(here.values_list("pk", "ticket"))
    return next((places[key] for key in own if key in places), None)


def _to(found: Evidence, key: int) -> Evidence:
    ticket = Ticket.objects.select_related("brand", "requester", "status", "team").get(pk=key)
    return replace(found, ticket=ticket, facts={**found.facts, "from": found.ticket.number})


def refile(event: Event) -> None:
    """Reaction to messages that were split off or went home: the ledger and the ids by which answers find messages say
    where they are."""
    here = Message.objects.filter(pk__in=event.changes.get("messages") or [], ticket=event.stream_id)
    RawMail.objects.filter(message__in=here).update(ticket=event.stream_id)
    MessageReference.objects.filter(message__in=here, moved_from=None).update(ticket=event.stream_id)

"""Messages of a ticket become one of their own; taken back, it goes into the old one again with what came since from
and for the people there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent, Contact, Identity
from tresen.core.tickets import operations
from tresen.core.tickets.choices import MessageKind, ParticipantRole, StatusCategory, ThreadKind
from tresen.core.tickets.content import Content
from tresen.core.tickets.draft_carrying import carry_drafts
from tresen.core.tickets.inverse import Structure
from tresen.core.tickets.links import close_unproven_links
from tresen.core.tickets.merging import Parted, StillMerged
from tresen.core.tickets.models import Message, Status, Thread, Ticket
from tresen.core.tickets.operation_models import Operation, OperationKind
from tresen.core.tickets.rows import adopt, lock, mark_undelivered, save, show_last_there_is, take_part
from tresen.core.tickets.services import create_ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


class CannotSplit(Exception):
    """`why`: none (no message chosen, or one that is not there any more), all (nothing would stay), side (one belongs
    to a side thread), gone (the ticket was merged or deleted)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class WouldRead(Exception):
    """Somebody has joined the old ticket since and would read what was written on the new one. To be said of a merge,
    where each of them is confirmed."""


def split(
    ticket: Ticket, *, messages: Sequence[int], by: Actor, agent: Agent, number: str, subject: str = ""
) -> tuple[Ticket, Operation]:  # fmt: skip
    """The messages (by key) get a ticket of their own, whose requester is whoever wrote the first received one of them
    and takes part here, else the requester; others who wrote or got them come along in copy. Nobody is told, and nobody
    reads what he could not before. `number`: taken before. Events `ticket.created`, `ticket.split`, `message.arrived`.
    Raises CannotSplit."""
    at = clock.now()
    with transaction.atomic():
        source = lock(ticket, follow=False)
        rows = _chosen(source, messages)
        held = [row.pk for row in rows if row.is_held]
        people = {row.contact_id: row for row in source.participants.select_related("contact") if row.contact}
        first = next((row for row in rows if row.kind == MessageKind.RECEIVED and row.contact_id in people), None)
        asks: Contact = first.contact if first and first.contact else source.requester
        new = create_ticket(
            by=by, requester=asks, subject=subject or (first.subject if first else "") or source.subject,
            content=Content(rows[0].text, subject=rows[0].subject), channel=rows[0].channel, brand=source.brand,
            team=source.team, assignee=source.assignee, trust=people[asks.pk].trust if asks.pk in people else "claimed",
            follows=source, follows_reason="split", is_unconfirmed=source.is_unconfirmed, quiet=True, number=number,
            first=rows[0], set=None if source.team else {"team": None},  # nor a team by its brand
        )  # fmt: skip
        for row in rows[1:]:
            adopt(new, row)
        Message.objects.filter(pk__in=held).update(is_held=True)
        for contact in _others(rows, [row.contact for row in people.values() if row.contact], but=asks):
            took = people[contact.pk]
            take_part(new, contact, ParticipantRole.CC, took.trust, took.joined_at)
        _since_then(new, asks, people[asks.pk].joined_at if asks.pk in people else at)
        new.save()
        show_last_there_is(source)
        save(source, at)
        for one in (source, new):
            mark_undelivered(one, at=at)
        operation = operations.start(OperationKind.SPLIT, agent=agent, facts={
            "new": new.pk, "source": source.pk, "people": sorted(people),
        })  # fmt: skip
        keys = [row.pk for row in rows]
        event = record("ticket.split", stream=source, by=by, changes={"to": new.number, "messages": keys})
        operations.add_step(operation, event)
        told = {"from": source.number, "messages": keys}
        operations.add_step(operation, record("message.arrived", stream=new, by=by, changes=told, cause=event))
    return new, operation


def _chosen(source: Ticket, messages: Sequence[int]) -> list[Message]:
    if source.merged_into_id or source.deleted_at:
        raise CannotSplit("gone")
    found = Message.objects.select_for_update(of=("self",)).select_related("contact", "thread")
    rows = list(found.filter(pk__in=messages, ticket=source).order_by("pk"))
    if not rows or len(rows) != len(set(messages)):
        raise CannotSplit("none")
    if any(row.thread.kind == ThreadKind.SIDE for row in rows):
        raise CannotSplit("side")
    if not source.messages.exclude(pk__in=messages).exists():
        raise CannotSplit("all")
    return rows


def _others(rows: Sequence[Message], people: Sequence[Contact], *, but: Contact) -> list[Contact]:
    """Who takes part on the old ticket and has written or got one of the messages."""
    wrote = {row.contact_id for row in rows}
    named = {fold_mail(one["address"]) for row in rows for one in row.recipients}
    got = set(
        Identity.objects.filter(kind="mail", folded__in=named, contact__in=people).values_list("contact", flat=True)
    )
    return [contact for contact in people if contact.pk != but.pk and contact.pk in wrote | got]


def _since_then(new: Ticket, asks: Contact, joined_at: object) -> None:
    """Who asks there takes part since he did on the old one: by his link he sees no more than before."""
    new.participants.filter(contact=asks).update(joined_at=joined_at)


def rejoin(operation: Operation) -> Parted:
    """The inverse of a split, in the undo's transaction: the new ticket with all that is on it goes into the old one
    and stays as a signpost, since its number may have been told. Where something was written with others since, that
    stays, and so does the ticket. Raises StillMerged, WouldRead."""
    keys = sorted((operation.facts["new"], operation.facts["source"]))
    rows = {key: lock(Ticket(pk=key), follow=False) for key in keys}
    new, source = rows[operation.facts["new"]], rows[operation.facts["source"]]
    if new.merged_into_id or source.merged_into_id or new.deleted_at or source.deleted_at:
        raise StillMerged
    on_new = new.participants.exclude(contact=None).values("contact")
    joined = source.participants.exclude(contact=None).exclude(contact__in=on_new)
    if joined.exclude(contact__in=operation.facts.get("people", joined.values("contact"))).exists():
        raise WouldRead
    at = clock.now()
    close_unproven_links(new, source)
    messages, is_all = _home(operation, new, source)
    main = source.threads.get(kind=ThreadKind.MAIN)
    Message.objects.filter(pk__in=messages, thread__kind=ThreadKind.MAIN).update(thread=main)
    Message.objects.filter(pk__in=messages).update(ticket=source)
    if is_all:
        _become_one(new, source)
    for ticket in (new, source):
        show_last_there_is(ticket)
        save(ticket, at)
        mark_undelivered(ticket, at=at)
    closed = {"status": Status.objects.default_of(StatusCategory.CLOSED)} if is_all else {}
    structures = {
        new.pk: Structure("split.undone", {"to": source.number, "messages": messages}, closed),
        source.pk: Structure("split.undone", {"from": new.number, "messages": messages}),
    }
    return Parted(structures, [] if is_all else [(new.number, "message", "others", "")])


def _home(operation: Operation, new: Ticket, source: Ticket) -> tuple[list[int], bool]:
    """What goes back (keys), and whether that is all: the split messages, and what came since from or for people of the
    old ticket. What no customer sees goes with them where nothing else stays."""
    split = operation.steps.get(event__kind="ticket.split").event.changes["messages"]
    people = set(source.participants.exclude(contact=None).values_list("contact", flat=True))
    theirs = set(Identity.objects.filter(kind="mail", contact__in=people).values_list("folded", flat=True))
    alone = not new.participants.exclude(contact=None).exclude(contact__in=people).exists()
    home, inside, others = list[int](), list[int](), False
    for row in new.messages.order_by("pk"):
        to = {fold_mail(one["address"]) for one in row.recipients if one["role"] != "bcc"}
        if row.pk in split:
            home.append(row.pk)
        elif row.kind == MessageKind.NOTE or row.is_side or row.is_held or row.is_automatic:
            inside.append(row.pk)
        elif row.contact_id in people if row.kind == MessageKind.RECEIVED else (to <= theirs if to else alone):
            home.append(row.pk)
        else:
            others = True
    return (home, False) if others else (sorted([*home, *inside]), True)


def _become_one(new: Ticket, source: Ticket) -> None:
    """Side threads, personal links and drafts come along; a requester who is confirmed there is so here."""
    if source.requester_id == new.requester_id:
        source.is_unconfirmed = source.is_unconfirmed and new.is_unconfirmed
    Thread.objects.filter(ticket=new, kind=ThreadKind.SIDE).update(ticket=source)
    here = source.participants.exclude(contact=None).values("contact")
    new.links.filter(contact__in=here).update(ticket=source)
    carry_drafts(new, source)
    new.merged_into = source

"""One ticket goes into another and stays as a signpost; within 30 days they can be parted, later replies included.

The source's messages, side threads, drafts and personal links go over, and its people join the target; steps and times
follow (core/teamwork/carrying.py). Its number, its address and the mails that answer it lead to the target from then on
(`Ticket.merged_into`, rows.lock, channels/mail/merged.py). Parted again, what came since by the source's own tokens, or
from and for those who were there only by the merge, goes home with it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent, Contact, Identity
from tresen.core.people.viewers import viewers_of_agents
from tresen.core.tickets import operations
from tresen.core.tickets.audience import audiences
from tresen.core.tickets.changes import apply_changes
from tresen.core.tickets.choices import Ball, MessageKind, ParticipantRole, StatusCategory, ThreadKind
from tresen.core.tickets.draft_carrying import carry_drafts, carry_drafts_home
from tresen.core.tickets.inverse import Structure
from tresen.core.tickets.links import close_unproven_links
from tresen.core.tickets.models import Message, Participant, Status, Thread, Ticket, TicketLink
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.operation_models import Operation, OperationKind
from tresen.core.tickets.rows import (
    MAX_PARTICIPANTS,
    MOST_COLLEAGUES,
    lock,
    mark_undelivered,
    save,
    show_last_there_is,
    take_part,
)
from tresen.core.tickets.services import reopen
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.structure_models import Merge
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

LONGEST_CHAIN = 20


class CannotMerge(Exception):
    """`why`: same (it is the same ticket, or leads there already), merged (the source went elsewhere), brand (they
    stand under different brands), people (together more than 48 people), side (who is in a side thread of the one
    takes part in the other), gone (one of them is deleted)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotAsked(Exception):
    """By the merge people would read what they could not before, and nobody has said that this is meant."""

    def __init__(self, preview: MergePreview) -> None:
        super().__init__("people would read what they could not")
        self.preview = preview


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do. `readers`: who is on the target alone and could read the source's messages; `joiners`: who
    is on the source alone, joins in copy and could read the target's."""

    messages: int
    readers: list[Contact]
    joiners: list[Contact]

    @property
    def exposed(self) -> list[int]:
        """The keys of all who would read what they could not before: to be confirmed one by one."""
        return sorted(contact.pk for contact in [*self.readers, *self.joiners])


def preview(source: Ticket, target: Ticket) -> MergePreview:
    """What a merge of the one into the other would do; changes nothing."""
    here, there = ({row.contact_id: row.contact for row in ticket.participants.select_related("contact")
                    if row.contact} for ticket in (source, target))  # fmt: skip
    return MergePreview(
        messages=source.messages.count(),
        readers=[contact for key, contact in sorted(there.items()) if key not in here],
        joiners=[contact for key, contact in sorted(here.items()) if key not in there],
    )


def final_of(ticket: Ticket) -> Ticket:
    """The ticket, or the one it leads to after merges."""
    for _ in range(LONGEST_CHAIN):
        if ticket.merged_into_id is None:
            break
        ticket = Ticket.objects.get(pk=ticket.merged_into_id)
    return ticket


def number_after_merges(number: str) -> str | None:
    """The number of the ticket that one in any spelling leads to, merges followed; None for what is no number."""
    plain = read_number(number)
    if plain is None:
        return None
    row = Ticket.objects.filter(number=plain, merged_into__isnull=False).first()
    return final_of(row).number if row else plain


def merge(
    source: Ticket, *, into: Ticket, by: Actor, agent: Agent, confirmed: Collection[int] = ()
) -> Operation:  # fmt: skip
    """The source goes into the other ticket and is closed. `confirmed`: contacts of whom somebody has said that they
    may read what they could not before. Events `ticket.merged` and `merge.arrived`. Raises CannotMerge, NotAsked."""
    at = clock.now()
    with transaction.atomic():
        source, target = _lock_both(source, into)
        seen = preview(source, target)
        if not set(seen.exposed) <= set(confirmed):
            raise NotAsked(seen)
        if target.participants.exclude(contact=None).count() + len(seen.joiners) > MAX_PARTICIPANTS:
            raise CannotMerge("people")
        operation = operations.start(OperationKind.MERGE, agent=agent, facts=_prove(source, target))
        operation.save()
        row = Merge(operation=operation, source=source, target=target, at=at)
        is_waiting = source.ball == Ball.US and source.status_category in (StatusCategory.NEW, StatusCategory.OPEN)
        _people(row, seen, at)
        _carry(row)
        changes = reopen(target, at) if is_waiting else apply_changes(target, {}, at=at)
        closed = apply_changes(source, {"status": Status.objects.default_of(StatusCategory.CLOSED)}, at=at)
        source.merged_into = target
        row.save()
        for ticket in (source, target):
            save(ticket, at)
            mark_undelivered(ticket, at=at)
        facts = {"into": target.number, "messages": row.messages}
        event = record("ticket.merged", stream=source, by=by, changes={**facts, **closed}, undo=closed.undo)
        operations.add_step(operation, event)
        told = {"from": source.number, "messages": row.messages, **changes}
        arrived = record("merge.arrived", stream=target, by=by, changes=told, cause=event, undo=changes.undo)
        operations.add_step(operation, arrived)
    return operation


def _lock_both(source: Ticket, target: Ticket) -> tuple[Ticket, Ticket]:
    """Both, locked in the order of their keys; the target is the one it leads to."""
    target = final_of(target)
    if source.pk == target.pk:
        raise CannotMerge("same")
    rows = {one.pk: lock(one, follow=False) for one in sorted((source, target), key=lambda one: one.pk)}
    source, target = rows[source.pk], rows[target.pk]
    if source.merged_into_id or target.merged_into_id:
        raise CannotMerge("merged")
    if source.deleted_at or target.deleted_at:
        raise CannotMerge("gone")
    if source.brand_id != target.brand_id:
        raise CannotMerge("brand")
    beside = SideThread.objects.filter(thread__ticket__in=rows).values("people")
    if Participant.objects.filter(ticket__in=rows, contact__in=beside).exists():
        raise CannotMerge("side")
    return source, target


def _prove(source: Ticket, target: Ticket) -> dict[str, bool]:
    """Browsers that have proven nothing see neither any more; the target loses its mark where its requester is
    confirmed on the source. What it takes to mark it again."""
    close_unproven_links(source, target)
    was = target.is_unconfirmed
    target.is_unconfirmed = was and (source.is_unconfirmed or source.requester_id != target.requester_id)
    return {"unconfirmed": True} if was and not target.is_unconfirmed else {}


def _people(row: Merge, seen: MergePreview, at: datetime) -> None:
    """The source's people join the target; colleagues only where they may see it anyway."""
    trusts = {one.contact_id: one.trust for one in row.source.participants.all()}
    for contact in seen.joiners:
        take_part(row.target, contact, ParticipantRole.CC, trusts[contact.pk], at)
        row.contacts.append(contact.pk)
    audience = audiences([row.target.pk])[row.target.pk]
    colleagues = list(row.source.participants.exclude(agent=None).exclude(agent__in=audience.taking_part))
    viewers = viewers_of_agents([one.agent_id for one in colleagues if one.agent_id])
    seen_by = [one for one in colleagues if one.agent_id in viewers and audience.includes(viewers[one.agent_id])]
    joined = seen_by[: max(MOST_COLLEAGUES - len(audience.taking_part), 0)]
    Participant.objects.bulk_create(
        Participant(ticket=row.target, agent_id=one.agent_id, role=one.role, trust=one.trust, joined_at=at)
        for one in joined
    )
    row.agents = [one.agent_id for one in joined]
    _widen(row)


def _widen(row: Merge) -> None:
    """The target's requester, who has been there from the start, sees by his link also what is older on the source."""
    asks = Participant.objects.filter(ticket=row.target, role=ParticipantRole.REQUESTER).first()
    before = Participant.objects.filter(ticket=row.source, contact=asks.contact_id).first() if asks else None
    if asks and before and before.joined_at < asks.joined_at <= row.target.created_at:
        row.joined_at, asks.joined_at = asks.joined_at, before.joined_at
        asks.save(update_fields=["joined_at"])


def _carry(row: Merge) -> None:
    """Messages, side threads, personal links and drafts of the source are the target's."""
    source, target = row.source, row.target
    row.messages = list(source.messages.order_by("pk").values_list("pk", flat=True))
    row.threads = list(source.threads.filter(kind=ThreadKind.SIDE).values_list("pk", flat=True))
    _put(Message.objects.filter(pk__in=row.messages), target)
    Thread.objects.filter(pk__in=row.threads).update(ticket=target)
    here = target.participants.exclude(contact=None).values("contact")
    links = TicketLink.objects.filter(ticket=source, contact__in=here)
    row.links = list(links.values_list("pk", flat=True))
    links.update(ticket=target)
    row.drafts = carry_drafts(source, target)
    show_last_there_is(target)


def _put(messages: Any, ticket: Ticket) -> None:
    """The messages are on the ticket; those of side threads stay in theirs."""
    keys = list(messages.values_list("pk", flat=True))
    main = ticket.threads.get(kind=ThreadKind.MAIN)
    Message.objects.filter(pk__in=keys, thread__kind=ThreadKind.MAIN).update(thread=main)
    Message.objects.filter(pk__in=keys).update(ticket=ticket)


@dataclass
class Parted:
    """What was taken back besides fields, for each ticket by key; `left` as (number, what, why, who)."""

    structures: dict[int, Structure] = field(default_factory=dict)
    left: list[tuple[str, str, str, str]] = field(default_factory=list)


class StillMerged(Exception):
    """The target itself went into another ticket since: that has to be undone first."""


def part(operation: Operation) -> Parted:
    """The inverse of a merge, but for the fields, in the undo's transaction. Raises StillMerged."""
    row = Merge.objects.select_related("source", "target").get(operation=operation)
    keys = sorted((row.source_id, row.target_id))
    rows = {key: lock(Ticket(pk=key), follow=False) for key in keys}
    source, target = rows[row.source_id], rows[row.target_id]
    if source.merged_into_id != target.pk or target.merged_into_id:
        raise StillMerged
    at = clock.now()
    back = list(target.messages.filter(pk__in=row.messages).values_list("pk", flat=True))
    later = _home(row, target)
    Thread.objects.filter(pk__in=row.threads, ticket=target).update(ticket=source)
    _put(Message.objects.filter(pk__in=[*back, *later]), source)
    _people_leave(row, source, target)
    carry_drafts_home(row.drafts, target=target, source=source)
    source.merged_into = None
    target.is_unconfirmed = target.is_unconfirmed or bool(operation.facts.get("unconfirmed"))
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    for ticket in (source, target):
        show_last_there_is(ticket)
        save(ticket, at)
        mark_undelivered(ticket, at=at)
    facts = {"messages": sorted([*back, *later])}
    asked = Message.objects.filter(pk__in=later, kind=MessageKind.RECEIVED, is_held=False, is_automatic=False)
    wanted: dict[str, Any] = {}
    if asked.exists():
        wanted = {"status": Status.objects.default_of(StatusCategory.OPEN), "ball": Ball.US}
    structures = {
        source.pk: Structure("merge.undone", {"from": target.number, **facts}, wanted),
        target.pk: Structure("merge.undone", {"to": source.number, **facts}),
    }
    left = [(source.number, "message", "moved", "")] if len(back) < len(row.messages) else []
    return Parted(structures, left)


def _home(row: Merge, target: Ticket) -> list[int]:
    """What came to the target since and belongs to the source: by the source's own tokens, in its side threads, from
    those who were there only by the merge, or for them alone."""
    since = target.messages.filter(created_at__gte=row.at).exclude(pk__in=row.messages)
    by_token = Q(why__merged=row.source.number) | Q(thread__in=row.threads)
    by_sender = Q(kind=MessageKind.RECEIVED, contact__in=row.contacts)
    found = set(since.filter(by_token | by_sender).values_list("pk", flat=True))
    theirs = set(Identity.objects.filter(kind="mail", contact__in=row.contacts).values_list("folded", flat=True))
    for reply in since.filter(kind=MessageKind.REPLY):
        to = {fold_mail(one["address"]) for one in reply.recipients}
        if to and to <= theirs:
            found.add(reply.pk)
    return sorted(found)


def _people_leave(row: Merge, source: Ticket, target: Ticket) -> None:
    """Who joined by the merge leaves again; his links to the target, and those that went over, are the source's."""
    joined = Q(contact__in=row.contacts, role=ParticipantRole.CC) | Q(agent__in=row.agents)
    target.participants.filter(joined).delete()
    links = TicketLink.objects.filter(ticket=target)
    links.filter(Q(pk__in=row.links) | Q(contact__in=row.contacts)).update(ticket=source)
    if row.joined_at:
        target.participants.filter(role=ParticipantRole.REQUESTER).update(joined_at=row.joined_at)

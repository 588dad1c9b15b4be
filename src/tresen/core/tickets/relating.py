"""Tickets that have to do with each other: related, duplicate of, caused by; a parent with its children.

A child has one parent, and a parent is nobody's child: one cause, many tickets. All children can be answered or closed
at once, each in its own thread under its own number.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tresen.core.people.models import Agent
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets import operations
from tresen.core.tickets.changes import Needed
from tresen.core.tickets.content import Content
from tresen.core.tickets.inverse import Structure
from tresen.core.tickets.merging import Parted
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.operation_models import Operation, OperationKind
from tresen.core.tickets.planning import plan_reply, undo_seconds
from tresen.core.tickets.rows import hold, lock
from tresen.core.tickets.services import add_reply, update_ticket
from tresen.core.tickets.structure_models import Relation, RelationKind
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

AT_ONCE = 50


class CannotLink(Exception):
    """`why`: same (it is the same ticket), there (they are linked like this already), parent (it has another parent),
    depth (a parent cannot be a child), gone (one was merged or deleted)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def link(source: Ticket, *, to: Ticket, kind: str, by: Actor, agent: Agent) -> Operation:
    """The source is `kind` (RelationKind) of the other ticket. Event `ticket.linked` on both. Raises CannotLink."""
    if source.pk == to.pk or kind not in RelationKind.values:
        raise CannotLink("same")
    with transaction.atomic():
        rows = {one.pk: lock(one, follow=False) for one in sorted((source, to), key=lambda one: one.pk)}
        source, target = rows[source.pk], rows[to.pk]
        _check(source, target, kind)
        row = Relation.objects.create(kind=kind, source=source, target=target, at=clock.now())
        operation = operations.start(OperationKind.LINK, agent=agent, facts={"relation": row.pk})
        event = record("ticket.linked", stream=source, by=by, changes={"kind": kind, "to": target.number})
        operations.add_step(operation, event)
        told = {"kind": kind, "from": source.number}
        operations.add_step(operation, record("ticket.linked", stream=target, by=by, changes=told, cause=event))
    return operation


def link_as_child(child: Ticket, *, to: Ticket, by: Actor) -> None:
    """A ticket that a rule has just made is the child of the one it acts on. In the caller's transaction. Event
    `ticket.linked` on both. Raises CannotLink."""
    _check(child, to, RelationKind.CHILD)
    Relation.objects.create(kind=RelationKind.CHILD, source=child, target=to, at=clock.now())
    record("ticket.linked", stream=child, by=by, changes={"kind": RelationKind.CHILD.value, "to": to.number})
    record("ticket.linked", stream=to, by=by, changes={"kind": RelationKind.CHILD.value, "from": child.number})


def _check(source: Ticket, target: Ticket, kind: str) -> None:
    if any(one.merged_into_id or one.deleted_at for one in (source, target)):
        raise CannotLink("gone")
    both = Relation.objects.filter(kind=kind)
    same = Q(source=source, target=target)
    if kind == RelationKind.RELATED:
        same |= Q(source=target, target=source)
    if both.filter(same).exists():
        raise CannotLink("there")
    if kind != RelationKind.CHILD:
        return
    if both.filter(source=source).exists():
        raise CannotLink("parent")
    if both.filter(Q(target=source) | Q(source=target)).exists():
        raise CannotLink("depth")


def unlink(relation: Relation, *, by: Actor) -> None:
    """They have nothing to do with each other any more. Event `ticket.unlinked` on both."""
    with transaction.atomic():
        found = Relation.objects.select_for_update(of=("self",)).select_related("source", "target")
        row = found.filter(pk=relation.pk).first()
        if row is None:
            return
        source, target, kind = row.source, row.target, row.kind
        row.delete()
        event = record("ticket.unlinked", stream=source, by=by, changes={"kind": kind, "to": target.number})
        told = {"kind": kind, "from": source.number}
        record("ticket.unlinked", stream=target, by=by, changes=told, cause=event)


def take_link_back(operation: Operation) -> Parted:
    """The inverse of a link, in the undo's transaction."""
    row = Relation.objects.select_related("source", "target").filter(pk=operation.facts.get("relation")).first()
    if row is None:
        return Parted()
    kind, source, target = row.kind, row.source, row.target
    row.delete()
    return Parted({
        source.pk: Structure("ticket.unlinked", {"kind": kind, "to": target.number}),
        target.pk: Structure("ticket.unlinked", {"kind": kind, "from": source.number}),
    })  # fmt: skip


def children_of(parent: Ticket, principal: Principal) -> QuerySet[Ticket]:
    """Its children, as far as the principal may see them, oldest first."""
    of_parent = Relation.objects.filter(kind=RelationKind.CHILD, target=parent).values("source")
    return Ticket.objects.visible_to(principal).filter(pk__in=of_parent).order_by("pk")


def act_on_children(
    children: Sequence[int], *, principal: Principal, by: Actor, agent: Agent, text: str = "", status: str = ""
) -> Operation:  # fmt: skip
    """Answers the children (by keys) with the text, and gives them the status (a slug), where there is one; each that
    the principal may change and that lacks no field for it. Fifty here, a job does the rest. Events as of each reply
    and change."""
    kind = OperationKind.ANSWER if text else OperationKind.BULK
    operation = operations.start(kind, agent=agent, facts={"tickets": len(children)})
    with transaction.atomic():
        operation.save()
        _act(operation, children, principal=principal, by=by, text=text, status=status)
    return operation


def act_on_more(operation_id: int, children: Sequence[int], *, text: str, status: str) -> None:
    """The next children of an act that was begun."""
    operation = Operation.objects.select_related("agent__user").get(pk=operation_id)
    agent = operation.agent
    if not agent.user.is_active:
        return
    principal = Principal.of_agent(agent)
    _act(operation, children, principal=principal, by=Actor.agent(agent), text=text, status=status)


@transaction.atomic
def _act(
    operation: Operation, children: Sequence[int], *, principal: Principal, by: Actor, text: str, status: str
) -> None:
    """The first fifty of the children; the rest is a job, of the same transaction."""
    from tresen.core.tickets.jobs import act_on_rest

    if not operations.goes_on(operation):
        return
    done = set(operation.steps.values_list("ticket_id", flat=True))
    now, rest = [key for key in children[:AT_ONCE] if key not in done], list(children[AT_ONCE:])
    wanted = {"status": Status.objects.get(slug=status)} if status else {}
    hold(now)
    for ticket in Ticket.objects.filter(pk__in=now, merged_into=None).order_by("pk"):
        if not can(principal, "ticket.reply" if text else "ticket.change", ticket):
            continue
        with suppress(Needed):  # a field must be filled in first: it stays as it is
            if text:
                _answer(ticket, operation, by=by, text=text, wanted=wanted)
            else:
                update_ticket(ticket, by=by, set=wanted, operation=operation)
    if rest:
        act_on_rest.enqueue(operation_id=operation.pk, children=rest, text=text, status=status)


def _answer(ticket: Ticket, operation: Operation, *, by: Actor, text: str, wanted: dict[str, Status]) -> None:
    content, agent, wait = Content(text), operation.agent, undo_seconds()
    if not wait:
        add_reply(ticket, by=by, agent=agent, content=content, set=wanted, operation=operation)
        return
    leaves_at = clock.now() + timedelta(seconds=wait)
    plan_reply(ticket, by=by, agent=agent, content=content, set=wanted, leaves_at=leaves_at, operation=operation)

"""Links, a parent with its children: answered and closed at once, each under its own number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import TEST, Cast
from tests.undo.conftest import now, undo
from tresen.core.people.principals import Principal
from tresen.core.tickets import relating
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import change_undo_seconds, leave
from tresen.core.tickets.relating import CannotLink, act_on_children, children_of, link, unlink
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.structure_models import Relation
from tresen.core.tickets.undoing import Left
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain


def relate(cast: Cast, source: Ticket, target: Ticket, kind: str = "related") -> Operation:
    return link(source, to=target, kind=kind, by=Actor.agent(cast.anna), agent=cast.anna)


def family(cast: Cast, n: int = 3) -> tuple[Ticket, list[Ticket]]:
    parent, children = cast.ticket("The link is down"), [cast.ticket(f"No network {i}") for i in range(n)]
    for child in children:
        relate(cast, child, parent, "child")
    drain()  # what follows from new tickets
    return parent, children


def act(cast: Cast, children: list[Ticket], **how: str) -> Operation:
    return act_on_children(
        [child.pk for child in children], principal=Principal.of_agent(cast.anna), by=Actor.agent(cast.anna),
        agent=cast.anna, **how,
    )  # fmt: skip


def test_a_link_is_told_on_both_and_taken_back(cast: Cast) -> None:
    one, two = cast.ticket(), cast.ticket()
    operation = relate(cast, one, two, "caused")
    told = {event.stream_id: event.changes for event in Event.objects.filter(kind="ticket.linked")}
    assert told == {one.pk: {"kind": "caused", "to": two.number}, two.pk: {"kind": "caused", "from": one.number}}
    undo(operation)
    assert not Relation.objects.exists() and Event.objects.filter(kind="ticket.unlinked").count() == 2
    relate(cast, one, two)
    unlink(Relation.objects.get(), by=TEST)
    unlink(Relation(pk=99), by=TEST)
    assert not Relation.objects.exists()


def test_what_cannot_be_linked(cast: Cast) -> None:
    (parent, (child, *_)), other = family(cast), cast.ticket()
    relate(cast, child, other)
    for source, target, kind, why in (
        (child, child, "related", "same"), (other, child, "related", "there"), (child, other, "child", "parent"),
        (parent, other, "child", "depth"), (other, child, "child", "depth"), (other, parent, "sibling", "same"),
    ):  # fmt: skip
        with pytest.raises(CannotLink, match=why):
            relate(cast, source, target, kind)
    Ticket.objects.filter(pk=other.pk).update(deleted_at=clock.now())
    with pytest.raises(CannotLink, match="gone"):
        relate(cast, parent, other)


def test_all_children_are_answered_each_under_its_own_number(cast: Cast) -> None:
    parent, children = family(cast)
    operation = act(cast, children, text="The cable is mended.", status="solved")
    replies = [child.messages.get(kind="reply") for child in children]
    assert {reply.text for reply in replies} == {"The cable is mended."}
    assert {now(child).status.slug for child in children} == {"solved"} and not parent.messages.filter(kind="reply")
    undone = undo(operation)
    assert undone.left == [] and not any(child.messages.filter(kind="reply") for child in children)
    assert {now(child).status for child in children} == {parent.status}


def test_what_has_left_by_then_is_named(cast: Cast) -> None:
    _, children = family(cast, 2)
    operation = act(cast, children, text="Mended.")
    gone = children[0].messages.get(kind="reply")
    gone.plan.leaves_at = clock.now() - timedelta(seconds=1)
    gone.plan.save()
    leave(gone.pk)
    assert undo(operation).left == [Left(children[0].number, "reply", "sent")]


def test_all_children_are_closed_in_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "AT_ONCE", 2)
    _, children = family(cast, 5)
    act(cast, children, status="closed")
    assert [now(child).status.slug for child in children].count("closed") == 2
    assert drain("default") == 2
    assert {now(child).status.slug for child in children} == {"closed"}


def test_children_that_are_so_already_hold_nothing_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "AT_ONCE", 2)
    _, children = family(cast, 7)
    for child in children[2:6]:
        update_ticket(child, by=TEST, set={"status": Status.objects.get(slug="closed")})
    act(cast, children, status="closed")
    assert drain("default", limit=20) == 3
    assert {now(child).status.slug for child in children} == {"closed"}
    assert not Job.objects.filter(name="tickets.children").exists()


def test_without_seconds_to_undo_they_leave_at_once(cast: Cast) -> None:
    change_undo_seconds(0, by=TEST)
    _, children = family(cast, 1)
    act(cast, children, text="Mended.")
    assert children[0].messages.get(kind="reply").delivery == "queued"


def test_children_one_may_not_see_are_left_alone(cast: Cast) -> None:
    parent, children = family(cast, 2)
    Ticket.objects.filter(pk=children[0].pk).update(team=cast.orders)
    assert list(children_of(parent, Principal.of_agent(cast.anna))) == [children[1]]
    act(cast, children, status="closed")
    assert [now(child).status.slug for child in children] == ["new", "closed"]

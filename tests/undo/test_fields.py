"""What somebody changed on a ticket goes back, field by field where nobody has changed it since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import TEST, Cast
from tests.undo.conftest import change, now, undo
from tresen.config import wiring
from tresen.core.people.agents import deactivate_agent
from tresen.core.people.teams import update_team
from tresen.core.tickets import jobs, operations, planning
from tresen.core.tickets.choices import Ball, Priority
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.core.tickets.services import add_note, add_reply, update_ticket
from tresen.core.tickets.tagging import tags_named
from tresen.core.tickets.undoing import CannotUndo, Left, left_of
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job


def status(slug: str) -> Status:
    return Status.objects.get(slug=slug)


def test_a_closed_ticket_is_as_it_was_before(cast: Cast) -> None:
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"status": status("solved")})
    before = now(ticket)
    operation = change(ticket, cast.anna, status=status("closed"))
    assert now(ticket).closed_at is not None
    undone = undo(operation)
    after = now(ticket)
    assert (undone.tickets, undone.left) == ([ticket.number], [])
    assert (after.status, after.ball, after.solved_at, after.closed_at, after.ball_since) == (
        before.status, before.ball, before.solved_at, None, before.ball_since
    )  # fmt: skip
    assert after.version > before.version


def test_every_field_goes_back(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    update_ticket(ticket, by=TEST, set={"tags": tags_named(["a", "b"], by=TEST)})
    before = now(ticket)
    operation = change(
        ticket, cast.ada, subject="Another", status=status("waiting"), impact=3, urgency=3, type="problem",
        team=cast.orders, assignee=cast.piotr, tags=tags_named(["b", "c"], by=TEST), requester=cast.dave,
    )  # fmt: skip
    assert undo(operation).left == []
    after = now(ticket)
    for field in ("subject", "status", "ball", "impact", "urgency", "priority", "type", "team", "assignee",
                  "requester", "organisation", "brand"):  # fmt: skip
        assert getattr(after, field) == getattr(before, field), field
    assert sorted(tag.name for tag in after.tags.all()) == ["a", "b"]
    assert [row.contact for row in after.participants.all()] == [cast.carol]


def test_another_name_of_a_team_does_not_matter(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = change(ticket, cast.ada, team=cast.orders)
    update_team(cast.netz, set={"name": "Networks"}, by=TEST)
    undo(operation)
    assert now(ticket).team == cast.netz


def test_what_somebody_changed_since_stays_and_is_named(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = change(ticket, cast.anna, priority=Priority.URGENT, assignee=cast.anna)
    update_ticket(ticket, by=Actor.agent(cast.ada), set={"priority": Priority.LOW})
    undone = undo(operation)
    assert (
        undone.left == [Left(ticket.number, "priority", "changed", "Ada Berg")] == left_of([operation.pk])[operation.pk]
    )
    assert (now(ticket).priority, now(ticket).assignee) == (Priority.LOW, None)


def test_a_value_set_back_and_forth_since_was_changed_too(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = change(ticket, cast.anna, priority=Priority.URGENT)
    for value in (Priority.LOW, Priority.URGENT):
        update_ticket(ticket, by=Actor.agent(cast.ada), set={"priority": value})
    assert [left.why for left in undo(operation).left] == ["changed"]
    assert now(ticket).priority == Priority.URGENT


def test_two_changes_are_undone_one_after_the_other(cast: Cast) -> None:
    ticket = cast.ticket()
    first, second = (change(ticket, cast.anna, status=status(slug)) for slug in ("waiting", "closed"))
    assert undo(second).left == [] == undo(first).left
    assert now(ticket).status == ticket.status


def test_status_alone_goes_back_where_only_the_turn_was_changed(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = change(ticket, cast.anna, status=status("waiting"))
    update_ticket(ticket, by=TEST, set={"ball": Ball.THIRD_PARTY})
    assert [left.what for left in undo(operation).left] == ["ball"]
    assert (now(ticket).status, now(ticket).ball) == (ticket.status, Ball.THIRD_PARTY)


def test_the_link_of_a_requester_who_is_back_opens_again(cast: Cast) -> None:
    ticket = cast.ticket()
    token = mint_link(ticket, cast.carol, by_mail=True)
    joined = ticket.participants.get().joined_at
    operation = change(ticket, cast.ada, requester=cast.dave)
    assert open_link(token) is None
    undo(operation)
    assert open_link(token) is not None and ticket.participants.get().joined_at == joined


def test_an_agent_who_has_left_does_not_get_his_ticket_back(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    operation = change(ticket, cast.ada, assignee=None, priority=Priority.HIGH)
    deactivate_agent(cast.anna, by=TEST)
    assert undo(operation).left == [Left(ticket.number, "assignee", "gone")]
    assert (now(ticket).assignee, now(ticket).priority) == (None, ticket.priority)


def test_what_reactions_changed_goes_back_too(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = change(ticket, cast.anna, status=status("closed"))
    root = Event.objects.get(step__operation=operation)
    rule = Actor("rule", None, "Closed ones go to Orders", root.pk)
    update_ticket(ticket, by=rule, set={"team": cast.orders, "tags": tags_named(["done"], by=TEST)})
    with pytest.raises(CannotUndo, match="rights"):
        undo(operation, cast.anna)  # she sees it no longer
    again = change(now(ticket), cast.ada, status=status("open"))
    root = Event.objects.get(step__operation=again)
    update_ticket(ticket, by=Actor("rule", None, "Open ones go to Netz", root.pk), set={"team": cast.netz, "tags": []})
    assert undo(again).left == []
    assert (now(ticket).team, now(ticket).status.slug) == (cast.orders, "closed")
    assert [tag.name for tag in now(ticket).tags.all()] == ["done"]
    last = Event.objects.get(kind="change.undone")
    assert (last.cause, last.root, last.actor_name) == (root, root, "Ada Berg")


def test_what_stayed_for_want_of_the_right_is_not_taken_for_undone(cast: Cast) -> None:
    gone, kept = cast.ticket(), cast.ticket()
    before = change(gone, cast.ada, priority=3)
    many = operations.start("bulk", agent=cast.anna)
    for ticket in (gone, kept):
        update_ticket(ticket, by=Actor.agent(cast.anna), set={"priority": 4}, operation=many)
    Ticket.objects.filter(pk=gone.pk).update(team=cast.orders)
    undone = undo(many)
    assert (undone.tickets, undone.left) == ([kept.number], [Left(gone.number, "ticket", "rights")])
    assert undo(before).left == [Left(gone.number, "priority", "changed", "Anna Kowalczyk")]


def test_a_macro_is_undone_as_a_whole_and_names_what_has_left(cast: Cast) -> None:
    ticket, by = cast.ticket(), Actor.agent(cast.anna)
    operation = operations.start("macro", agent=cast.anna, facts={"macro": "Ask back"})
    update_ticket(ticket, by=by, set={"assignee": cast.anna}, operation=operation)
    note = add_note(ticket, by=by, agent=cast.anna, content=Content("For us"), operation=operation)
    add_reply(ticket, by=by, agent=cast.anna, content=Content("Which one?"), set={"status": status("waiting")},
              operation=operation)  # fmt: skip
    undone = undo(operation)
    assert undone.left == [Left(ticket.number, "reply", "sent")]
    assert [taken.text for taken in undone.taken] == ["For us"] and not Message.objects.filter(pk=note.pk).exists()
    after = now(ticket)
    assert (after.assignee, after.status, after.last_text) == (None, ticket.status, "Which one?")


def test_a_reply_that_has_not_left_comes_back(cast: Cast) -> None:
    ticket, by = cast.ticket(), Actor.agent(cast.anna)
    operation = operations.start("macro", agent=cast.anna)
    planning.plan_reply(
        ticket, by=by, agent=cast.anna, content=Content("Which one?"), set={"status": status("waiting")},
        leaves_at=clock.now() + timedelta(seconds=10), operation=operation,
    )  # fmt: skip
    undone = undo(operation)
    assert (undone.left, undone.tickets, undone.taken[0].text) == ([], [ticket.number], "Which one?")
    assert now(ticket).status == ticket.status and ticket.messages.count() == 1


def test_nobody_undoes_twice_or_too_late_or_what_others_did(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = change(ticket, cast.anna, priority=Priority.HIGH)
    for agent in (cast.ada, cast.piotr):
        with pytest.raises(CannotUndo, match="rights"):
            undo(operation, agent)
    undo(operation)
    with pytest.raises(CannotUndo, match="over"):
        undo(operation)
    late = change(ticket, cast.anna, priority=Priority.HIGH)
    late.undoable_until = clock.now()
    late.save()
    with pytest.raises(CannotUndo, match="over"):
        undo(late)
    assert now(ticket).priority == Priority.HIGH


def test_what_changed_nothing_is_no_operation(cast: Cast) -> None:
    assert change(cast.ticket(), cast.anna, priority=Priority.NORMAL).pk is None


def test_many_tickets_go_back_in_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tresen.core.tickets.undoing.AT_ONCE", 3)
    tickets = [cast.ticket() for _ in range(7)]
    operation = operations.start("bulk", agent=cast.anna, facts={"tickets": len(tickets)})
    operation.save()
    for ticket in tickets:
        assert operations.goes_on(operation)
        update_ticket(ticket, by=Actor.agent(cast.anna), set={"assignee": cast.anna}, operation=operation)
    undone = undo(operation)
    assert (len(undone.tickets), undone.more) == (3, 4) and not operations.goes_on(operation)
    waiting = Job.objects.get(name="tickets.undo")
    with pytest.raises(Exception, match="more tickets"):
        jobs.undo_rest(**waiting.payload)
    jobs.undo_rest(**waiting.payload)
    jobs.undo_rest(**waiting.payload)
    assert not any(now(ticket).assignee for ticket in tickets)
    operation.refresh_from_db()
    assert operation.state == "undone"


def test_whoever_listens_to_a_change_listens_to_its_undo() -> None:
    assert set(wiring.REACTIONS["ticket.changed"]) <= set(wiring.REACTIONS["change.undone"])

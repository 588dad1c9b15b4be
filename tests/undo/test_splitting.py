"""Chosen messages become a ticket of their own; taken back, it goes into the old one with what came since."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.cast import TEST, Cast
from tests.undo.conftest import now, undo
from tests.undo.test_merging import texts, write
from tresen.core.people.brands import change_brand
from tresen.core.people.principals import Principal
from tresen.core.tickets import splitting
from tresen.core.tickets.content import Content
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.moving import move_to_own_ticket
from tresen.core.tickets.numbers import show_number, take_number
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.services import add_note, add_participant, add_reply, update_ticket
from tresen.core.tickets.splitting import CannotSplit
from tresen.core.tickets.undoing import CannotUndo
from tresen.faces.desk.operations.reading import left_words
from tresen.spine.events.actors import Actor


def split(cast: Cast, ticket: Ticket, messages: Sequence[Message], subject: str = "") -> tuple[Ticket, Operation]:
    return splitting.split(
        ticket, messages=[message.pk for message in messages], by=Actor.agent(cast.anna), agent=cast.anna,
        number=take_number(ticket.brand), subject=subject,
    )  # fmt: skip


def test_messages_of_every_kind_go_to_a_ticket_of_their_own(cast: Cast) -> None:
    ticket, by = cast.ticket(text="VPN", assignee=cast.anna), Actor.agent(cast.anna)
    add_participant(ticket, by=TEST, contact=cast.dave)
    asked = write(ticket, "And the printer?", contact=cast.dave)
    note = add_note(ticket, by=by, agent=cast.anna, content=Content("Toner?"))
    reply = add_reply(ticket, by=by, agent=cast.anna, content=Content("Which printer?"))
    write(ticket, "VPN works.")
    new, _ = split(cast, ticket, [asked, note, reply], subject="Printer")
    assert texts(now(ticket)) == ["VPN", "VPN works."]
    assert texts(new) == ["And the printer?", "Toner?", "Which printer?"]
    assert (new.subject, new.requester, new.team, new.assignee, new.follows) == (
        "Printer", cast.dave, cast.netz, cast.anna, ticket)  # fmt: skip
    assert sorted(row.contact.name for row in new.participants.all() if row.contact) == ["Carol", "Dave"]
    assert (now(new).last_text, now(ticket).last_text) == ("Which printer?", "VPN works.")


def test_a_ticket_of_no_team_splits_into_one_of_no_team(cast: Cast) -> None:
    change_brand(cast.brand, set={"team": cast.orders}, by=TEST)
    ticket = cast.ticket(set={"team": None}, team=None)
    new, _ = split(cast, ticket, [write(ticket, "And the printer?")])
    moved, _ = move_to_own_ticket([write(ticket, "And the mouse?")], by=TEST, number=take_number(ticket.brand))
    assert (ticket.team, now(new).team, now(moved).team) == (None, None, None)


def test_nobody_reads_by_it_what_he_could_not(cast: Cast) -> None:
    ticket = cast.ticket()
    reply = add_reply(ticket, by=TEST, agent=cast.anna, content=Content("For Carol alone"))
    held = write(ticket, "Let me in", contact=cast.dave, is_held=True)
    add_participant(ticket, by=TEST, contact=cast.dave)
    later = write(ticket, "Dave's", contact=cast.dave)
    new, _ = split(cast, ticket, [reply, held, later])
    assert new.requester == cast.dave
    his = Message.objects.visible_to(Principal.of_link(cast.dave, new.pk))
    assert [message.text for message in his] == ["Dave's"]
    held.refresh_from_db()
    assert held.is_held


def test_a_split_is_taken_back_with_what_came_since(cast: Cast) -> None:
    ticket = cast.ticket(text="VPN")
    new, operation = split(cast, ticket, [write(ticket, "Printer")])
    write(new, "Red printer")
    undone = undo(operation, cast.ada)
    assert undone.left == [] and texts(now(ticket)) == ["VPN", "Printer", "Red printer"] and texts(now(new)) == []
    assert (final_of(now(new)), now(new).status_category) == (ticket, "closed")


def test_what_was_written_with_others_since_stays_with_them(cast: Cast) -> None:
    ticket, by = cast.ticket(text="VPN"), Actor.agent(cast.anna)
    new, operation = split(cast, ticket, [write(ticket, "Printer")])
    write(new, "Red printer")
    update_ticket(new, by=by, set={"requester": cast.dave})
    write(new, "Dave's secret", contact=cast.dave)
    add_reply(now(new), by=by, agent=cast.anna, content=Content("For Dave"))
    add_note(now(new), by=by, agent=cast.anna, content=Content("On Dave"))
    undone = undo(operation)
    assert [(one.number, one.why) for one in undone.left] == [(new.number, "others")]
    assert left_words(undone.left) == [f"{show_number(new.number)}: what was written with others since stays there."]
    assert texts(now(ticket)) == ["VPN", "Printer", "Red printer"]
    assert texts(now(new)) == ["Dave's secret", "For Dave", "On Dave"]
    assert now(new).merged_into is None and now(new).status_category != "closed"
    carols = Message.objects.visible_to(Principal.of_contact(cast.carol))
    assert {message.text for message in carols} == {"VPN", "Printer", "Red printer"}


def test_who_joined_since_reads_nothing_by_the_undo(cast: Cast) -> None:
    ticket = cast.ticket(text="VPN")
    new, operation = split(cast, ticket, [write(ticket, "Printer")])
    add_participant(ticket, by=TEST, contact=cast.dave)
    with pytest.raises(CannotUndo, match="readers"):
        undo(operation)
    told = cast.browser(cast.anna).post(f"/desk/operations/{operation.pk}/undo/", follow=True).content.decode()
    assert "Merge the two" in told
    assert texts(now(ticket)) == ["VPN"] and texts(now(new)) == ["Printer"]
    add_participant(new, by=TEST, contact=cast.dave)
    assert undo(operation).left == [] and texts(now(ticket)) == ["VPN", "Printer"]


@pytest.mark.parametrize("how", ["nothing", "everything", "another's"])
def test_what_cannot_be_split(cast: Cast, how: str) -> None:
    ticket, other = cast.ticket(), cast.ticket()
    chosen = {"nothing": [], "everything": list(ticket.messages.all()), "another's": list(other.messages.all())}[how]
    with pytest.raises(CannotSplit):
        split(cast, ticket, chosen)

"""“This belongs elsewhere”: a message moves with its thread, later mails follow, and it can be taken back."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tests.intake.test_where_a_mail_belongs import answered
from tresen.channels.mail.ledger import read_ledger
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.moving import move, take_back
from tresen.core.people.models import Brand
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.moving import CannotMove, can_take_back
from tresen.core.tickets.numbers import show_number
from tresen.core.tickets.services import add_reply
from tresen.faces.setup.mail_folders.reasons import words_for
from tresen.service.search.models import SearchDocument
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


def by(desk: Desk) -> Actor:
    """Anna acts."""
    return Actor.agent(desk.anna)


def message_of(row: RawMail) -> Message:
    """The message of a mail, as it is now."""
    assert row.message_id
    return Message.objects.select_related("ticket__brand", "contact").get(pk=row.message_id)


def other_topic(desk: Desk) -> tuple[Ticket, RawMail, str]:
    """Carol begins something new in the old thread: the ticket, her mail, and the id of ours that she answered."""
    ticket, ours = answered(desk)
    row = desk.receive(mail("And the printer?", in_reply_to=ours.header_id, message_id="<printer@shop.example>"))
    return ticket, row, ours.header_id


def test_a_message_moves_to_a_new_ticket_and_its_thread_follows(desk: Desk) -> None:
    ticket, row, ours = other_topic(desk)
    new, _ = move(message_of(row), by=by(desk))
    assert new.follows == ticket and new.requester == ticket.requester and message_of(row).ticket == new
    follow_up = mail("More.", references=f"{ours} <printer@shop.example>", message_id="<2@shop.example>")
    again = desk.receive(follow_up)
    assert (again.outcome, again.ticket) == ("reply", new)
    old_topic = desk.receive(mail("VPN again.", in_reply_to=ours))
    assert (old_topic.outcome, old_topic.ticket) == ("reply", ticket)


def test_answers_to_what_we_wrote_on_the_new_ticket_stay_there(desk: Desk) -> None:
    _, row, _ = other_topic(desk)
    new, _ = move(message_of(row), by=by(desk))
    reply = add_reply(new, by=by(desk), agent=desk.anna, content=Content("Which printer?"))
    drain()
    again = desk.receive(mail("The red one.", in_reply_to=reply.outgoing.get().header_id))
    assert (again.outcome, again.ticket) == ("reply", new)


def test_a_message_moves_to_another_ticket_and_opens_it_again(desk: Desk) -> None:
    from tresen.core.tickets.models import Status
    from tresen.core.tickets.services import update_ticket

    printer = desk.receive(mail("Printer.", subject="Printer")).ticket
    assert printer
    update_ticket(printer, by=by(desk), set={"status": Status.objects.default_of("solved")})
    ticket, row, _ = other_topic(desk)
    move(message_of(row), to=printer, by=by(desk))
    printer.refresh_from_db()
    ticket.refresh_from_db()
    assert (printer.status_category, printer.last_text) == ("open", "And the printer?")
    assert ticket.last_text == "Please restart it."
    assert message_of(row).why["moved_from"] == ticket.number


def test_later_messages_of_the_same_person_go_along_by_choice(desk: Desk) -> None:
    ticket, row, ours = other_topic(desk)
    later = desk.receive(mail("It is the red one.", in_reply_to=ours))
    other = desk.receive(mail("Me too.", sender="dave@evil.example", in_reply_to=ours))
    new, _ = move(message_of(row), by=by(desk), with_later=True)
    assert message_of(later).ticket == new and message_of(other).ticket == ticket


def test_a_held_message_moves_and_its_senders_next_mail_follows(desk: Desk) -> None:
    """He has only our mail on the old ticket, which somebody passed on to him."""
    ticket, ours = answered(desk)
    dave = {"sender": "dave@other.example", "in_reply_to": ours.header_id}
    row = desk.receive(mail("Me too.", **dave))
    assert row.outcome == "held"
    new, _ = move(message_of(row), by=by(desk))
    row.refresh_from_db()
    assert (row.outcome, row.ticket, message_of(row).is_held) == ("new", new, False)
    assert f"moved here from {show_number(ticket.number)}" in words_for(row)
    again = desk.receive(mail("Any news?", **dave))
    assert (again.outcome, again.ticket) == ("reply", new)
    assert ticket.participants.count() == 1
    stranger = desk.receive(mail("Let me in.", sender="eve@evil.example", in_reply_to=ours.header_id))
    assert (stranger.outcome, stranger.ticket) == ("held", ticket)


def test_a_claimed_name_follows_no_move_into_another_brand(desk: Desk) -> None:
    _, ours = answered(desk)
    dave = {"sender": "dave@other.example", "in_reply_to": ours.header_id}
    row = desk.receive(mail("Me too.", **dave))
    new, _ = move(message_of(row), by=by(desk))
    Ticket.objects.filter(pk=new.pk).update(brand=Brand.objects.create(name="Hafen", letters="H", language="en"))
    again = desk.receive(mail("Any news?", **dave))
    assert (again.outcome, again.ticket) == ("held", ours.ticket)


def test_a_forged_moved_id_brings_a_stranger_nowhere(desk: Desk) -> None:
    _, row, _ = other_topic(desk)
    new, _ = move(message_of(row), by=by(desk))
    mine = mail("Let me in.", sender="eve@evil.example", in_reply_to="<printer@shop.example>")
    found = desk.receive(mine, sender="eve@evil.example")
    assert found.outcome == "new" and found.ticket and found.ticket.follows == new


@pytest.mark.parametrize("held", [False, True])
def test_a_move_to_a_new_ticket_can_be_taken_back(desk: Desk, held: bool) -> None:
    ticket, ours = answered(desk)
    sender = "dave@other.example" if held else "Carol Brandt <carol@shop.example>"
    row = desk.receive(mail("Hm.", sender=sender, in_reply_to=ours.header_id, message_id="<hm@shop.example>"))
    before, outcome, told = message_of(row).why, row.outcome, words_for(row)
    new, event = move(message_of(row), by=by(desk))
    assert can_take_back(event)
    assert take_back(event, by=by(desk)) == ticket
    row.refresh_from_db()
    assert (row.ticket, row.outcome, message_of(row).ticket) == (ticket, outcome, ticket)
    assert words_for(row) == told
    assert (message_of(row).is_held, message_of(row).why) == (held, before)
    assert not Ticket.objects.filter(pk=new.pk).exists()
    assert not can_take_back(event)
    with pytest.raises(CannotMove):
        take_back(event, by=by(desk))
    assert read_ledger().closes
    if not held:
        again = desk.receive(mail("More.", in_reply_to="<hm@shop.example>"))
        assert (again.outcome, again.ticket) == ("reply", ticket)


def test_taking_back_gives_a_ticket_its_status_again(desk: Desk) -> None:
    from tresen.core.tickets.models import Status
    from tresen.core.tickets.services import update_ticket

    printer = desk.receive(mail("Printer.", subject="Printer")).ticket
    assert printer
    update_ticket(printer, by=by(desk), set={"status": Status.objects.default_of("solved")})
    _, row, _ = other_topic(desk)
    _, event = move(message_of(row), to=printer, by=by(desk))
    take_back(event, by=by(desk))
    printer.refresh_from_db()
    assert (printer.status_category, printer.last_text) == ("solved", "Printer.")


def test_a_ticket_left_without_messages_is_closed_and_says_where_they_are(desk: Desk) -> None:
    ticket, _ = answered(desk)
    lone = desk.receive(mail("About the VPN.", sender="dave@evil.example", subject="Question"))
    source = lone.ticket
    assert source
    _, event = move(message_of(lone), to=ticket, by=by(desk))
    source.refresh_from_db()
    assert (source.status_category, source.follows, source.follows_reason) == ("closed", ticket, "moved")
    take_back(event, by=by(desk))
    source.refresh_from_db()
    assert (source.status_category, source.follows, source.last_text) == ("new", None, "About the VPN.")


def test_what_was_answered_is_not_taken_back(desk: Desk) -> None:
    _, row, _ = other_topic(desk)
    new, event = move(message_of(row), by=by(desk))
    add_reply(new, by=by(desk), agent=desk.anna, content=Content("Which printer?"))
    assert not can_take_back(event)


def test_a_move_is_told_on_both_tickets_and_found_by_search(desk: Desk) -> None:
    ticket, row, _ = other_topic(desk)
    new, event = move(message_of(row), by=by(desk))
    assert (event.stream_id, event.changes["to"]) == (ticket.pk, new.number)
    arrived = Event.objects.get(kind="message.arrived")
    assert (arrived.stream_id, arrived.changes["from"], arrived.cause_id) == (new.pk, ticket.number, event.pk)
    assert SearchDocument.objects.get(message=row.message_id).ticket_id == new.pk


def test_the_ledger_closes_over_moves(desk: Desk) -> None:
    _, row, _ = other_topic(desk)
    move(message_of(row), by=by(desk))
    ledger = read_ledger()
    assert ledger.closes and ledger.outcomes["new"] == 2

"""One ticket goes into another, stays as a signpost, and can be parted again with what came since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import TEST, Cast
from tests.undo.conftest import now, undo
from tresen.core.people.models import Contact
from tresen.core.people.principals import Principal
from tresen.core.people.services import create_contact
from tresen.core.tickets import merging
from tresen.core.tickets.choices import ParticipantRole
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.merging import CannotMerge, NotAsked, final_of, preview
from tresen.core.tickets.models import Message, Participant, Status, Ticket
from tresen.core.tickets.moving import move_messages
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.services import add_note, add_participant, add_received, add_reply, update_ticket
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import open_side
from tresen.core.tickets.undoing import CannotUndo, Left
from tresen.kit import clock
from tresen.service.search.models import SearchDocument
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


def merge(cast: Cast, source: Ticket, target: Ticket, *, sure: bool = False) -> Operation:
    confirmed = preview(source, target).exposed if sure else ()
    return merging.merge(source, into=target, by=Actor.agent(cast.anna), agent=cast.anna, confirmed=confirmed)


def write(ticket: Ticket, text: str, **more: object) -> Message:
    more = {"contact": ticket.requester, "channel": "mail", "trust": "claimed", "follow": True, **more}
    return add_received(ticket, by=TEST, content=Content(text), **more)  # type: ignore[arg-type]


def texts(ticket: Ticket) -> list[str]:
    return list(ticket.messages.order_by("pk").values_list("text", flat=True))


def test_the_messages_go_over_and_a_signpost_stays(cast: Cast) -> None:
    first, second = cast.ticket(text="It is down."), cast.ticket(text="Still down.")
    update_ticket(first, by=TEST, set={"status": Status.objects.get(slug="waiting")})
    merge(cast, second, first)
    assert texts(first) == ["It is down.", "Still down."] and texts(second) == []
    source, target = now(second), now(first)
    assert (source.merged_into, source.status_category, final_of(source)) == (target, "closed", target)
    assert (target.status_category, target.ball, target.last_text) == ("open", "us", "Still down.")
    assert SearchDocument.objects.filter(message__text="Still down.").values_list("ticket", flat=True)[0] == first.pk
    kinds = list(Event.objects.filter(kind__contains="merge").order_by("pk").values_list("kind", "stream_id"))
    assert kinds == [("ticket.merged", second.pk), ("merge.arrived", first.pk)]


def test_all_is_as_before_when_it_is_undone(cast: Cast) -> None:
    first, second = cast.ticket(text="one"), cast.ticket(text="two")
    update_ticket(first, by=TEST, set={"status": Status.objects.get(slug="solved")})
    held = write(second, "held", is_held=True, contact=cast.dave)
    before, was = now(first), now(second)
    undone = undo(merge(cast, second, first))
    assert undone.left == [] and texts(first) == ["one"] and texts(second) == ["two", "held"]
    held.refresh_from_db()
    assert held.is_held
    for ticket, old in ((now(first), before), (now(second), was)):
        assert (ticket.status, ticket.ball, ticket.solved_at, ticket.merged_into, ticket.last_text) == (
            old.status, old.ball, old.solved_at, None, old.last_text)  # fmt: skip
    assert Event.objects.filter(kind="merge.undone").count() == 2


def test_whoever_would_read_more_is_named_before(cast: Cast) -> None:
    carols, daves = cast.ticket(), cast.ticket(requester=cast.dave)
    with pytest.raises(NotAsked) as asked:
        merge(cast, daves, carols)
    assert (asked.value.preview.readers, asked.value.preview.joiners) == ([cast.carol], [cast.dave])
    with pytest.raises(NotAsked):
        merging.merge(daves, into=carols, by=TEST, agent=cast.anna, confirmed=[cast.carol.pk])
    merge(cast, daves, carols, sure=True)
    joined = now(carols).participants.get(contact=cast.dave)
    assert joined.role == ParticipantRole.CC


def test_a_link_shows_who_joined_nothing_older(cast: Cast) -> None:
    carols, daves = cast.ticket(text="Carol's matter"), cast.ticket(text="Dave's matter", requester=cast.dave)
    token = mint_link(daves, cast.dave, by_mail=True)
    merge(cast, daves, carols, sure=True)
    link = open_link(token)
    assert link is not None and link.ticket == carols
    his = Message.objects.visible_to(Principal.of_link(cast.dave, carols.pk))
    assert not his.exists()
    write(now(carols), "To both.")
    assert [m.text for m in his] == ["To both."]


def test_the_requester_of_both_sees_all_of_it_by_his_link(cast: Cast) -> None:
    older, newer = cast.ticket(text="older"), cast.ticket(text="newer")
    Participant.objects.filter(ticket=older).update(joined_at=clock.now() - timedelta(days=3))
    Message.objects.filter(ticket=older).update(created_at=clock.now() - timedelta(days=3))
    before = newer.participants.get().joined_at
    operation = merge(cast, older, newer)
    seen = Message.objects.visible_to(Principal.of_link(cast.carol, newer.pk))
    assert [m.text for m in seen.order_by("created_at")] == ["older", "newer"]
    undo(operation)
    assert newer.participants.get().joined_at == before


def test_replies_that_came_since_find_their_way_home(cast: Cast) -> None:
    carols, daves = cast.ticket(text="Carol's"), cast.ticket(text="Dave's", requester=cast.dave)
    operation = merge(cast, daves, carols, sure=True)
    by = Actor.agent(cast.anna)
    write(now(carols), "Carol again")
    write(now(carols), "Dave again", contact=cast.dave)
    to_dave = [{"role": "to", "name": "Dave", "address": "dave@harrowmere.example"}]
    add_reply(now(carols), by=by, agent=cast.anna, content=Content("For Dave alone"), recipients=to_dave)
    add_reply(now(carols), by=by, agent=cast.anna, content=Content("For both"))
    add_note(now(carols), by=by, agent=cast.anna, content=Content("A note"))
    undone = undo(operation, cast.ada)
    assert undone.left == []
    assert texts(daves) == ["Dave's", "Dave again", "For Dave alone"]
    assert texts(carols) == ["Carol's", "Carol again", "For both", "A note"]
    source = now(daves)
    assert (source.status_category, source.ball) == ("open", "us"), "he waits for an answer"
    assert not now(carols).participants.filter(contact=cast.dave).exists()


def test_a_message_that_was_moved_on_meanwhile_stays_there_and_is_named(cast: Cast) -> None:
    first, second, third = cast.ticket(text="one"), cast.ticket(text="two"), cast.ticket(text="three")
    operation = merge(cast, second, first)
    move_messages([first.messages.get(text="two")], to=third, by=TEST)
    assert undo(operation).left == [Left(second.number, "message", "moved")]
    assert texts(third) == ["three", "two"] or set(texts(third)) == {"three", "two"}


def test_a_chain_is_parted_from_its_end(cast: Cast) -> None:
    one, two, three = (cast.ticket(text=text) for text in ("one", "two", "three"))
    first = merge(cast, one, two)
    second = merge(cast, two, three)
    assert final_of(now(one)) == three and set(texts(three)) == {"one", "two", "three"}
    with pytest.raises(CannotUndo, match="merged"):
        undo(first)
    undo(second)
    undo(first)
    assert [texts(ticket) for ticket in (one, two, three)] == [["one"], ["two"], ["three"]]


def side(cast: Cast, ticket: Ticket, partner: Contact) -> SideThread:
    """A thread beside the ticket, with a supplier."""
    return open_side(
        ticket, by=TEST, agent=cast.anna, people=[partner], subject="Line", content=Content("For the supplier")
    )


def test_a_side_thread_goes_along_and_home_and_stays_what_it_is(cast: Cast) -> None:
    one, two = cast.ticket(), cast.ticket()
    partner = create_contact(name="Netco", mails=["noc@netco.example"], by=TEST)
    thread = side(cast, one, partner)
    operation = merge(cast, one, two)
    thread.thread.refresh_from_db()
    message = Message.objects.get(text="For the supplier")
    assert (thread.thread.ticket, message.ticket, message.thread, message.is_side) == (two, two, thread.thread, True)
    assert "For the supplier" not in {m.text for m in Message.objects.visible_to(Principal.of_contact(cast.carol))}
    undo(operation)
    thread.thread.refresh_from_db()
    message.refresh_from_db()
    assert (thread.thread.ticket, message.ticket, message.is_side) == (one, one, True)


def test_a_supplier_beside_the_one_never_takes_part_in_both(cast: Cast) -> None:
    one, daves = cast.ticket(), cast.ticket(requester=cast.dave)
    side(cast, one, cast.dave)
    for source, target in ((one, daves), (daves, one)):
        with pytest.raises(CannotMerge, match="side"):
            merge(cast, source, target, sure=True)


@pytest.mark.parametrize("how", ["itself", "back", "twice", "brand", "deleted"])
def test_what_cannot_be_merged(cast: Cast, how: str) -> None:
    from tresen.core.people.models import Brand

    one, two = cast.ticket(), cast.ticket()
    source, target = one, two
    if how == "itself":
        target = one
    elif how == "back":
        merge(cast, two, one)
        source, target = now(one), now(two)
    elif how == "twice":
        merge(cast, one, cast.ticket())
        source = now(one)
    elif how == "brand":
        target = cast.ticket(brand=Brand.objects.create(name="Hafen", letters="H", language="en"))
    else:
        Ticket.objects.filter(pk=two.pk).update(deleted_at=clock.now())
    with pytest.raises(CannotMerge):
        merge(cast, source, target, sure=True)


def test_what_comes_in_on_a_signpost_lands_on_the_target_and_what_is_done_there_is_refused(cast: Cast) -> None:
    one, two = cast.ticket(text="one"), cast.ticket(text="two")
    seen = now(one)
    merge(cast, one, two)
    message = write(seen, "late")
    assert message.ticket == two and message.why["merged"] == one.number
    for answer in (add_note, add_reply):
        with pytest.raises(StaleTicket):
            answer(seen, by=TEST, agent=cast.anna, content=Content("late"))
    with pytest.raises(StaleTicket):
        update_ticket(seen, by=TEST, set={"priority": 4})


def test_colleagues_come_along_only_where_they_may_see_it(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    add_participant(source, by=TEST, agent=cast.piotr, role=ParticipantRole.FOLLOWER)
    add_participant(source, by=TEST, agent=cast.ada, role=ParticipantRole.FOLLOWER)
    merge(cast, source, target)
    assert [row.agent for row in target.participants.exclude(agent=None)] == [cast.ada]


def test_a_merge_is_undone_by_whoever_may_write_on_both_within_thirty_days(cast: Cast) -> None:
    one, two = cast.ticket(), cast.ticket()
    operation = merge(cast, one, two)
    assert timedelta(days=29) < operation.undoable_until - clock.now() <= timedelta(days=30)
    with pytest.raises(CannotUndo, match="rights"):
        undo(operation, cast.piotr)
    undo(operation, cast.ada)
    assert texts(one) and texts(two)

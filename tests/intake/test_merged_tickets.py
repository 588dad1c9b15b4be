"""Mail for merged tickets: it follows the signpost, and finds its way home once they are parted again."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tests.intake.test_where_a_mail_belongs import answered
from tresen.channels.mail.compose import compose
from tresen.channels.mail.ledger import read_ledger
from tresen.channels.mail.models import Outbox, RawMail
from tresen.core.people.principals import Principal
from tresen.core.tickets import merging, undoing
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import open_link
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.services import add_reply
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db
DAVE = "Dave Hall <dave@other.example>"


def merge(desk: Desk, source: Ticket, target: Ticket) -> Operation:
    confirmed = merging.preview(source, target).exposed
    return merging.merge(source, into=target, by=Actor.agent(desk.anna), agent=desk.anna, confirmed=confirmed)


def undo(desk: Desk, operation: Operation) -> None:
    undoing.undo(operation, by=Actor.agent(desk.anna), principal=Principal.of_agent(desk.anna))


def daves(desk: Desk) -> tuple[Ticket, RawMail]:
    """Another person's ticket, and his mail."""
    row = desk.receive(mail("Me too.", sender=DAVE, message_id="<1@other.example>"), sender="dave@other.example")
    assert row.ticket
    return row.ticket, row


def test_every_kind_of_evidence_for_a_signpost_leads_to_the_target(desk: Desk) -> None:
    ticket, ours = answered(desk)
    target, _ = daves(desk)
    first = RawMail.objects.get(ticket=ticket)
    merge(desk, ticket, target)
    for headers in (
        {"in_reply_to": ours.header_id},
        {"in_reply_to": first.header_id},
        {"subject": f"Re: VPN [#{ticket.number}]"},
    ):
        row = desk.receive(mail("More.", **headers))
        assert (row.outcome, row.ticket) == ("reply", target), headers
        assert row.message and row.message.why["merged"] == ticket.number


def test_a_stranger_is_held_on_the_target_as_he_would_have_been(desk: Desk) -> None:
    ticket, ours = answered(desk)
    target, _ = daves(desk)
    merge(desk, ticket, target)
    row = desk.receive(mail("Let me in.", sender="eve@evil.example", in_reply_to=ours.header_id))
    assert (row.outcome, row.ticket) == ("held", target)


def test_after_it_is_undone_mail_goes_home_and_so_does_what_came_meanwhile(desk: Desk) -> None:
    ticket, ours = answered(desk)
    target, _ = daves(desk)
    operation = merge(desk, ticket, target)
    meanwhile = desk.receive(mail("Meanwhile.", in_reply_to=ours.header_id, message_id="<m@shop.example>"))
    undo(desk, operation)
    meanwhile.refresh_from_db()
    assert meanwhile.ticket == ticket and meanwhile.message and meanwhile.message.ticket == ticket
    for headers in ({"in_reply_to": ours.header_id}, {"in_reply_to": "<m@shop.example>"}):
        row = desk.receive(mail("Later.", **headers))
        assert (row.outcome, row.ticket) == ("reply", ticket), headers
    assert desk.receive(mail("Dave.", sender=DAVE, in_reply_to="<1@other.example>")).ticket == target
    assert read_ledger().closes


def test_an_answer_to_what_we_wrote_on_the_target_goes_home_with_its_sender(desk: Desk) -> None:
    ticket, _ = answered(desk)
    target, _ = daves(desk)
    operation = merge(desk, ticket, target)
    both = add_reply(target, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("To both of you."))
    drain()
    undo(desk, operation)
    from_carol = desk.receive(mail("Thanks.", in_reply_to=both.outgoing.get().header_id))
    assert (from_carol.outcome, from_carol.ticket) == ("reply", ticket)
    from_dave = desk.receive(mail("Thanks.", sender=DAVE, in_reply_to=both.outgoing.get().header_id))
    assert (from_dave.outcome, from_dave.ticket) == ("reply", target)
    eve = desk.receive(mail("Hello.", sender="eve@evil.example", in_reply_to=both.outgoing.get().header_id))
    assert (eve.outcome, eve.ticket) == ("held", target)


def test_an_answer_to_a_message_that_went_home_follows_it(desk: Desk) -> None:
    ticket, _ = answered(desk)
    target, _ = daves(desk)
    operation = merge(desk, ticket, target)
    to_carol = [{"role": "to", "name": "Carol", "address": "carol@shop.example"}]
    reply = add_reply(
        target, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("For you."), recipients=to_carol
    )
    drain()
    undo(desk, operation)
    reply.refresh_from_db()
    assert reply.ticket == ticket
    row = desk.receive(mail("Thanks.", in_reply_to=reply.outgoing.get().header_id))
    assert (row.outcome, row.ticket) == ("reply", ticket)


def test_mail_for_a_deleted_ticket_becomes_a_new_one(desk: Desk) -> None:
    ticket, ours = answered(desk)
    Ticket.objects.filter(pk=ticket.pk).update(deleted_at=clock.now())
    row = desk.receive(mail("More.", in_reply_to=ours.header_id))
    assert row.outcome == "new" and row.ticket != ticket


def test_a_mail_that_leaves_after_the_merge_carries_a_link_that_is_alive(desk: Desk) -> None:
    ticket, ours = answered(desk)
    target, _ = daves(desk)
    merge(desk, ticket, target)
    text = compose(Outbox.objects.get(pk=ours.pk)).get_body(("plain",))
    assert text
    token = text.get_content().partition("/t/")[2].partition("/")[0]
    link = open_link(token)
    assert link and link.ticket == target

"""The rest of the table of mail.md: settings of a mailbox and a team, plus-addresses, senders that are no identity."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.intake.conftest import Desk, mail
from tests.intake.test_where_a_mail_belongs import FORGED, PASS, answered, signed_address
from tresen.core.people.models import Brand, ClosedAnswers, Organisation, OrganisationMembership, Team
from tresen.core.people.services import create_contact, verify_mail
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import add_participant, update_ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def close(ticket: Ticket, *, days_ago: int) -> None:
    """Closed so many days ago."""
    update_ticket(ticket, by=BY, set={"status": Status.objects.default_of("closed")})
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=clock.now() - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("policy", "days", "closed_since", "outcome"),
    [
        (ClosedAnswers.LIMIT, 14, 13, "reply"),
        (ClosedAnswers.LIMIT, 14, 15, "new"),
        (ClosedAnswers.LIMIT, 60, 15, "reply"),
        (ClosedAnswers.REOPEN, 14, 900, "reply"),
        (ClosedAnswers.NEW, 14, 0, "new"),
    ],
)
def test_an_answer_to_a_closed_ticket_follows_the_policy_of_its_team(
    desk: Desk, policy: str, days: int, closed_since: int, outcome: str
) -> None:
    Team.objects.filter(pk=desk.team.pk).update(closed_answers=policy, closed_days=days)
    ticket, ours = answered(desk)
    close(ticket, days_ago=closed_since)
    row = desk.receive(mail("Me again.", in_reply_to=ours.header_id))
    ticket.refresh_from_db()
    assert row.outcome == outcome and row.ticket
    if outcome == "new":
        assert (row.ticket.follows, row.ticket.follows_reason, ticket.status_category) == (ticket, "late", "closed")
    else:
        assert (row.ticket, ticket.status_category) == (ticket, "open")


def test_a_machine_does_not_wake_a_closed_ticket(desk: Desk) -> None:
    ticket, ours = answered(desk)
    close(ticket, days_ago=400)
    row = desk.receive(mail("I am away.", in_reply_to=ours.header_id, auto_submitted="auto-replied"))
    ticket.refresh_from_db()
    assert (row.outcome, row.ticket, ticket.status_category) == ("automatic", ticket, "closed")


@pytest.mark.parametrize(("tag", "team", "brand"), [
    ("lager", "Lager", "Lindhafen IT"), ("h", "Netz", "Hafenamt"), ("h.lager", "Lager", "Hafenamt"),
    ("LAGER", "Lager", "Lindhafen IT"), ("unknown", "Netz", "Lindhafen IT"), ("closed", "Netz", "Lindhafen IT"),
])  # fmt: skip
@pytest.mark.parametrize("where", ["envelope", "to", "delivered_to"])
def test_a_word_behind_the_plus_chooses_team_and_brand(desk: Desk, tag: str, team: str, brand: str, where: str) -> None:
    Team.objects.create(name="Lager", slug="lager")
    Team.objects.create(name="Closed", slug="closed", is_active=False)
    Brand.objects.create(name="Hafenamt", letters="H")
    address = f"help+{tag}@desk.example"
    if where == "envelope":
        row = desk.receive(mail(), to=address)
    elif where == "to":
        row = desk.receive(mail(to=f"Help <{address}>"))
    else:
        row = desk.receive(mail(delivered_to=address))
    assert row.ticket and row.ticket.team and (row.ticket.team.name, row.ticket.brand.name) == (team, brand)
    assert row.ticket.number.startswith(brand[0] if brand == "Hafenamt" else "T")


def test_a_word_behind_the_plus_of_another_address_chooses_nothing(desk: Desk) -> None:
    Team.objects.create(name="Lager", slug="lager")
    row = desk.receive(mail(to="Help <help@desk.example>, x <sales+lager@other.example>"))
    assert row.ticket and row.ticket.team == desk.team


def test_a_strict_mailbox_holds_a_participant_without_proof(desk: Desk) -> None:
    ticket, ours = answered(desk)
    type(desk.mailbox).objects.update(is_strict=True)
    subject = f"Re: VPN [#{ticket.number}]"
    assert desk.receive(mail("Hm.", subject=subject)).outcome == "held"
    assert desk.receive(mail("Hm!", subject=subject, authentication_results=PASS)).outcome == "reply"
    assert desk.receive(mail("Hm?", in_reply_to=ours.header_id)).outcome == "reply"


@pytest.mark.parametrize(("joins", "strong", "outcome"), [
    (False, True, "held"), (True, True, "reply"), (False, False, "held"), (True, False, "held"),
])  # fmt: skip
def test_a_colleague_of_the_customer_is_held_or_joins_by_setting(
    desk: Desk, joins: bool, strong: bool, outcome: str
) -> None:
    shop = Organisation.objects.create(name="Shop", domains=["shop.example"])
    carol = create_contact(name="Carol Brandt", mails=["carol@shop.example"], organisation=shop, by=BY)
    bob = create_contact(name="Bob", mails=["bob@shop.example"], by=BY)
    assert OrganisationMembership.objects.filter(contact__in=[carol, bob]).count() == 2
    type(desk.mailbox).objects.update(colleagues_join=joins)
    ticket, ours = answered(desk)
    headers = {"in_reply_to": ours.header_id} if strong else {"subject": f"VPN [#{ticket.number}]"}
    row = desk.receive(mail("Me too.", sender="bob@shop.example", **headers))
    assert (row.outcome, row.ticket) == (outcome, ticket)
    assert row.message and row.message.contact == bob and ticket.participants.count() == 1


def test_a_mail_without_one_from_line_has_no_place(desk: Desk) -> None:
    """What stands for it (Sender, Reply-To) is a makeshift, chosen by whoever wrote the mail."""
    ticket, ours = answered(desk)
    two = mail("Evil.", sender="x@evil.example\r\nFrom: y@evil.example", reply_to="carol@shop.example",
               in_reply_to=ours.header_id)  # fmt: skip
    row = desk.receive(two, sender="x@evil.example")
    assert (row.outcome, row.ticket) == ("held", ticket)


def test_a_new_ticket_in_a_forged_name_is_not_the_victims(desk: Desk) -> None:
    carol = create_contact(name="Carol Brandt", mails=["carol@shop.example"], by=BY)
    verify_mail(carol, by=BY)
    row = desk.receive(mail("Evil.", authentication_results=FORGED))
    assert row.ticket and row.ticket.is_unconfirmed and row.message and row.message.trust == "anonymous"


def test_an_alias_of_a_participant_is_the_participant(desk: Desk) -> None:
    ticket, ours = answered(desk)
    from tresen.core.people.services import add_identity

    add_identity(ticket.requester, kind="mail", value="cb@other.example")
    row = desk.receive(mail("From home.", sender="cb@other.example", in_reply_to=ours.header_id))
    assert (row.outcome, row.ticket) == ("reply", ticket)
    assert row.message and row.message.why["role"] == "requester"


def test_somebody_in_copy_joins_as_such(desk: Desk) -> None:
    ticket, ours = answered(desk)
    add_participant(ticket, by=BY, contact=create_contact(name="Dan", mails=["dan@shop.example"], by=BY))
    row = desk.receive(mail("Hm.", sender="dan@shop.example"), to=signed_address(ours))
    assert row.outcome == "reply" and row.message and row.message.why["role"] == "cc"


def test_weak_evidence_counts_only_within_the_brand(desk: Desk) -> None:
    ticket, ours = answered(desk)
    other = Brand.objects.create(name="Hafenamt", letters="H")
    type(desk.mailbox).objects.create(address="amt@desk.example", brand=other)
    weak = desk.receive(mail("Hm.", subject=f"[#{ticket.number}]", to="amt@desk.example"), to="amt@desk.example")
    assert weak.outcome == "new" and weak.ticket and weak.ticket.brand == other
    strong = desk.receive(mail("Hm.", in_reply_to=ours.header_id, to="amt@desk.example"), to="amt@desk.example")
    assert (strong.outcome, strong.ticket) == ("reply", ticket)


def test_an_alarm_becomes_a_ticket_only_where_that_is_wanted(desk: Desk) -> None:
    alarm = {"sender": "nagios@shop.example", "auto_submitted": "auto-generated"}
    assert desk.receive(mail("Disk full.", **alarm)).outcome == "automatic"
    type(desk.mailbox).objects.update(keeps_machines=True)
    assert desk.receive(mail("Disk fuller.", **alarm)).outcome == "new"
    answers = {**alarm, "in_reply_to": "<x@y.example>"}
    assert desk.receive(mail("Received.", **answers)).outcome == "automatic"


def test_another_address_for_answers_is_kept_as_a_fact_and_joins_nobody(desk: Desk) -> None:
    row = desk.receive(mail(reply_to="mallory@evil.example"))
    assert row.message and row.message.why["reply_to"] == "mallory@evil.example"
    assert row.ticket and [str(p.contact) for p in row.ticket.participants.all()] == ["Carol Brandt"]

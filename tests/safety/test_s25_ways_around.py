"""S25: what one may not do in one way, one cannot do in another: a new ticket for somebody, a copy, an undo (P4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import TEST, json
from tests.safety.role_house import House, make_house
from tresen.core.people.models import Agent, TeamMembership
from tresen.core.people.principals import Principal
from tresen.core.people.roles import create_role
from tresen.core.tickets import operations, undoing
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import add_note, update_ticket
from tresen.spine.events.actors import Actor


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def as_one_with(house: House, *rights: str) -> Agent:
    """The reader, with these rights."""
    create_role(name="clerk", rights=rights, by=TEST)
    Agent.objects.filter(pk=house.agents["reader"].pk).update(role="clerk")
    return Agent.objects.select_related("role").get(pk=house.agents["reader"].pk)


def test_s25_a_new_ticket_is_given_to_others_by_whoever_may_assign(house: House) -> None:
    clerk = as_one_with(house, "see", "see_loose", "create")
    api, browser = house.cast.calls(clerk), house.cast.browser(clerk)
    body = {"subject": "New", "body_text": "x", "requester": {"email": "eve@new.example"}, "team": "netz"}
    before = Ticket.objects.count()
    assert api.post("/tickets", {**body, "assignee": house.agents["admin"].user.email}).status_code == 403
    form = {"name": "Eve", "mail": "eve@new.example", "channel": "phone", "subject": "New", "text": "x",
            "impact": "1", "urgency": "2", "once": "b" * 32, "team": house.cast.netz.pk}  # fmt: skip
    assert browser.post("/desk/new/", {**form, "assignee": house.agents["admin"].pk}).status_code == 422
    assert Ticket.objects.count() == before
    json(api.post("/tickets", {**body, "assignee": clerk.user.email}), 201)
    assert browser.post("/desk/new/", {**form, "assignee": clerk.pk}).status_code == 302
    # Who may assign does so in the teams where he may.
    agent = house.agents["agent"]
    TeamMembership.objects.filter(agent=agent).update(role="reader")
    for team, status in ((house.cast.netz, 422), (house.cast.orders, 302)):
        wanted = {**form, "once": f"{team.slug:c>32}", "team": team.pk, "assignee": house.agents["admin"].pk}
        assert house.browser("agent").post("/desk/new/", wanted).status_code == status, team


def test_s25_who_may_only_answer_puts_nobody_in_copy(house: House) -> None:
    clerk = as_one_with(house, "see", "reply")
    message = Message.objects.filter(ticket=house.ticket).latest("pk")
    reply = {"kind": "reply", "reply_text": "x", "then": "send", "to": "carol@faehrholm.example",
             "seen": str(message.pk)}  # fmt: skip
    browser, path = house.cast.browser(clerk), house.addresses["desk:ticket-write"]
    refused = browser.post(path, {**reply, "add_cc": "bob@shop.example"})
    assert refused.status_code == 422 and "put anybody new in copy" in refused.content.decode()
    assert house.ticket.participants.exclude(contact=None).count() == 1
    assert browser.post(path, reply).status_code == 302


def test_s25_an_undo_takes_the_right_that_the_act_took(house: House) -> None:
    clerk = as_one_with(house, "see", "change", "note", "assign")
    clerk.teams.add(house.cast.orders)
    by = Actor.agent(clerk)

    def undo(operation: Any) -> list[str]:
        found = Principal.of_agent(Agent.objects.select_related("role").get(pk=clerk.pk))
        return undoing.undo(operation, by=by, principal=found).tickets

    def done(**values: Any) -> Any:
        operation = operations.start("change", agent=clerk)
        update_ticket(house.ticket, by=by, set=values, operation=operation)
        return operation

    def there(role: str) -> None:
        TeamMembership.objects.filter(agent=clerk).update(role=role)

    create_role(name="changer", rights=["see", "change"], by=TEST)
    create_role(name="noter", rights=["see", "note"], by=TEST)
    category = create_category(names={"en": "Cables"}, by=TEST)
    for given in ({"team": house.cast.orders}, {"team": house.cast.orders, "category": category}):
        handed = done(**given)
        there("changer")
        with pytest.raises(undoing.CannotUndo, match="rights"):
            undo(handed)
        TeamMembership.objects.filter(agent=clerk).update(role=None)
        assert undo(handed) == [house.ticket.number], "a refusal does not spend it"
    taken = done(assignee=clerk)
    there("changer")
    assert undo(taken) == [house.ticket.number], "what one takes oneself is a change"
    changed, noted = done(urgency=3), operations.start("change", agent=clerk)
    add_note(house.ticket, by=by, agent=clerk, content=Content("look"), operation=noted)
    there("noter")
    assert undo(noted) == [house.ticket.number]
    with pytest.raises(undoing.CannotUndo, match="rights"):
        undo(changed)

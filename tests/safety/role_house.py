"""One agent of each role, built in and of the desk's own, and what they can be asked about."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tests.house.test_access import real_addresses
from tresen.core.people.models import Agent, Role, User
from tresen.core.people.principals import Principal
from tresen.core.people.roles import create_role
from tresen.core.tickets.binning import delete_ticket
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.drafts import Writing, save_draft
from tresen.core.tickets.models import Draft, Ticket
from tresen.core.tickets.reviews import ask_review
from tresen.core.tickets.services import add_received
from tresen.faces.api.limits import requests_of_tokens

OWN = {
    "reader": ("see", "see_loose"),
    "trainee": ("see", "see_loose", "note", "change"),
    "keeper": (
        "see", "see_loose", "see_all", "create", "reply", "note", "change", "assign", "set_people", "set_tokens"
    ),
}  # fmt: skip
ROLES = (*Role.BUILT_IN, *OWN)


@dataclass
class House:
    """One agent of each role, all of team Netz, and a ticket there with what can lie on one."""

    cast: Cast
    agents: dict[str, Agent]
    ticket: Ticket
    binned: Ticket
    other: Ticket
    draft: Draft
    addresses: dict[str, str]

    def principal(self, role: str) -> Principal:
        """As the desk sees him now."""
        return Principal.of_agent(Agent.objects.select_related("role").get(pk=self.agents[role].pk))

    def browser(self, role: str) -> Client:
        """He is signed in."""
        return self.cast.browser(self.agents[role])

    def held(self, role: str) -> frozenset[str]:
        """What the role allows, by the table."""
        return Role.objects.get(key=role).held


def make_house() -> House:
    """The house, in the database of the test."""
    requests_of_tokens.forget()
    cast = make_cast()
    for name, rights in OWN.items():
        create_role(name=name, rights=rights, by=TEST)
    agents = {}
    for role in ROLES:
        user = User.objects.create(email=f"{role}@lindhafen.example", name=role)
        agents[role] = Agent.objects.create(user=user, role_id=role)
        agents[role].teams.add(cast.netz)
    # A lead whom the other one can ask.
    Agent.objects.filter(pk=cast.anna.pk).update(role=Role.TEAM_LEAD)
    ticket, binned, other = cast.ticket(), cast.ticket("Gone"), cast.ticket("Other")
    message = add_received(ticket, by=TEST, contact=cast.carol, content=Content("x"), channel="mail", trust="claimed")
    file = prepare_file([b"hello"], filename="log.txt")
    file.message = message
    file.save()
    delete_ticket(binned, by=TEST, agent=cast.ada)
    draft = save_draft(ticket, agent=cast.ada, kind="note", writing=Writing("look"))
    ask_review(draft, by=TEST, team=cast.netz)
    ticket.refresh_from_db()
    addresses = real_addresses(cast, ticket, role_id=Role.objects.get(key="reader").pk)
    return House(cast, agents, ticket, binned, other, Draft.objects.get(pk=draft.pk), addresses)

"""A small desk to search in: two teams, their agents, an administrator, a requester and a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tresen.core.people.models import Agent, Brand, Contact, Role, Team, User
from tresen.core.people.principals import Principal
from tresen.core.people.services import create_contact
from tresen.core.tickets import services
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.service.search.services import SearchPage, search_tickets
from tresen.spine.events.actors import Actor

MAIL = Actor.system("mail")


@dataclass
class Desk:
    """The cast, and short words for what the tests do."""

    network: Team
    orders: Team
    anna: Agent
    piotr: Agent
    ada: Agent
    carol: Contact
    dave: Contact

    def ticket(self, subject: str, text: str = "", *, team: Team | None = None, **more: Any) -> Ticket:
        """A ticket of carol's."""
        return services.create_ticket(
            by=MAIL,
            requester=more.pop("requester", self.carol),
            subject=subject,
            content=Content(text),
            channel=Channel.MAIL,
            team=team,
            **more,
        )

    def note(self, ticket: Ticket, text: str) -> Message:
        """An internal note of anna's."""
        return services.add_note(ticket, by=Actor.agent(self.anna), agent=self.anna, content=Content(text))

    def reply(self, ticket: Ticket, text: str) -> Message:
        """A reply of anna's."""
        return services.add_reply(ticket, by=Actor.agent(self.anna), agent=self.anna, content=Content(text))

    def received(self, ticket: Ticket, text: str, **more: Any) -> Message:
        """Another mail of carol's."""
        return services.add_received(
            ticket, by=MAIL, contact=self.carol, content=Content(text), channel="mail", trust=Trust.CLAIMED, **more
        )

    def page(self, who: Agent | Contact, query: str, **more: Any) -> SearchPage:
        """What somebody finds."""
        principal = Principal.of_agent(who) if isinstance(who, Agent) else Principal.of_contact(who)
        return search_tickets(principal, query, **more)

    def find(self, who: Agent | Contact, query: str) -> list[str]:
        """The subjects that somebody finds, newest first."""
        return [ticket.subject for ticket in self.page(who, query).items]


@pytest.fixture
def desk(db: None) -> Desk:
    Brand.objects.create(name="Lindhafen", letters="T", is_default=True)
    teams = [
        Team.objects.create(name=name, slug=slug) for name, slug in (("Netz & Łącza", "netz"), ("Orders", "orders"))
    ]
    agents = []
    for name, role, team in (("Anna Öztürk", "agent", 0), ("Piotr Lis", "agent", 1), ("Ada Berg", Role.ADMIN, None)):
        user = User.objects.create(email=f"{name.split()[0].lower()}@lindhafen.example", name=name)
        agent = Agent.objects.create(user=user, role_id=role)
        agent.teams.set([] if team is None else [teams[team]])
        agents.append(agent)
    contacts = [
        create_contact(name=name, mails=[f"{name.lower()}@kunde.example"], by=MAIL) for name in ("Carol", "Dave")
    ]
    return Desk(*teams, *agents, *contacts)

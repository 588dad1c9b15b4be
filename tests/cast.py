"""The cast of tests that speak HTTP: two teams that do not see each other's tickets, two organisations, their people.

`anna` (team Netz) and `piotr` (team Orders) are agents, `ada` administers; `carol` of Fährholm asks Netz, `dave` of
Harrowmere asks Orders.
"""

from __future__ import annotations

import json as stdlib_json
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from tresen.channels.mail.models import Mailbox
from tresen.core.people.models import Agent, Brand, Contact, Organisation, Role, Team, User
from tresen.core.people.services import create_contact
from tresen.core.people.tokens import create_token
from tresen.core.tickets import services
from tresen.core.tickets.choices import Channel
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor

TEST = Actor.system("test")
PASSWORD = "correct-horse-battery"


class Caller:
    """A program with a token (or without one) that speaks to the interface."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; `path` below /api/v1 unless it begins there. Keyword headers: `if_match='"3"'`."""
        url = path if path.startswith("/api") else f"/api/v1{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            named.setdefault("Authorization", f"Bearer {self.token}")
        if body is None:
            return self.client.generic(method, url, headers=named)
        data = body if isinstance(body, bytes) else stdlib_json.dumps(body).encode()
        kind = named.pop("content-type", "application/json")
        return self.client.generic(method, url, data, content_type=kind, headers=named)

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Make."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        """Change."""
        return self.send("PATCH", path, body, **headers)


def json(response: HttpResponse, status: int | None = None) -> Any:
    """The body as JSON; fails with it when the status is another."""
    if status is not None:
        assert response.status_code == status, (response.status_code, response.content[:2000])
    return orjson.loads(response.content)


@dataclass
class Cast:
    """Everybody, and short words for what the tests do."""

    brand: Brand
    netz: Team
    orders: Team
    anna: Agent
    piotr: Agent
    ada: Agent
    faehrholm: Organisation
    harrowmere: Organisation
    carol: Contact
    dave: Contact
    tokens: dict[tuple[int, tuple[str, ...]], str] = field(default_factory=dict)

    def token(self, agent: Agent, *scopes: str, days: int = 90) -> str:
        """A token of the agent, of all scopes unless said otherwise."""
        wanted = scopes or ("admin",)
        key = (agent.pk, (*wanted, str(days)))
        if key not in self.tokens:
            self.tokens[key] = create_token(agent, name="test", scopes=wanted, days=days, by=TEST)
        return self.tokens[key]

    def calls(self, agent: Agent, *scopes: str) -> Caller:
        """A program of that agent's."""
        return Caller(self.token(agent, *scopes))

    def ticket(self, subject: str = "VPN", text: str = "The VPN is down.", **more: Any) -> Ticket:
        """A ticket of carol's with the team Netz."""
        more.setdefault("requester", self.carol)
        more.setdefault("team", self.netz)
        return services.create_ticket(by=TEST, subject=subject, content=Content(text), channel=Channel.MAIL, **more)

    def browser(self, agent: Agent) -> Client:
        """A browser in which the agent is signed in."""
        client = Client(raise_request_exception=False)
        client.force_login(agent.user)
        return client


def make_cast() -> Cast:
    """The cast, in the database of the test."""
    brand = Brand.objects.create(name="Lindhafen IT", letters="T", is_default=True, language="en")
    Mailbox.objects.create(address="help@lindhafen.example", brand=brand, acknowledges=False)
    netz, orders = (Team.objects.create(name=name, slug=name.lower()) for name in ("Netz", "Orders"))
    organisations = [Organisation.objects.create(name=name) for name in ("Fährholm Logistik", "Harrowmere Council")]
    people = [
        ("anna", "Anna Kowalczyk", Role.AGENT),
        ("piotr", "Piotr Wieczorek", Role.AGENT),
        ("ada", "Ada Berg", Role.ADMIN),
    ]
    agents = []
    for short, name, role in people:
        user = User(email=f"{short}@lindhafen.example", name=name)
        user.set_password(PASSWORD)
        user.save()
        agents.append(Agent.objects.create(user=user, role_id=role))
    agents[0].teams.add(netz)
    agents[1].teams.add(orders)
    contacts = [
        create_contact(name=name, mails=[f"{name.lower()}@{domain}.example"], organisation=organisation, by=TEST)
        for name, domain, organisation in (
            ("Carol", "faehrholm", organisations[0]),
            ("Dave", "harrowmere", organisations[1]),
        )
    ]
    return Cast(brand, netz, orders, *agents, *organisations, *contacts)

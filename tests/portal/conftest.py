"""A small desk with its counter: a brand, a mailbox, agents, two customers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tresen.channels.mail.models import Mailbox
from tresen.core.people.models import Agent, Brand, Contact, Role, User
from tresen.core.people.services import create_contact, main_mail, verify_mail
from tresen.core.tickets import services
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.spine.events.actors import Actor

MAIL = Actor.system("mail")


@dataclass
class Counter:
    """The cast, and short words for what the tests do."""

    brand: Brand
    mailbox: Mailbox
    anna: Agent
    carol: Contact
    dave: Contact

    def ticket(self, subject: str = "VPN drops", text: str = "It drops every 20 minutes.", **more: Any) -> Ticket:
        """A ticket of carol's that came by mail."""
        return services.create_ticket(
            by=MAIL, requester=more.pop("requester", self.carol), subject=subject, content=Content(text),
            channel="mail", brand=self.brand, **more,
        )  # fmt: skip

    def reply(self, ticket: Ticket, text: str = "We look into it.", **more: Any) -> Message:
        """An answer of anna's."""
        return services.add_reply(ticket, by=Actor.agent(self.anna), agent=self.anna, content=Content(text), **more)

    def note(self, ticket: Ticket, text: str, **more: Any) -> Message:
        """An internal note of anna's."""
        return services.add_note(ticket, by=Actor.agent(self.anna), agent=self.anna, content=Content(text), **more)

    def solve(self, ticket: Ticket) -> None:
        """Anna says that it is solved."""
        services.update_ticket(ticket, by=Actor.agent(self.anna), set={"status": status("solved")})

    def link(self, ticket: Ticket, contact: Contact | None = None, *, by_mail: bool = True) -> str:
        """The path of a personal link."""
        whose = contact or ticket.requester
        return f"/t/{mint_link(ticket, whose, by_mail=by_mail, address=main_mail(whose) if by_mail else '')}/"

    def account(self, contact: Contact) -> User:
        """An account for that customer."""
        user = User.objects.create(email=f"{contact.name.split()[0].lower()}@kunde.example", name=contact.name)
        contact.user = user
        contact.save()
        return user


def status(category: str) -> Status:
    """The usual status of a category."""
    found: Status = Status.objects.default_of(category)
    return found


@pytest.fixture
def counter(db: None) -> Counter:
    brand = Brand.objects.create(name="Lindhafen IT", letters="T", is_default=True, timezone="Europe/Berlin")
    mailbox = Mailbox.objects.create(address="hilfe@lindhafen.example", brand=brand)
    agents = []
    for name, role in (("Ada Berg", Role.ADMIN), ("Anna Kowalczyk", Role.AGENT)):
        user = User.objects.create(email=f"{name.split()[0].lower()}@lindhafen.example", name=name)
        agents.append(Agent.objects.create(user=user, role_id=role))
    carol = create_contact(name="Carola Brandt", mails=["carola@kunde.example"], language="en", by=MAIL)
    dave = create_contact(name="Dave Stone", mails=["dave@other.example"], language="en", by=MAIL)
    verify_mail(carol, by=MAIL)
    return Counter(brand, mailbox, agents[1], carol, dave)


@pytest.fixture
def browser() -> Client:
    """A visitor's browser that checks CSRF as in life."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of a page, but for the CSRF token."""
    found = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1]
    return found


def send(browser: Client, path: str, *, at: str = "", **values: Any) -> Any:
    """Opens the page, fills its form in and sends it to `at` (the same address unless said otherwise)."""
    hidden = hidden_fields(browser.get(path).content.decode())
    token = {"csrfmiddlewaretoken": browser.cookies["tresen-csrf"].value}
    return browser.post(at or path, {**token, **hidden, **values})

"""Sets the sample's house up: brands, teams, agents, mailboxes, organisations, contacts and the accounts that can
sign in. Through the services where there is one; nothing is mailed to anybody."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.channels.mail.mailboxes import create_mailbox
from tresen.channels.mail.models import Mailbox
from tresen.core.attendance.services import add_absence
from tresen.core.people.brands import create_brand
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent, Brand, Contact, Identity, Organisation, OrganisationMembership, Team, User
from tresen.core.people.office_hours import calendar
from tresen.core.people.organisations import create_organisation
from tresen.core.people.services import add_identity, create_contact
from tresen.core.people.teams import create_team, update_team
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.field_models import FieldKind
from tresen.core.tickets.models import Status, Tag
from tresen.faces.cli.sample.stories import People
from tresen.service.routing.settings import set_agent
from tresen.spine.events.actors import Actor

BY = Actor.system("sample")
ZONES = {"de": "Europe/Berlin", "pl": "Europe/Warsaw", "en": "Europe/London"}
_VERIFIED_BEFORE = timedelta(days=200)


@dataclass(frozen=True)
class Account:
    """Someone who can sign in to the sample desk; the password is made at random for this one desk."""

    role: str
    email: str
    password: str


@dataclass
class Person:
    """A contact as the writer of tickets needs him: his row, the address we write to, his organisation and what his
    mail program adds."""

    contact: Contact
    mail: str = ""
    organisation: Organisation | None = None
    client: str = "none"
    signature: str = ""
    disclaimer: str = ""
    logo: str = ""
    authenticates: bool = False
    unconfirmed: bool = False
    signs_in: bool = False

    @property
    def language(self) -> str:
        """de, pl or en."""
        return self.contact.language or "en"


@dataclass
class House:
    """Everybody and everything by key."""

    brands: dict[str, Brand] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)

    @property
    def agent_names(self) -> dict[str, str]:
        """Agents' keys to their names."""
        return {key: agent.user.name for key, agent in self.agents.items()}


@transaction.atomic
def build_house(people: People, *, now: datetime) -> House:
    """Makes all of it on an empty desk."""
    house = House(statuses={category: Status.objects.default_of(category) for category in _CATEGORIES})
    for table in people.brands:
        _add_brand(house, table)
    for place, table in enumerate(people.categories):
        names, below = {language: table[language] for language in ZONES}, house.categories.get(table.get("below", ""))
        house.categories[table["key"]] = create_category(
            names=names, parent=below, brand=house.brands.get(table.get("brand", "")), position=place, by=BY
        )
    _add_fields()
    for table in people.teams:
        description = table["description"]
        team = create_team(name=table["name"], description=description, by=BY)
        house.teams[table["key"]] = update_team(team, set={"level": table["level"]}, by=BY)
    for table in people.agents:
        _add_agent(house, table)
    first = (now + timedelta(days=24)).date()
    add_absence(
        house.agents["jonas"], kind="holiday", starts_on=first, ends_on=first + timedelta(days=11),
        substitute=house.agents["yusuf"], by=BY,
    )  # fmt: skip
    for address, mailbox in house.mailboxes.items():
        if address.startswith("hilfe@"):
            mailbox.team = house.teams["desk"]
            mailbox.save(update_fields=["team"])
    tables = {table["key"]: table for table in people.organisations}
    for key, table in tables.items():
        house.organisations[key] = create_organisation(
            name=table["name"], domains=[table["domain"]], is_vip=table.get("vip", False), by=BY
        )
    for table in people.contacts:
        _add_contact(house, table, tables, now)
    return house


_CATEGORIES = ("new", "open", "waiting", "on_hold", "solved", "closed")


def _add_brand(house: House, table: dict[str, Any]) -> None:
    fields = {name: table[name] for name in ("name", "letters", "language", "timezone", "accent_hue", "accent_chroma")}
    fields["office_hours"] = calendar(table["office_hours"], timezone=table["timezone"])
    fields |= {"is_default": table.get("default", False), "off_hours": table.get("off_hours", {})}
    fields |= {name: table.get(name, "") for name in ("phone", "fax")}
    brand = house.brands[table["key"]] = create_brand(set=fields, by=BY)
    for address in table["mailboxes"]:
        language = "en" if address.startswith("support@") else table["language"]
        values = {"address": address, "name": table["name"], "brand": brand, "language": language}
        house.mailboxes[address] = create_mailbox(set=values, by=BY)


def _add_fields() -> None:
    """Two that a desk for computers soon wants."""
    serial = {"en": "Serial number", "de": "Seriennummer", "pl": "Numer seryjny"}
    create_field(names=serial, kind=FieldKind.TEXT, position=1, types=["incident"], is_searched=True, by=BY)
    sites = [
        {"en": "At home", "de": "Zu Hause", "pl": "W domu"},
        {"en": "In the office", "de": "Im Büro", "pl": "W biurze"},
        {"en": "On the road", "de": "Unterwegs", "pl": "W podróży"},
    ]
    site = {"en": "Where it happens", "de": "Wo es auftritt", "pl": "Gdzie to się dzieje"}
    choices = [{"names": one} for one in sites]
    create_field(names=site, kind=FieldKind.CHOICE, position=2, choices=choices, for_customers=True, by=BY)


def _add_agent(house: House, table: dict[str, Any]) -> None:
    password = _password(house, table, table["role"]) if table.get("login") else None
    user = _user(table["email"], table["name"], table["language"], table["timezone"], password)
    agent = Agent.objects.create(user=user, role_id=table["role"], signature=table["signature"])
    agent.teams.set([house.teams[key] for key in table["teams"]])
    if skills := [house.categories[key] for key in table.get("skills", ())]:
        languages = table.get("speaks", [])
        set_agent(agent, cap=table.get("cap"), channel_caps={}, skills=skills, languages=languages, by=BY)
    house.agents[table["key"]] = agent


def _password(house: House, table: dict[str, Any], role: str) -> str:
    password = secrets.token_urlsafe(12)
    email = table.get("email") or table["emails"][0]
    house.accounts.append(Account("admin" if role == "admin" else role, email, password))
    return password


def _user(email: str, name: str, language: str, zone: str, password: str | None) -> User:
    user = User(email=fold_mail(email), name=name, language=language, timezone=zone)
    user.set_password(password)
    user.save()
    return user


def _add_contact(house: House, table: dict[str, Any], organisations: dict[str, Any], now: datetime) -> None:
    keys = table.get("organisations", [])
    main = organisations[keys[0]] if keys else {}
    language = table.get("language") or main["language"]
    contact = create_contact(
        name=table["name"], mails=table.get("emails", ()), phones=table.get("phones", ()), language=language,
        notes=table.get("note", ""), organisation=house.organisations[keys[0]] if keys else None, by=BY,
    )  # fmt: skip
    for number in table.get("faxes", ()):
        add_identity(contact, kind="fax", value=number, is_main=True)
    if keys:
        OrganisationMembership.objects.filter(contact=contact).update(title=table.get("title", "")[:120])
    for key in keys[1:]:
        OrganisationMembership.objects.create(contact=contact, organisation=house.organisations[key], is_main=False)
    unconfirmed = table.get("unconfirmed", False)
    if not unconfirmed:
        Identity.objects.filter(contact=contact, kind="mail").update(verified_at=now - _VERIFIED_BEFORE)
    contact.timezone, contact.is_vip = ZONES[language], table.get("vip", False)
    if table.get("login"):
        password = _password(house, table, "customer")
        contact.user = _user(table["emails"][0], table["name"], language, ZONES[language], password)
    contact.save(update_fields=["timezone", "is_vip", "user"])
    house.people[table["key"]] = Person(
        contact=contact, mail=next(iter(table.get("emails", ())), ""),
        organisation=house.organisations[keys[0]] if keys else None, client=table.get("client", "none"),
        signature=table.get("signature", "").strip(), disclaimer=main.get("disclaimer", "").strip(),
        logo=main.get("logo", ""), authenticates=main.get("authenticates", False), unconfirmed=unconfirmed,
        signs_in=bool(table.get("login")),
    )  # fmt: skip

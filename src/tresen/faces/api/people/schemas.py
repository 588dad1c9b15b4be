"""What the interface shows and takes of people: contacts, organisations, agents, teams, brands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from tresen.core.people.models import LANGUAGES, IdentityKind
from tresen.faces.api.inputs import Address, ById, FilledLine, Input, Line, Text, one_of, optional

Language = Annotated[str, one_of(code for code, _name in LANGUAGES)]
LanguageOrNone = Annotated[str, one_of(["", *(code for code, _name in LANGUAGES)])]
Addresses = Annotated[list[Address], Field(max_length=20)]
Notes = Annotated[Text, Field(max_length=4000)]


class OrganisationRef(BaseModel):
    """An organisation where something else names it."""

    id: int
    name: str


class ContactRef(BaseModel):
    """A contact where something else names it."""

    id: int
    name: str
    email: str | None = Field(description="the address we write to")


class TeamRef(BaseModel):
    """A team where something else names it."""

    id: int
    slug: str
    name: str


class AgentRef(BaseModel):
    """An agent where something else names it."""

    id: int
    name: str
    email: str


class BrandRef(BaseModel):
    """A brand where something else names it."""

    id: int
    name: str


class Identity(BaseModel):
    """An address or number of a contact."""

    kind: Annotated[str, one_of(IdentityKind.values)]
    value: str
    main: bool
    verified: bool
    undeliverable: bool


class Contact(BaseModel):
    """A person who asks for help."""

    id: int
    name: str
    email: str | None = Field(description="the address we write to")
    identities: list[Identity]
    language: LanguageOrNone = Field(description="empty: not known")
    timezone: str
    vip: bool
    notes: str
    organisation: OrganisationRef | None = Field(description="the main one")
    organisations: list[OrganisationRef]
    sees_organisation: bool = Field(description="sees and answers all tickets of the main one in the portal")
    created_at: datetime
    version: int


class Contacts(BaseModel):
    """A page of contacts."""

    items: list[Contact]
    next: str | None = Field(description="cursor of the next page")


class ContactCreate(Input):
    """A new contact."""

    name: FilledLine
    emails: Addresses = optional("the first is the main one")
    phones: Addresses = optional("the first is the main one")
    email: Address = optional("short for `emails` with one entry")
    phone: Address = optional("short for `phones` with one entry")
    language: Language = optional()
    notes: Notes = optional()
    organisation: ById | int | None = optional("its id")


class ContactChange(Input):
    """Fields of a contact to change; those left out stay as they are."""

    name: FilledLine = optional()
    emails: Addresses = optional("all of them; the first is the main one")
    phones: Addresses = optional("all of them; the first is the main one")
    language: LanguageOrNone = optional()
    timezone: Line = optional("as `Europe/Berlin`")
    vip: bool = optional()
    notes: Notes = optional()
    organisation: ById | int | None = optional("id of the main one, or null")
    sees_organisation: bool = optional("whether all tickets of the main one are shown in the portal")


class Organisation(BaseModel):
    """A client company, council, practice."""

    id: int
    name: str
    domains: list[str]
    vip: bool = Field(description="all of its people are")
    notes: str
    created_at: datetime


class Organisations(BaseModel):
    """A page of organisations."""

    items: list[Organisation]
    next: str | None = Field(description="cursor of the next page")


class OrganisationChange(Input):
    """Fields of an organisation to change."""

    name: FilledLine = optional()
    domains: Annotated[list[Address], Field(max_length=100)] = optional("who writes from there belongs to it")
    vip: bool = optional("all of its people are")
    notes: Notes = optional()


class OrganisationCreate(OrganisationChange):
    """A new organisation."""

    name: FilledLine


class TeamOfAgent(TeamRef):
    """A team with the role somebody has there."""

    role: str | None = Field(description="key of the role in this team; null: the agent’s own")


class Agent(BaseModel):
    """Someone who answers tickets."""

    id: int
    name: str
    email: str
    role: str = Field(description="key of the role: `agent`, `team_lead`, `admin` or one of the desk’s own")
    teams: list[TeamOfAgent]
    active: bool
    created_at: datetime


class Role(BaseModel):
    """A set of rights with a name."""

    key: str
    name: str
    description: str
    built_in: bool
    rights: list[str]


class Roles(BaseModel):
    """A page of roles."""

    items: list[Role]
    next: str | None = Field(description="cursor of the next page")


class Agents(BaseModel):
    """A page of agents."""

    items: list[Agent]
    next: str | None = Field(description="cursor of the next page")


class Team(BaseModel):
    """A staff group that tickets can belong to."""

    id: int
    slug: str
    name: str
    description: str
    active: bool


class Teams(BaseModel):
    """A page of teams."""

    items: list[Team]
    next: str | None = Field(description="cursor of the next page")


class TeamChange(Input):
    """Fields of a team to change."""

    name: FilledLine = optional()
    slug: Line = optional("short name: a-z, 0-9 and hyphens")
    description: Line = optional()
    active: bool = optional("false: gets no new tickets")


class TeamCreate(Input):
    """A new team."""

    name: FilledLine
    slug: Line = optional("short name; made from the name when left out")
    description: Line = optional()


class Brand(BaseModel):
    """A face to the outside, and the letters of its ticket numbers."""

    id: int
    name: str
    letters: str
    language: Language
    timezone: str
    is_default: bool
    team: int | None = Field(description="id of the team of tickets that name none, nor does their category")
    host: str | None = Field(description="host name of its own portal; null: that of the desk")
    languages: list[Language] = Field(description="what its portal offers")
    phone: str | None
    fax: str | None
    active: bool


class Brands(BaseModel):
    """A page of brands."""

    items: list[Brand]
    next: str | None = Field(description="cursor of the next page")

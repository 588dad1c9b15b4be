"""What the interface shows and takes of tickets and their messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from tresen.core.tickets.choices import (
    Ball,
    Channel,
    Delivery,
    MessageKind,
    StatusCategory,
    TicketType,
    Trust,
)
from tresen.core.tickets.field_models import FieldKind, Required
from tresen.faces.api.inputs import Address, ById, FilledLine, Id, Input, Line, Text, one_of, optional
from tresen.faces.api.people.schemas import (
    AgentRef,
    BrandRef,
    ContactRef,
    Language,
    LanguageOrNone,
    OrganisationRef,
    TeamRef,
)

# The words that stand for the numbers in the tables, lowest first.
IMPACTS = ("one", "several", "all")
URGENCIES = ("low", "medium", "high")
PRIORITIES = ("low", "normal", "high", "urgent")
MAX_TAGS = 30
MAX_FILES = 10
MAX_RECIPIENTS = 48

ImpactWord = Annotated[str, one_of(IMPACTS)]
UrgencyWord = Annotated[str, one_of(URGENCIES)]
PriorityWord = Annotated[str, one_of(PRIORITIES)]
BallWord = Annotated[str, one_of(Ball.values)]
TypeWord = Annotated[str, one_of(TicketType.values)]
ChannelWord = Annotated[str, one_of(Channel.values)]
TagNames = Annotated[list[Annotated[Line, Field(max_length=40)]], Field(max_length=MAX_TAGS)]
Entry = bool | int | float | Annotated[str, Field(max_length=10_000)] | list[Line] | None
Entries = Annotated[dict[Annotated[Line, Field(max_length=40)], Entry], Field(max_length=100)]
Files = Annotated[list[Id], Field(max_length=MAX_FILES)]


class Ticket(BaseModel):
    """One case. `fields`: the desk's own, by short name; those without a value are left out."""

    number: str
    subject: str
    status: str = Field(description="short name, see /statuses")
    status_category: Annotated[str, one_of(StatusCategory.values)]
    ball: BallWord = Field(description="whose turn it is")
    impact: ImpactWord
    urgency: UrgencyWord
    priority: PriorityWord
    type: TypeWord
    language: LanguageOrNone = Field(
        description="in which the requester writes, as told from the text; empty: not known"
    )
    category: str | None = Field(description="short name, see /categories")
    channel: ChannelWord
    team: TeamRef | None
    level: int
    assignee: AgentRef | None
    requester: ContactRef
    organisation: OrganisationRef | None
    brand: BrandRef
    tags: list[str]
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    first_response_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    merged_into: str | None = Field(description="number of the ticket in which its messages are")
    version: int


class Tickets(BaseModel):
    """A page of tickets."""

    items: list[Ticket]
    next: str | None = Field(description="cursor of the next page")


class ByAddress(Input):
    """Names an agent by the address of the account."""

    email: Address


class BySlug(Input):
    """Names a team by its short name."""

    slug: Line


class Requester(Input):
    """Who asks: `id` of a contact, or `email` (found, or made with `name`), or `phone` (always made: a number proves
    nobody)."""

    id: int = optional()
    email: Address = optional()
    phone: Address = optional()
    name: Line = optional()
    language: Language = optional("of a contact that is made")


class TicketChange(Input):
    """Fields of a ticket to change; those left out stay as they are."""

    subject: FilledLine = optional()
    status: Line = optional("short name of a status, or a category: then its default status")
    ball: BallWord = optional("whose turn it is; follows the status when left out")
    impact: ImpactWord = optional("how many are affected")
    urgency: UrgencyWord = optional("how pressing it is")
    priority: PriorityWord = optional("follows impact and urgency when left out")
    type: TypeWord = optional()
    language: Language = optional("in which the requester writes; told from the text of a new ticket when left out")
    category: Line | None = optional("short name, see /categories; null: none")
    fields: Entries = optional("the desk's own by short name, see /fields; null empties one, others stay")
    team: ById | BySlug | int | Line | None = optional("id or short name; null: no team")
    assignee: ById | ByAddress | int | Line | None = optional("id, mail address or `me`; null: nobody")
    tags: TagNames = optional("all of them; unknown ones are made")
    requester: Requester = optional("who asked before no longer sees the ticket")
    organisation: ById | int | None = optional("id of one the requester belongs to; follows him when left out")
    brand: ById | int = optional("id")


class TicketCreate(TicketChange):
    """A new ticket with its first message, written by the requester."""

    subject: FilledLine
    requester: Requester
    body_text: Text = optional("one of body_text and body_html is needed")
    body_html: Text = optional("is cleaned")
    channel: ChannelWord = optional("how it came in; `api` when left out")
    brand: ById | int = optional("id; the default brand when left out")
    attachments: Files = optional("ids of uploads")


class TicketAssign(Input):
    """Who takes care of a ticket; at least one of the two."""

    team: ById | BySlug | int | Line | None = optional("id or short name; null: no team")
    assignee: ById | ByAddress | int | Line | None = optional("id, mail address or `me`; null: nobody")


class TicketSnooze(Input):
    """Until when a ticket sleeps, and why."""

    until: Annotated[AwareDatetime, Field(strict=False)] | None = Field(
        description="with an offset, at most a year ahead; null wakes the ticket"
    )
    reason: Line = Field(default="", max_length=200, description="seen by colleagues")


class Author(BaseModel):
    """Who wrote a message."""

    kind: Annotated[str, one_of(["agent", "contact", "unknown"])]
    id: int | None
    name: str


class Person(BaseModel):
    """Somebody a message went to."""

    name: str
    address: str


class AttachmentOnMessage(BaseModel):
    """A file on a message; its bytes are at /attachments/{id}/content."""

    id: UUID
    filename: str
    content_type: str
    size: int = Field(description="bytes")
    inline: bool
    content_id: str


class Message(BaseModel):
    """One entry of a ticket. `held`: waits to be accepted and has no effect yet."""

    id: int
    kind: Annotated[str, one_of(MessageKind.values)]
    channel: ChannelWord
    author: Author
    subject: str
    body_text: str
    body_html: str | None = Field(description="cleaned; null where there is none")
    reply_text: str = Field(description="what is new in body_text; empty: all of it")
    to: list[Person]
    cc: list[Person]
    bcc: list[Person] = Field(description="of a reply; the others who got it see nothing of them")
    trust: Annotated[str, one_of(Trust.values)] = Field(description="how sure we are of the author")
    held: bool
    side: bool = Field(description="with a partner on a side thread; nobody else outside sees it")
    automatic: bool
    delivery: Annotated[str, one_of(Delivery.values)] = Field(description="empty: does not leave the desk")
    delivery_detail: str
    why: dict[str, Any] = Field(description="why it is on this ticket")
    attachments: list[AttachmentOnMessage]
    created_at: datetime


class Messages(BaseModel):
    """A page of messages, oldest first."""

    items: list[Message]
    next: str | None = Field(description="cursor of the next page")


class NamedAddress(Input):
    """A mail address with a name, which is for reading only."""

    email: Address
    name: Line = optional()


Recipients = Annotated[list[Address | NamedAddress], Field(max_length=MAX_RECIPIENTS)]


class MessageCreate(Input):
    """A reply, a note, or something the requester said by another way (`received`).

    `to`, `cc` and `bcc` are for replies and name people who are on the ticket; all left out, everyone on it gets the
    reply; `to` alone left out, the requester.
    """

    kind: Annotated[str, one_of(MessageKind.values)]
    body_text: Text = optional("one of body_text and body_html is needed")
    body_html: Text = optional("is cleaned")
    to: Recipients = optional()
    cc: Recipients = optional()
    bcc: Recipients = optional("get it unseen by the others")
    attachments: Files = optional("ids of uploads")
    set: TicketChange = optional("fields to change with it")


class EventActor(BaseModel):
    """Who did it."""

    kind: str
    id: int | None
    name: str


class Event(BaseModel):
    """Something that happened to a ticket. `changes`: fields with old and new value, or the facts of the kind."""

    id: int
    kind: str
    at: datetime
    actor: EventActor
    cause: int | None = Field(description="id of the event that caused it")
    changes: dict[str, Any]


class Events(BaseModel):
    """A page of events, oldest first."""

    items: list[Event]
    next: str | None = Field(description="cursor of the next page")


class Status(BaseModel):
    """A step in a ticket's life, as this desk calls it."""

    slug: str
    name: str = Field(description="in the language of Accept-Language")
    names: dict[str, str]
    category: Annotated[str, one_of(StatusCategory.values)]
    is_default: bool = Field(description="stands for its category")
    active: bool


class Statuses(BaseModel):
    """All statuses, in order."""

    items: list[Status]
    next: str | None = Field(description="always null: there are few")


class Category(BaseModel):
    """A place in the tree of what tickets are about."""

    slug: str
    name: str = Field(description="in the language of Accept-Language")
    names: dict[str, str]
    trail: str = Field(description="the names from the top of the tree down to this one")
    parent: str | None = Field(description="short name of the one above it")
    brand: int | None = Field(description="id of the brand whose tickets alone it is for")
    team: int | None = Field(description="id of the team of its tickets that name none; empty: that of the one above")
    position: int
    active: bool


class Categories(BaseModel):
    """A page of categories."""

    items: list[Category]
    next: str | None = Field(description="cursor of the next page")


class CustomField(BaseModel):
    """A field of the desk's own. Values: text, number, true or false, `2026-11-28`, a time with its offset, the short
    name of a choice, or a list of those."""

    slug: str
    name: str = Field(description="in the language of Accept-Language")
    names: dict[str, str]
    kind: Annotated[str, one_of(FieldKind.values)]
    choices: list[dict[str, Any]] = Field(description="short name, names and whether it is offered")
    required: Annotated[str, one_of(Required.values)]
    default: Any = Field(description="what a new ticket has when nothing is said; null: nothing")
    is_searched: bool = Field(description="colleagues find tickets by the words in it")
    for_customers: bool = Field(description="customers are asked for it in the portal, and see it")
    types: list[str] = Field(description="for tickets of these types; empty: of all")
    teams: list[int] = Field(description="ids, in the same way")
    brands: list[int] = Field(description="ids, in the same way")
    active: bool


class CustomFields(BaseModel):
    """A page of the desk's own fields."""

    items: list[CustomField]
    next: str | None = Field(description="cursor of the next page")


class Tag(BaseModel):
    """A word on tickets."""

    name: str


class Tags(BaseModel):
    """A page of tags."""

    items: list[Tag]
    next: str | None = Field(description="cursor of the next page")


class Found(BaseModel):
    """Something that was found; `type` names the field that holds it."""

    type: Annotated[str, one_of(["ticket"])]
    ticket: Ticket


class SearchAnswer(BaseModel):
    """A page of what was found, newest first."""

    items: list[Found]
    next: str | None = Field(description="cursor of the next page")
    total: int = Field(description="how many there are, counted up to a thousand")
    more_than_total: bool


class View(BaseModel):
    """A saved view."""

    id: int
    name: str
    query: str = Field(description="a line in the search language of the desk; `me` is whoever reads")
    audience: str = Field(description="private, team or all")
    team: str | None = Field(description="slug of the team it is shared with")
    sort: str
    grouping: str | None
    columns: list[str]
    icon: str
    version: int


class Views(BaseModel):
    """A page of saved views."""

    items: list[View]
    next: str | None = Field(description="cursor of the next page")

"""What the interface shows and takes of announcements."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from tresen.core.announcements.choices import Kind, Severity, Stage, State
from tresen.faces.api.inputs import Input, Text, one_of, optional
from tresen.faces.api.people.schemas import BrandRef, Language, OrganisationRef

KindName = Annotated[str, one_of(Kind.values)]
SeverityName = Annotated[str, one_of(["", *Severity.values])]
StageName = Annotated[str, one_of(Stage.values)]
Title = Annotated[Text, Field(max_length=160)]
Body = Annotated[Text, Field(max_length=6000)]
Titles = Annotated[dict[Language, Title], Field(max_length=10)]
Bodies = Annotated[dict[Language, Body], Field(max_length=10)]
Ids = Annotated[list[int], Field(max_length=200)]
Moment = Annotated[AwareDatetime, Field(strict=False)]
BY_LANGUAGE = "plain text by language"


class ServiceRef(BaseModel):
    """A service of the catalogue where something else names it."""

    id: int
    name: str


class Announcement(BaseModel):
    """Something that many are told at once."""

    id: int
    kind: KindName
    severity: SeverityName = Field(description="of a disturbance")
    state: Annotated[str, one_of(State.values)]
    language: Language = Field(description="the main one: read where another has no words of its own")
    titles: dict[str, str] = Field(description=BY_LANGUAGE)
    texts: dict[str, str] = Field(description=BY_LANGUAGE)
    brands: list[BrandRef] = Field(description="empty: all of them")
    organisations: list[OrganisationRef] = Field(description="empty: everybody reads it")
    services: list[ServiceRef] = Field(description="what it is about")
    begins_at: datetime
    ends_at: datetime | None = Field(description="as planned; a disturbance lasts until somebody says that it is over")
    over_at: datetime | None
    problem: str | None = Field(description="number of the ticket in which the cause is worked on, where you see it")
    affected: int = Field(description="how many people said ‘me too’ or have a ticket about it")
    tickets: int = Field(description="how many tickets are tied to it")
    subscribers: int = Field(description="how many confirmed addresses subscribed to it")
    published_at: datetime | None
    changed_at: datetime
    version: int


class Announcements(BaseModel):
    """A page of announcements."""

    items: list[Announcement]
    next: str | None = Field(description="cursor of the next page")


class AnnouncementChange(Input):
    """Fields of an announcement to change."""

    kind: KindName = optional()
    severity: SeverityName = optional("of a disturbance")
    language: Language = optional("the main one")
    titles: Titles = optional(BY_LANGUAGE + "; one in the main language is needed")
    texts: Bodies = optional(BY_LANGUAGE)
    brands: Ids = optional("ids; empty: all of them")
    organisations: Ids = optional("ids; empty: everybody reads it")
    services: Ids = optional("ids; what it is about")
    begins_at: Moment = optional()
    ends_at: Moment | None = optional("null: open")
    problem: str | None = optional("number of a ticket; null: none")
    state: Annotated[str, one_of(["published", "withdrawn", "draft"])] = optional(
        "`published`: from a draft; `withdrawn`; `draft`: from what was withdrawn. Done after the other fields."
    )


class AnnouncementCreate(AnnouncementChange):
    """A new announcement: a draft, unless `state` is `published`."""

    titles: Titles
    state: Annotated[str, one_of(["published", "draft"])] = optional("`published`: customers read it at once")


class Update(BaseModel):
    """What is new about an announcement."""

    id: int
    stage: StageName
    texts: dict[str, str] = Field(description=BY_LANGUAGE)
    at: datetime


class Updates(BaseModel):
    """All that was said since, newest first."""

    items: list[Update]


class UpdateCreate(Input):
    """Says what is new; everybody affected is told. With `solved` it is over."""

    stage: StageName
    texts: Bodies

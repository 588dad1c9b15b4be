"""What the interface shows and takes of the knowledge base."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from tresen.core.knowledge.collections import ICONS
from tresen.core.knowledge.models import Audience, SourceFormat, TextState
from tresen.core.people.models import LANGUAGES
from tresen.faces.api.inputs import FilledLine, Input, Line, Text, one_of, optional
from tresen.faces.api.paging import SearchedListQuery
from tresen.faces.api.people.schemas import AgentRef

LanguageWord = Annotated[str, one_of(code for code, _name in LANGUAGES)]
AudienceWord = Annotated[str, one_of(Audience.values)]
FormatWord = Annotated[str, one_of(SourceFormat.values)]
StateWord = Annotated[str, one_of(TextState.values)]
IconWord = Annotated[str, one_of(("", *ICONS))]
Title = Annotated[FilledLine, Field(max_length=200)]
Summary = Annotated[str, Field(max_length=400)]
Names = Annotated[dict[LanguageWord, Line], Field(max_length=3)]
Day = Annotated[date, Field(strict=False)]
Time = Annotated[AwareDatetime, Field(strict=False)]
Keys = Annotated[list[int], Field(max_length=200)]


class TextOf(BaseModel):
    """An article in one language."""

    language: LanguageWord
    state: StateWord = Field(description="where the newest words stand")
    title: str = Field(description="of the newest words")
    summary: str
    number: int = Field(description="of the newest version")
    published_number: int | None = Field(description="of the version that readers see; null: none")
    published_at: datetime | None
    publish_at: datetime | None = Field(description="when it is published by itself")
    out_of_date: bool = Field(description="of a translation: the main text was published anew since")
    slug: str


class Words(TextOf):
    """The same with what it says."""

    format: FormatWord
    source: str
    html: str = Field(description="the newest words, cleaned")
    published_html: str | None = Field(description="what readers see")


class Article(BaseModel):
    """An article in a list."""

    id: int
    title: str = Field(description="in the language of Accept-Language where there is one, else in the main one")
    collection: str = Field(description="short name")
    audience: AudienceWord = Field(description="who may read it once it is published")
    brands: list[int] = Field(description="empty: of every brand")
    organisations: list[int]
    category: str | None = Field(description="short name")
    language: LanguageWord = Field(description="the main one")
    keeper: AgentRef | None
    look_again_on: date | None
    retired_at: datetime | None
    created_at: datetime
    changed_at: datetime
    version: int
    texts: list[TextOf]


class ArticleWithWords(Article):
    """One article with what it says in every language."""

    texts: list[Words]  # type: ignore[assignment]


class Articles(BaseModel):
    """A page of articles."""

    items: list[Article]
    next: str | None = Field(description="cursor of the next page")


class ArticleListQuery(SearchedListQuery):
    """Parameters of the list of articles."""

    collection: Annotated[str, Field(description="short name")] = ""
    state: Annotated[StateWord | None, Field(description="of some text")] = None
    language: Annotated[LanguageWord | None, Field(description="of some text")] = None
    show: Annotated[
        str, one_of(("", "mine", "review", "outdated", "due", "retired")), Field(description="as the tabs of the desk")
    ] = ""


class ArticleChange(Input):
    """Fields of an article besides its words; those left out stay as they are."""

    collection: Line = optional("short name")
    audience: AudienceWord = optional()
    brands: Keys = optional("ids; empty: of every brand")
    organisations: Keys = optional("ids; needed with the audience `organisations`")
    category: Line | None = optional("short name")
    keeper: int | Line | None = optional("id, address or `me`")
    look_again_on: Day | None = optional()
    retired: bool = optional("true: out of use")


class WordsIn(Input):
    """What an article says in one language: a new version."""

    title: Title
    summary: Summary = ""
    source: Text = ""
    format: FormatWord = SourceFormat.MARKDOWN
    note: Annotated[Line, Field(max_length=200)] = Field(default="", description="what changed")


class ArticleCreate(WordsIn):
    """A new article with its first words, a draft."""

    collection: Line = Field(description="short name")
    language: LanguageWord
    audience: AudienceWord = Audience.EVERYBODY


class Publish(Input):
    """Which words readers see from now on, or from a time on."""

    language: LanguageWord
    at: Time | None = Field(default=None, description="null: now")


class Withdraw(Input):
    """What readers see no more."""

    language: LanguageWord


class Collection(BaseModel):
    """A shelf of articles."""

    id: int
    slug: str
    names: dict[str, str]
    descriptions: dict[str, str]
    icon: str
    parent: int | None
    brands: list[int]
    position: int
    active: bool


class Collections(BaseModel):
    """A page of collections."""

    items: list[Collection]
    next: str | None = Field(description="cursor of the next page")


class CollectionChange(Input):
    """Fields of a collection; those left out stay as they are."""

    names: Names = optional()
    descriptions: Names = optional()
    icon: IconWord = optional()
    parent: int | None = optional("id of one at the top")
    brands: Keys = optional("ids; empty: of every brand")
    active: bool = optional()


class CollectionCreate(CollectionChange):
    """A new collection."""

    names: Names

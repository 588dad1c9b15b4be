"""What the interface shows and takes of saved replies and macros."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from tresen.core.people.models import LANGUAGES
from tresen.faces.api.inputs import ById, FilledLine, Input, Line, Text, one_of, optional
from tresen.faces.api.people.schemas import AgentRef, TeamRef
from tresen.faces.api.tickets.schemas import (
    BallWord,
    ByAddress,
    BySlug,
    Entries,
    ImpactWord,
    PriorityWord,
    TagNames,
    TypeWord,
    UrgencyWord,
)
from tresen.service.texts.models import MacroKind

CIRCLES = ("me", "team", "all")
Circle = Annotated[str, one_of(CIRCLES)]
Texts = Annotated[dict[Annotated[str, one_of(code for code, _name in LANGUAGES)], Text], Field(max_length=3)]
ShortWord = Annotated[Line, Field(max_length=30)]
Folder = Annotated[Line, Field(max_length=60)]
Name = Annotated[FilledLine, Field(max_length=80)]


class Kept(BaseModel):
    """What saved replies and macros share."""

    id: int
    name: str
    folder: str
    audience: Circle = Field(description="for whom: only for oneself, for a team, for everybody")
    team: TeamRef | None
    texts: dict[str, str] = Field(description="by language; names in double braces are not filled in")
    active: bool
    used_count: int
    used_at: datetime | None


class SavedReply(Kept):
    """A text that is put into replies and notes."""

    shortcut: str


class SavedReplies(BaseModel):
    """A page of saved replies."""

    items: list[SavedReply]
    next: str | None = Field(description="cursor of the next page")


class KeptChange(Input):
    """Fields of a saved reply or macro; those left out stay as they are."""

    name: Name = optional()
    folder: Folder = optional()
    audience: Circle = optional("`me` when left out of a new one")
    team: ById | BySlug | int | Line | None = optional("id or short name, with the audience `team`")
    texts: Texts = optional("all of them, by language")
    active: bool = optional("false: put away")


class SavedReplyChange(KeptChange):
    """Fields of a saved reply to change."""

    shortcut: ShortWord = optional("typed behind the stroke in the composer")


class SavedReplyCreate(SavedReplyChange):
    """A new saved reply."""

    name: Name
    texts: Texts


class MacroChanges(BaseModel):
    """What a macro changes on a ticket; a field that is null here and set there is named in `cleared`."""

    status: str | None = None
    ball: BallWord | None = None
    impact: ImpactWord | None = None
    urgency: UrgencyWord | None = None
    priority: PriorityWord | None = None
    type: TypeWord | None = None
    category: str | None = Field(default=None, description="short name, see /categories")
    team: TeamRef | None = None
    assignee: AgentRef | str | None = Field(default=None, description="an agent, or `me`: who uses it")
    add_tags: list[str] = []
    remove_tags: list[str] = []
    checklist: int | None = Field(default=None, description="id of the checklist whose steps it adds")
    fields: dict[str, Any] = Field(default={}, description="the desk's own by short name; null: it empties the field")
    cleared: list[str] = Field(default=[], description="category, team, assignee: those it takes away")


class Macro(Kept):
    """A text and changes of fields, done with one click."""

    kind: Annotated[str, one_of(MacroKind.values)]
    changes: MacroChanges


class Macros(BaseModel):
    """A page of macros."""

    items: list[Macro]
    next: str | None = Field(description="cursor of the next page")


class MacroChangesInput(Input):
    """What a macro is to change; fields left out stay as they are on the ticket."""

    status: Line = optional("short name of a status, or a category: then its default status")
    ball: BallWord = optional()
    impact: ImpactWord = optional()
    urgency: UrgencyWord = optional()
    priority: PriorityWord = optional()
    type: TypeWord = optional()
    category: Line | None = optional("short name, see /categories; null: none")
    team: ById | BySlug | int | Line | None = optional("id or short name; null: no team")
    assignee: ById | ByAddress | int | Line | None = optional("id or mail address; `me`: who uses it; null: nobody")
    add_tags: TagNames = optional()
    remove_tags: TagNames = optional()
    checklist: int = optional("id of the checklist whose steps it adds")
    fields: Entries = optional("the desk's own by short name, see /fields; null empties one")


class MacroChange(KeptChange):
    """Fields of a macro to change."""

    kind: Annotated[str, one_of(MacroKind.values)] = optional("what its text is")
    changes: MacroChangesInput = optional("all of them")


class MacroCreate(MacroChange):
    """A new macro."""

    name: Name

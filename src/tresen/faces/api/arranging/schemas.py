"""Shapes of levels, rotas, recurring tickets, procedures and proposals."""

from __future__ import annotations

from datetime import date, datetime, time

from pydantic import BaseModel, Field


class Level(BaseModel):
    """A rung of the desk."""

    number: int
    names: dict[str, str] = Field(description="by language")
    teams: list[int] = Field(description="ids of the teams in use that work there")
    questions: list[dict[str, str]] = Field(
        description="what its experts want to know of a ticket that is handed up, each by language"
    )
    climbs: bool = Field(description="a ticket goes up by itself when its time there is over")
    tells_leads: bool
    active: bool


class Levels(BaseModel):
    """Levels from the first up."""

    items: list[Level]
    next: str | None = Field(description="cursor of the next page")


class Layer(BaseModel):
    """People who take turns."""

    rank: int = Field(description="1 is called first, 2 second")
    people: list[int] = Field(description="ids of agents, in their order")
    starts_on: date
    hands_over_at: time
    days: int
    timezone: str
    calendar: int | None


class Hole(BaseModel):
    """A time in which nobody is on call though somebody must be."""

    starts_at: datetime
    ends_at: datetime


class Rota(BaseModel):
    """Who is called for a level."""

    id: int
    name: str
    active: bool
    level: int
    cover: str = Field(description="always, inside, outside: of the hours of the calendar")
    calendar: int | None
    ack_minutes: int
    keeper: int = Field(description="id of an agent")
    layers: list[Layer]
    on_call: list[int] = Field(description="ids of those who would be called now, in order")
    holes: list[Hole] = Field(description="within the next week")


class Rotas(BaseModel):
    """Rotas by name."""

    items: list[Rota]
    next: str | None = Field(description="cursor of the next page")


class Recurring(BaseModel):
    """A ticket that comes by the calendar."""

    id: int
    name: str
    active: bool
    subject: str
    team: int | None
    category: str | None
    frequency: str = Field(description="daily, weekly, monthly, yearly")
    every: int
    weekdays: list[int] = Field(description="Monday is 0")
    at: time
    timezone: str
    next_at: datetime | None
    holes: list[datetime] = Field(description="dates for which no ticket was made, the newest twenty")
    unworked: list[datetime] = Field(description="dates whose ticket nobody had touched when the next one came")
    fault: str | None = Field(description="why it could not be made the last time")


class RecurringList(BaseModel):
    """Recurring tickets by name."""

    items: list[Recurring]
    next: str | None = Field(description="cursor of the next page")


class Way(BaseModel):
    """An answer and where it leads."""

    label: str
    go: str = Field(description="number of a later step, from 0; `solved` or `handed`")


class Step(BaseModel):
    """A question with its answers."""

    ask: str
    hint: str
    ways: list[Way]


class Procedure(BaseModel):
    """A guided diagnosis for a category."""

    id: int
    name: str
    active: bool
    category: str = Field(description="short name; it holds for what is below, too")
    for_customers: bool = Field(description="offered in the portal")
    version: int
    steps: list[Step]
    begun: int
    finished: int
    solved: int
    helped: int = Field(description="of these: customers who then sent no request")


class Procedures(BaseModel):
    """Procedures by name."""

    items: list[Procedure]
    next: str | None = Field(description="cursor of the next page")


class Proposal(BaseModel):
    """What a field of a ticket should be, as the desk has learnt it."""

    field: str = Field(description="category, type, team, priority, spam")
    value: str = Field(description="key of a row, or value of a choice")
    confidence: float = Field(description="0 to 1")
    words: list[str] = Field(description="what speaks for it")
    automatic: bool = Field(description="filled in without anybody")
    state: str = Field(description="open, taken, corrected, refused, left")
    made_at: datetime


class Proposals(BaseModel):
    """The proposals on a ticket."""

    items: list[Proposal]
    next: str | None = Field(description="cursor of the next page")

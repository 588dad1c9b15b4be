"""Shapes of clocks, policies and calendars."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class Segment(BaseModel):
    """A piece of a clock's life."""

    started_at: datetime
    ended_at: datetime | None = Field(description="null for what goes on")
    reason: str = Field(
        description="us, customer, third_party, date: who has the ball; supplier: he owes an answer; solved, bin"
    )
    runs: bool = Field(description="whether the clock ran meanwhile")


class Clock(BaseModel):
    """A promise on a ticket. `due_at` is null while it rests without having run out."""

    metric: str = Field(
        description="first_response, next_response, resolution, level, supplier-N (side thread N) or one that was added"
    )
    policy: str | None
    state: str = Field(description="running, paused, met, missed (over, too late), breached (still waits)")
    minutes: int | None = Field(description="target in minutes of open time")
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None
    left_seconds: int | None = Field(description="open time that is left while it rests or when it stopped; < 0: late")
    segments: list[Segment]


class Clocks(BaseModel):
    """The clocks of a ticket, in the order in which they started."""

    items: list[Clock]
    next: str | None = Field(description="cursor of the next page")


class Policy(BaseModel):
    """What was promised to whom."""

    id: int
    name: str
    is_active: bool
    position: int = Field(description="the first one that fits counts")
    calendar: int
    conditions: dict[str, list[int | str]] = Field(description="organisations, brands … by name of the field")
    targets: dict[str, dict[str, int]] = Field(description="minutes of open time by metric and priority")
    pauses_for: list[str] = Field(description="who may have the ball while its clocks rest")
    warn_percent: int


class Policies(BaseModel):
    """A page of policies, in their order."""

    items: list[Policy]
    next: str | None = Field(description="cursor of the next page")


class Calendar(BaseModel):
    """When somebody is there, in the shape that `tresen clock due` takes."""

    id: int
    name: str
    is_active: bool
    timezone: str
    weekly: dict[str, list[list[str]]]
    country: str
    subdivision: str
    own_days: list[list[str]] = Field(description="day (YYYY-MM-DD, or MM-DD for every year) and name")
    holidays: list[str] = Field(description="days off of the feed")


class Calendars(BaseModel):
    """A page of calendars."""

    items: list[Calendar]
    next: str | None = Field(description="cursor of the next page")

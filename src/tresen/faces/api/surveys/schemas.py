"""Shapes of ratings."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class Rating(BaseModel):
    """One person who was asked about one ticket."""

    id: int
    ticket: str = Field(description="its number")
    contact: int
    scale: str = Field(description="csat (1 to 5), nps (0 to 10), ces (1 to 7)")
    rating: int | None = Field(description="null as long as nothing was said")
    words: str
    asked_at: datetime
    rated_at: datetime | None
    team: str | None = Field(description="short name of the team that solved it")
    level: int


class Ratings(BaseModel):
    """A page of them."""

    items: list[Rating]
    next: str | None

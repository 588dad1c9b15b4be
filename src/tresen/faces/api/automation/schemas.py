"""Shapes of rules and webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class Rule(BaseModel):
    """What the desk does by itself."""

    id: int
    name: str
    is_active: bool
    position: int = Field(description="rules look in this order")
    triggers: list[str] = Field(description="what happens; empty for a rule by time")
    since: str | None = Field(description="by time: created, turn, message, changed, solved")
    minutes: int | None
    condition: str = Field(description="a search line; empty: every ticket")
    brand: int | None
    team: int | None
    actions: list[dict[str, Any]] = Field(description="`do` names the action, the rest is what it asks for")
    version: int
    stopped_why: str | None = Field(description="ring, depth, own_mail, gone: why the desk has switched it off")


class Rules(BaseModel):
    """Rules in their order."""

    items: list[Rule]
    next: str | None = Field(description="cursor of the next page")


class Webhook(BaseModel):
    """An address that is called. Its secret is never given out."""

    id: int
    name: str
    url: str
    is_active: bool
    kinds: list[str] = Field(description="kinds of events that call it")
    failing_since: datetime | None
    stopped_why: str | None = Field(description="gone, failing: why the desk calls it no more")


class Webhooks(BaseModel):
    """Webhooks by name."""

    items: list[Webhook]
    next: str | None = Field(description="cursor of the next page")

"""Shapes of rules and webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, StrictInt

from tresen.faces.api.inputs import FilledLine, Input, Line, Text, one_of, optional
from tresen.service.rules.triggers import MOMENTS, TRIGGERS
from tresen.service.webhooks.kinds import KINDS

Name = Annotated[FilledLine, Field(max_length=80)]
Condition = Annotated[Text, Field(max_length=500)]
Triggers = Annotated[list[Annotated[str, one_of(TRIGGERS)]], Field(max_length=len(TRIGGERS))]
Minutes = Annotated[StrictInt, Field(ge=1)]
# What an action asks for differs from one to the next: `do`, and its inputs by name.
ActionValue = Text | StrictInt | StrictBool | Annotated[list[Line], Field(max_length=50)]
Action = Annotated[dict[Line, ActionValue], Field(max_length=10)]
Actions = Annotated[list[Action], Field(max_length=20)]


class Rule(BaseModel):
    """What the desk does by itself."""

    id: int
    name: str
    active: bool
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


class RuleChange(Input):
    """Fields of a rule; those left out stay as they are."""

    name: Name = optional()
    active: bool = optional("a new one is off unless you say otherwise")
    triggers: Triggers = optional("on events: any of these")
    since: Annotated[str, one_of(MOMENTS)] | None = optional("by time: counted from this moment; null: on events")
    minutes: Minutes | None = optional("so long after `since`")
    condition: Condition = optional("a search line; empty: every ticket")
    brand: int | None = optional("id; null: every brand")
    team: int | None = optional("id; null: every team")
    actions: Actions = optional("in their order: `do` and what that action asks for, as a rule shows it")


class RuleCreate(RuleChange):
    """A new rule, the last in order."""

    name: Name
    actions: Actions


class Webhook(BaseModel):
    """An address that is called. Its secret is never given out."""

    id: int
    name: str
    url: str
    active: bool
    kinds: list[str] = Field(description="kinds of events that call it")
    failing_since: datetime | None
    stopped_why: str | None = Field(description="gone, failing: why the desk calls it no more")


class Webhooks(BaseModel):
    """Webhooks by name."""

    items: list[Webhook]
    next: str | None = Field(description="cursor of the next page")


class WebhookChange(Input):
    """Fields of a webhook; those left out stay as they are."""

    name: Name = optional()
    url: Annotated[Text, Field(max_length=2000)] = optional("https, on the public internet")
    active: bool = optional()
    kinds: Annotated[list[Annotated[str, one_of(KINDS)]], Field(max_length=len(KINDS))] = optional()


class WebhookCreate(WebhookChange):
    """A new webhook. Its secret is made anew and shown in the settings alone."""

    name: Name
    url: Annotated[Text, Field(max_length=2000)]

"""Shapes of services and of what is asked of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from tresen.core.people.models import LANGUAGES
from tresen.faces.api.inputs import ById, Input, Text, one_of, optional
from tresen.faces.api.tickets.schemas import ChannelWord, Files, Requester

Words = Annotated[dict[str, str], Field(description="by language")]


class Service(BaseModel):
    """Something that can be asked for."""

    id: int
    slug: str
    names: Words
    summaries: Words
    descriptions: Words
    category: Words
    kind: str
    audience: str = Field(description="everybody, customers, organisations, agents")
    brands: list[int] = Field(description="ids; none: all brands")
    price: str | None
    currency: str
    hours: str | None = Field(description="of the contingent that was agreed")
    active: bool
    form: int = Field(description="version of the form")
    fields: list[dict[str, Any]] = Field(
        description="of the form, in order: key, kind, labels, required, options, when …"
    )


class Services(BaseModel):
    """A page of services."""

    items: list[Service]
    next: str | None


class ServiceRequest(Input):
    """Asking for a service, for somebody."""

    requester: Requester
    answers: dict[str, Any] = Field(
        default_factory=dict,
        description="by the keys of the fields: text, number, true, `2026-11-28`, the key of an option or a list of"
        " those; what is not shown is left out; files come as attachments",
    )
    language: Annotated[str, one_of(code for code, _name in LANGUAGES)] = optional(
        "in which the ticket is written; that of the brand when left out"
    )
    text: Text = optional("what is said besides")
    channel: ChannelWord = optional("how it came in; `api` when left out")
    brand: ById | int = optional("id; the default brand when left out")
    attachments: Files = optional("ids of uploads")

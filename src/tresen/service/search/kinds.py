"""What one search finds beside tickets: a table of kinds, read from the wiring as SEARCH_KINDS. Articles and whatever
else can be found join by an entry there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tresen.core.people.principals import Principal
from tresen.kit.wiring import table

# Fewer letters begin too much.
_SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """Something found: what it is called, what tells it from others, where it is."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class SearchKind:
    """A kind of things that can be found. `find` gets the reader, the text and how many at most; it must answer within
    some milliseconds and give only what this reader may see."""

    name: str
    label: Any
    icon: str
    find: Callable[[Principal, str, int], list[Hit]]


@dataclass(frozen=True)
class Found:
    """The hits of one kind."""

    kind: SearchKind
    hits: list[Hit]


def found_beside(principal: Principal, text: str, *, limit: int = 3) -> list[Found]:
    """Return what else is found by this text, kind by kind; kinds without a hit are left out."""
    text = text.strip()
    if len(text) < _SHORTEST:
        return []
    found = (Found(kind, kind.find(principal, text, limit)) for kind in table("SEARCH_KINDS"))
    return [one for one in found if one.hits]

"""Who gets a ticket: a pure choice among candidates, with the reason for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tresen.service.routing.models import Method


@dataclass(frozen=True)
class Candidate:
    """An agent of the team as he stands now. `open` tickets and those of the ticket's channel count against the caps;
    `effort` is what they weigh together. `skills`: keys of categories, with all below them."""

    key: int
    name: str
    is_here: bool = True
    since: datetime | None = None
    open: int = 0
    effort: int = 0
    cap: int | None = None
    in_channel: int = 0
    channel_cap: int | None = None
    skills: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()

    @property
    def has_room(self) -> bool:
        """One more would not be too many."""
        return (self.cap is None or self.open < self.cap) and (
            self.channel_cap is None or self.in_channel < self.channel_cap
        )


@dataclass(frozen=True)
class Wanted:
    """What the ticket asks for. `category` and `language` only where the team goes by them; `last_one`: who answered
    this requester last, `after`: who got one last."""

    method: str
    category: int | None = None
    language: str = ""
    last_one: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Choice:
    """The one, or nobody; `knows` and `speaks` say that he was chosen among those who do; `missed` counts why others
    were not: away, full, skill, language."""

    one: Candidate | None
    knows: bool = False
    speaks: bool = False
    again: bool = False
    missed: dict[str, int] = field(default_factory=dict)


def choose(candidates: Sequence[Candidate], wanted: Wanted) -> Choice:
    """Nobody who is not here, is full, or lacks a skill or a language that somebody in the team has. What nobody in
    the team knows or speaks is asked of nobody."""
    knows, speaks = _asked(candidates, wanted)
    missed: dict[str, int] = {}
    fitting = []
    for candidate in candidates:
        if why := _unfit(candidate, wanted, knows=knows, speaks=speaks):
            missed[why] = missed.get(why, 0) + 1
        else:
            fitting.append(candidate)
    if not fitting:
        return Choice(None, missed=missed)
    again = next((c for c in fitting if c.key == wanted.last_one), None)
    one = again or (_in_turn(fitting, wanted.after) if wanted.method == Method.ROUND else _least(fitting))
    # Told only where it made a difference.
    knew = knows and any(wanted.category not in c.skills for c in candidates)
    spoke = speaks and any(wanted.language not in c.languages for c in candidates)
    return Choice(one, knew, spoke, again is not None, missed)


def unfit(candidate: Candidate, wanted: Wanted, candidates: Sequence[Candidate]) -> str:
    """Why he, one of the candidates, cannot take it: away, skill, language or full; empty: he can."""
    knows, speaks = _asked(candidates, wanted)
    return _unfit(candidate, wanted, knows=knows, speaks=speaks)


def _asked(candidates: Sequence[Candidate], wanted: Wanted) -> tuple[bool, bool]:
    """Whether skill and language are asked for, since somebody has them."""
    knows = wanted.category is not None and any(wanted.category in c.skills for c in candidates)
    return knows, bool(wanted.language) and any(wanted.language in c.languages for c in candidates)


def _unfit(candidate: Candidate, wanted: Wanted, *, knows: bool, speaks: bool) -> str:
    if not candidate.is_here:
        return "away"
    if knows and wanted.category not in candidate.skills:
        return "skill"
    if speaks and wanted.language not in candidate.languages:
        return "language"
    return "" if candidate.has_room else "full"


def _in_turn(fitting: Sequence[Candidate], after: int | None) -> Candidate:
    """The next by key after the one who got one last."""
    row = sorted(fitting, key=lambda c: c.key)
    return next((c for c in row if c.key > (after or 0)), row[0])


def _least(fitting: Sequence[Candidate]) -> Candidate:
    return min(fitting, key=lambda c: (c.effort, c.open, c.key))

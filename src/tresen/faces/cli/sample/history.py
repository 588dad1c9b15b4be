"""How a story went: which event followed which, and what each changed. The same rules as the services', played
forward without a database, so that a ticket loaded in bulk looks like one that was worked by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tresen.core.tickets.changes import BALL_OF
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.priorities import PriorityTable
from tresen.faces.cli.sample.stories import Entry, Story

SYSTEM = ""
_SORTING = timedelta(minutes=4)
_CLOSING = timedelta(days=3, hours=2)
_FINISHED = ("solved", "closed")


@dataclass(frozen=True)
class Step:
    """One event: its kind, when, by whose key (agent's or contact's; empty for Tresen itself), which entry it is
    about (None for a mere change), and what changed as {field: [old, new]}."""

    kind: str
    at: datetime
    by: str
    entry: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class State:
    """A ticket's fields that change in its life. `status` is a category; `assignee` an agent's key."""

    ball_since: datetime
    updated_at: datetime
    status: str = "new"
    ball: str = "us"
    assignee: str = ""
    priority: int = 2
    first_response_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    last: int = 0
    version: int = 0


def play(story: Story, *, now: datetime, names: dict[str, str]) -> tuple[State, list[Step]]:
    """The state a story ends in, and its events in order. `names`: agents' keys to names, as events show them."""
    player = _Player(story, now, names)
    for place, entry in enumerate(story.entries):
        player.say(place, entry)
    player.finish()
    return player.state, player.steps


class _Player:
    def __init__(self, story: Story, now: datetime, names: dict[str, str]) -> None:
        self.story, self.now, self.names = story, now, names
        created = story.entries[0].at
        priority = PriorityTable().priority(story.impact, story.urgency, is_vip=story.vip)
        self.state = State(created, created, priority=int(priority))
        self.steps: list[Step] = []
        self.deciding = self._deciding_entry()

    def _deciding_entry(self) -> int | None:
        """The agent's message with which the ticket got its last status, when no word from outside came after it."""
        for place in range(len(self.story.entries) - 1, -1, -1):
            entry = self.story.entries[place]
            if entry.kind == "reply" or (entry.kind == "note" and entry.channel == "phone"):
                return place
            if entry.kind == "received" and not entry.is_held and not entry.is_automatic:
                return None
        return None

    def say(self, place: int, entry: Entry) -> None:
        """One message and what follows from it."""
        changes: dict[str, Any] = {}
        if place and entry.kind == "received" and not entry.is_held and not entry.is_automatic:
            changes = self._set(self._reopened(), entry.at)
        if entry.kind == "reply":
            self.state.first_response_at = self.state.first_response_at or entry.at
        if place == self.deciding:
            changes = self._set(self._final(), entry.at)
        if not entry.is_held and not entry.is_automatic:
            self.state.last = place
        self._step(_kind(place, entry), entry.at, entry.taken_by or entry.by, place, changes)
        if place == 0:
            self._sort()

    def _sort(self) -> None:
        """Soon after it came, somebody takes the ticket and names it."""
        story, first = self.story, self.story.entries[0].at
        wanted: dict[str, Any] = {}
        if story.assignee:
            wanted["assignee"] = story.assignee
            if story.status != "new":
                wanted["status"] = "open"
        until = story.entries[1].at if len(story.entries) > 1 else self.now
        at = first + min(_SORTING, (until - first) / 2)
        changes = self._set(wanted, at)
        if story.tags:
            changes["tags"] = [[], sorted(story.tags)]
        if changes:
            self._step("ticket.changed", at, story.triage, None, changes)

    def finish(self) -> None:
        """What is still missing to the end of the story: the status, and the closing some days later."""
        last = self.story.entries[-1].at
        at = min(last + timedelta(minutes=11), self.now)
        if self.deciding is None and (changes := self._set(self._final(), at)):
            self._step("ticket.changed", at, self.story.triage, None, changes)
        if self.story.status == "closed":
            at = max(at, min(last + _CLOSING, self.now))
            if changes := self._set({"status": "closed"}, at):
                self._step("ticket.changed", at, self.story.triage, None, changes)

    def _final(self) -> dict[str, Any]:
        """The fields the story ends with; a closed ticket was solved before."""
        status = "solved" if self.story.status == "closed" else self.story.status
        wanted: dict[str, Any] = {"status": status}
        if self.story.ball and self.story.status not in _FINISHED:
            wanted["ball"] = self.story.ball
        return wanted

    def _reopened(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {"ball": "us"}
        if self.state.status not in {"new", "open"}:
            wanted["status"] = "open"
        return wanted

    def _set(self, wanted: dict[str, Any], at: datetime) -> dict[str, Any]:
        """As core.tickets.changes.apply_changes: what changes, and the marks of time that hang on it."""
        state = self.state
        changes: dict[str, list[str | None]] = {}
        if "status" in wanted and wanted["status"] != state.status:
            changes["status"] = [_slug(state.status), _slug(wanted["status"])]
            state.status = wanted["status"]
            wanted.setdefault("ball", str(BALL_OF[StatusCategory(state.status)]))
            if state.status == "solved":
                state.solved_at = at
            elif state.status == "closed":
                state.closed_at, state.solved_at = at, state.solved_at or at
            else:
                state.solved_at = state.closed_at = None
        if "ball" in wanted and wanted["ball"] != state.ball:
            changes["ball"] = [state.ball, wanted["ball"]]
            state.ball, state.ball_since = wanted["ball"], at
        if "assignee" in wanted and wanted["assignee"] != state.assignee:
            changes["assignee"] = [self.names.get(state.assignee), self.names[wanted["assignee"]]]
            state.assignee = wanted["assignee"]
        return changes

    def _step(self, kind: str, at: datetime, by: str, entry: int | None, changes: dict[str, Any]) -> None:
        self.state.version += 1
        self.state.updated_at = at
        self.steps.append(Step(kind, at, by, entry, changes))


def _kind(place: int, entry: Entry) -> str:
    if place == 0:
        return "ticket.created"
    if entry.kind == "received":
        return "message.held" if entry.is_held else "message.received"
    return f"{entry.kind}.added"


def _slug(category: str) -> str:
    return category.replace("_", "-")

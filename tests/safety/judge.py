"""Judges afterwards, from the log of events alone, whether every giving was right at its moment.

Whoever changes what an agent can take holds his row, as does whoever gives him a ticket: what is written in the log of
one agent stands there in the order in which it was so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tresen.core.people.models import Agent
from tresen.core.tickets.choices import Ball
from tresen.core.tickets.models import Status, Ticket
from tresen.service.routing.models import AgentRouting
from tresen.spine.events.models import Event

OVER = ("solved", "closed")


@dataclass
class Person:
    """An agent as the log has it at a moment. `skills`: slugs of categories; `tickets`: open ones of his, by key."""

    name: str
    languages: set[str]
    skills: set[str] = field(default_factory=set)
    cap: int | None = None
    channel_caps: dict[str, int] = field(default_factory=dict)
    state: str = "available"
    is_off_shift: bool = False
    is_active: bool = True
    absences: set[int] = field(default_factory=set)
    tickets: dict[int, Ticket] = field(default_factory=dict)

    @property
    def is_absent(self) -> bool:
        """Nobody looks after his tickets: on leave, away by his own word, or no longer at the desk."""
        return bool(self.absences) or self.state == "away" or not self.is_active

    def hindrances(self, ticket: Ticket, *, asks: bool, may_be_off: bool = False) -> list[str]:
        """Why he must not be given this ticket. `asks`: for skill and language; `may_be_off`: as a substitute whose
        shift has not begun."""
        here = sum(one.channel == ticket.channel for one in self.tickets.values())
        category = ticket.category.slug if ticket.category else None
        found = {
            "deactivated": not self.is_active,
            "absent": bool(self.absences),
            self.state: self.state != "available",
            "off shift": self.is_off_shift and not may_be_off,
            "has enough": self.cap is not None and len(self.tickets) >= self.cap,
            f"has enough by {ticket.channel}": here >= self.channel_caps.get(ticket.channel, 999),
            f"does not know {category}": asks and category is not None and category not in self.skills,
            f"does not speak {ticket.language}": asks and ticket.language not in self.languages,
        }
        return [why for why, is_so in found.items() if is_so]


class Judge:
    """The people as they were when it was made; `read` goes through what has happened since."""

    def __init__(self, agents: list[Agent], asking: set[int]) -> None:
        """`asking`: keys of the teams that go by skill and language."""
        self.asking, self.faults = asking, list[str]()
        self.given: Counter[str] = Counter()
        self.owners: dict[int, str] = {}
        self.people = {agent.pk: _as_set_up(agent) for agent in agents}
        self.statuses = {status.slug: status.category for status in Status.objects.all()}
        self.begins = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def read(self) -> None:
        """Goes through the log from where it ended last: who was what, and whether each giving was right then."""
        tickets = {row.pk: row for row in Ticket.objects.select_related("category")}
        for event in Event.objects.filter(pk__gt=self.begins).order_by("pk"):
            self.begins = event.pk
            if event.stream_kind == "agent" and event.stream_id in self.people:
                _tell(self.people[event.stream_id], event)
            elif event.stream_kind == "ticket":
                self._look_at(event, tickets[event.stream_id])

    def _look_at(self, event: Event, ticket: Ticket) -> None:
        if self.statuses.get(str((event.changes.get("status") or ["", ""])[1])) in OVER:
            for person in self.people.values():
                person.tickets.pop(ticket.pk, None)
        if "assignee" not in event.changes:
            return
        before, after = event.changes["assignee"]
        if self.owners.get(ticket.pk) != before:
            self.faults.append(f"{ticket}: taken from {before}, it was {self.owners.get(ticket.pk)}'s")
        self.owners[ticket.pk] = after
        for person in self.people.values():
            person.tickets.pop(ticket.pk, None)
        if after is None:
            return
        taker = next(person for person in self.people.values() if person.name == after)
        method = event.changes["why"]["method"]
        asks = ticket.team_id in self.asking
        may_be_off = method in ("absence", "away", "left", "off")
        if why := taker.hindrances(ticket, asks=asks, may_be_off=may_be_off):
            self.faults.append(f"{event.pk}: {ticket} given by {method} to {after}: {', '.join(why)}")
        taker.tickets[ticket.pk] = ticket
        self.given[method] += 1

    def left_behind(self) -> list[str]:
        """Open tickets with us whose owner is absent as things stand at the end of what was read. Who is merely off
        duty keeps his, where nothing falls due before he is back; so does whoever has taken one himself since he left,
        which nobody does here."""
        absent = [key for key, person in self.people.items() if person.is_absent]
        owned = Ticket.objects.filter(assignee__in=absent, ball=Ball.US).active().order_by("pk")
        return [f"{one} of {one.assignee}" for one in owned]

    def could_take(self, ticket: Ticket, among: list[Agent]) -> list[str]:
        """Who of them could be given the ticket as things stand at the end of the log."""
        asks = ticket.team_id in self.asking
        people = [self.people[agent.pk] for agent in among]
        return [person.name for person in people if not person.hindrances(ticket, asks=asks)]


def _as_set_up(agent: Agent) -> Person:
    own = AgentRouting.objects.filter(agent=agent).first()
    person = Person(str(agent), {agent.user.language})
    if own:
        person.cap, person.channel_caps = own.cap, dict(own.channel_caps)
        person.skills = set(own.skills.values_list("slug", flat=True))
        person.languages |= {*own.languages}
    return person


def _tell(person: Person, event: Event) -> None:
    changes: dict[str, Any] = event.changes
    if event.kind == "attendance.changed" and "state" in changes:
        person.state = changes["state"][1]
    elif event.kind == "attendance.changed" and "weekly" in changes:
        person.is_off_shift = bool(changes["weekly"][1])
    elif event.kind == "absence.added":
        person.absences.add(changes["absence"])
    elif event.kind == "absence.removed":
        person.absences.discard(changes["absence"])
    elif event.kind in ("agent.deactivated", "agent.reactivated"):
        person.is_active = event.kind == "agent.reactivated"
    elif event.kind == "agent.routing_changed":
        person.cap = changes.get("cap", [None, person.cap])[1]
        person.channel_caps = changes.get("channel_caps", [None, person.channel_caps])[1]

"""What one agent is told of what happened: numbers of tickets he sees, and what of them changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tresen.core.people.viewers import Viewer
from tresen.core.tickets.audience import Audience
from tresen.service.live.notices import Topic

# More tickets at once than a browser would look at one by one.
MOST_TICKETS = 200


@dataclass
class Change:
    """What changed about one ticket, and whose sight it may have left (names, as events carry them)."""

    topics: set[str] = field(default_factory=set)
    left_teams: set[str] = field(default_factory=set)
    left_agents: set[str] = field(default_factory=set)

    def has_left(self, viewer: Viewer) -> bool:
        """Whether the ticket was taken from a team of this agent, or from himself."""
        return viewer.name in self.left_agents or not viewer.team_names.isdisjoint(self.left_teams)


@dataclass
class News:
    """`lists`: a ticket left one's sight, so that lists show too much; `reload`: look at everything again."""

    tickets: dict[str, set[str]] = field(default_factory=dict)
    lists: bool = False
    reload: bool = False

    def __bool__(self) -> bool:
        return bool(self.tickets) or self.lists or self.reload

    def add(self, other: News) -> None:
        """Both in one; what a slow browser has not taken yet stays small."""
        for number, topics in other.tickets.items():
            self.tickets.setdefault(number, set()).update(topics)
        self.lists |= other.lists
        self.reload |= other.reload or len(self.tickets) > MOST_TICKETS
        if self.reload:
            self.tickets, self.lists = {}, False

    def as_data(self) -> dict[str, Any]:
        """As it is sent: `{"tickets": {"T204187": ["ticket"]}, "lists": true, "reload": true}`, without what is not."""
        data: dict[str, Any] = {}
        if self.tickets:
            data["tickets"] = {number: sorted(topics) for number, topics in self.tickets.items()}
        return data | {name: True for name in ("lists", "reload") if getattr(self, name)}


def changes_of(events: Iterable[tuple[int, str, Any]], notices: Iterable[tuple[int, str]]) -> dict[int, Change]:
    """By ticket: `events` are (ticket, kind, changes), `notices` (ticket, topic)."""
    found: dict[int, Change] = {}
    for ticket, kind, facts in events:
        change = found.setdefault(ticket, Change())
        change.topics.add(Topic.TICKET.value)
        if not isinstance(facts, dict):
            continue
        if kind == "participant.removed":
            change.left_agents.add(str(facts.get("name")))
        for name, left in (("team", change.left_teams), ("assignee", change.left_agents)):
            values = facts.get(name)
            if isinstance(values, list) and values and values[0]:
                left.add(str(values[0]))
    for ticket, topic in notices:
        found.setdefault(ticket, Change()).topics.add(topic)
    return found


def news_for(viewer: Viewer, changes: Mapping[int, Change], seen_by: Mapping[int, Audience]) -> News:
    """What this agent is told. A ticket that is gone tells everybody that lists may show too much, and no number."""
    news = News()
    for ticket, change in changes.items():
        audience = seen_by.get(ticket)
        if audience is None:
            news.lists |= Topic.TICKET.value in change.topics
        elif audience.includes(viewer):
            news.tickets[audience.number] = set(change.topics)
        elif change.has_left(viewer):
            news.lists = True
    return news

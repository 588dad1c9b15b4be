"""What is new on a ticket since somebody began to write: it holds his reply back until he has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from tresen.core.people.models import Agent
from tresen.core.tickets.changes import shown
from tresen.core.tickets.field_values import keys_in
from tresen.core.tickets.models import Message, Ticket
from tresen.faces.desk.ticket.event_words import ORDER, Names, actor_name, sentences
from tresen.faces.desk.ticket.timeline import Line
from tresen.spine.events.models import Event

MOST_MESSAGES = 5
MOST_EVENTS = 50
EXCERPT = 600
# Changes by these hold a reply back; what the desk did by itself is shown beside them and holds nothing.
PEOPLE = ("agent", "contact")


@dataclass(frozen=True)
class Said:
    """A message as it is shown among the news."""

    pk: int
    kind: str
    author_name: str
    created_at: datetime
    text: str


@dataclass(frozen=True)
class BothChanged:
    """A field that somebody has changed and that the reply would change, too."""

    label: str
    began: str
    now: str
    who: str
    mine: str


@dataclass
class News:
    """What came since: messages, changes, and fields that two people change. `seen_*`: up to where this goes."""

    seen_message: int
    seen_event: int
    messages: list[Said] = field(default_factory=list)
    more: int = 0
    changes: list[Line] = field(default_factory=list)
    both: list[BothChanged] = field(default_factory=list)
    by_people: bool = False
    held: bool = False

    @property
    def last(self) -> Said | None:
        """The newest message."""
        return self.messages[-1] if self.messages else None

    @property
    def matters(self) -> bool:
        """A reply waits for it."""
        return bool(self.messages) or self.by_people


def what_is_new(
    ticket: Ticket, *, agent: Agent, seen_message: int, seen_event: int, mine: Mapping[str, Any] | None = None
) -> News | None:
    """What others have said and changed since that message and that event (0: not known); `mine`: the fields that the
    reply would change. None when there is nothing."""
    news = News(seen_message, seen_event)
    _read_messages(news, ticket, agent)
    if seen_event:
        _read_changes(news, ticket, agent, mine or {})
    return news if news.matters else None


def _read_messages(news: News, ticket: Ticket, agent: Agent) -> None:
    """Own notes are no news, but an own reply is: written in another window, it may be this very one."""
    written = Message.objects.filter(
        ticket=ticket, is_held=False, is_automatic=False, is_side=False, pk__gt=news.seen_message
    )
    found = list(written.exclude(kind="note", agent=agent).order_by("-pk")[: MOST_MESSAGES + 1])
    news.messages = [_said(message) for message in found[:MOST_MESSAGES][::-1]]
    if found:
        news.seen_message = found[0].pk
    if len(found) > MOST_MESSAGES:
        news.more = written.exclude(kind="note", agent=agent).count() - MOST_MESSAGES


def _said(message: Message) -> Said:
    text = (message.reply_text or message.text).strip()
    start = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()} …"
    return Said(message.pk, message.kind, message.author_name, message.created_at, start)


def _read_changes(news: News, ticket: Ticket, agent: Agent, mine: Mapping[str, Any]) -> None:
    since = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, pk__gt=news.seen_event)
    events = list(since.exclude(Q(actor_kind="agent", actor_id=agent.pk)).order_by("pk")[:MOST_EVENTS])
    if not events:
        return
    news.seen_event = events[-1].pk
    names = Names()
    first: dict[str, Any] = {}
    last: dict[str, tuple[Any, str]] = {}
    for event in events:
        news.changes += [Line(actor_name(event), text, event.at) for text in sentences(event, names=names)]
        for name in (*ORDER, *keys_in(event.changes)):
            change = event.changes.get(name)
            if isinstance(change, list) and len(change) == 2:
                first.setdefault(name, change[0])
                last[name] = (change[1], actor_name(event))
                news.by_people |= event.actor_kind in PEOPLE
    for name, value in mine.items():
        if name in last and last[name][0] not in (first[name], shown(value)):
            now, who = last[name]
            words = [names.shown(name, one) for one in (first[name], now, shown(value))]
            news.both.append(BothChanged(names.label(name), words[0], words[1], who, words[2]))

"""Writes stories into the database in bulk: tickets, threads, participants, messages, events and search documents,
as the services would have left them, but with times of their own and without jobs: nothing is mailed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Model, prefetch_related_objects

from tresen.core.people.models import Brand
from tresen.core.teamwork.mentions import everybody
from tresen.core.teamwork.models import Mention
from tresen.core.teamwork.naming import Call, find_calls
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Message, Participant, Tag, Thread, Ticket
from tresen.core.tickets.numbers import make_number, show_number
from tresen.faces.cli.sample import bulk
from tresen.faces.cli.sample.ages import fill_dates
from tresen.faces.cli.sample.history import State, Step, play
from tresen.faces.cli.sample.house import ZONES, House, Person
from tresen.faces.cli.sample.mailing import Mail, Quoted, Writer, dress, plain, reply_subject
from tresen.faces.cli.sample.stories import Entry, Story
from tresen.service.search.indexing import documents_of
from tresen.spine.events.models import Event

_SENT_AFTER = timedelta(seconds=4)
_NUMBER_MARK = re.compile(r"\{n:([\w-]+)\}")


@dataclass
class Draft:
    """A story on its way into the database."""

    story: Story
    state: State
    steps: list[Step]
    number: str
    ticket: Ticket
    mails: list[Mail]
    messages: list[Message]
    # Notes, and whom they call.
    calls: list[tuple[Message, Call]] = field(default_factory=list)


class Writing:
    """Writes lists of stories; remembers the numbers of those before, since a text may name another ticket."""

    def __init__(self, house: House, *, now: datetime) -> None:
        self.house, self.now = house, now
        self.names = house.agent_names
        self.people = everybody()
        self.numbers: dict[str, str] = {}
        self.zones = {key: ZoneInfo(zone) for key, zone in ZONES.items()}

    def write(self, stories: list[Story]) -> list[Draft]:
        """One transaction for all of them. The tickets are complete but for files and the mail ledger."""
        with transaction.atomic():
            self._make_tags(stories)
            drafts = [self._draft(story, number) for story, number in self._number(stories)]
            bulk.add([draft.ticket for draft in drafts])
            threads = [Thread(ticket_id=draft.ticket.pk) for draft in drafts]
            bulk.add(threads)
            bulk.add([row for draft in drafts for row in self._participants(draft)])
            bulk.add([row for draft in drafts for row in self._tags(draft)])
            for draft, thread in zip(drafts, threads, strict=True):
                self._write_messages(draft, thread)
            bulk.add([message for draft in drafts for message in draft.messages])
            bulk.add([_mention(draft, message, call) for draft in drafts for message, call in draft.calls])
            bulk.add(self._events(drafts))
        return drafts

    def _make_tags(self, stories: Iterable[Story]) -> None:
        wanted = {tag for story in stories for tag in story.tags} - set(self.house.tags)
        for tag in Tag.objects.bulk_create(Tag(name=name) for name in sorted(wanted)):
            self.house.tags[tag.name] = tag

    def _tags(self, draft: Draft) -> list[Model]:
        through = Ticket.tags.through
        return [through(ticket_id=draft.ticket.pk, tag_id=self.house.tags[name].pk) for name in draft.story.tags]

    def _number(self, stories: list[Story]) -> list[tuple[Story, str]]:
        """Each story with the next number of its brand; the counters are moved on."""
        last: dict[str, int] = {}
        for key in {story.brand for story in stories}:
            brand, count = self.house.brands[key], sum(story.brand == key for story in stories)
            Brand.objects.filter(pk=brand.pk).update(last_number=F("last_number") + count)
            last[key] = Brand.objects.values_list("last_number", flat=True).get(pk=brand.pk) - count
        numbered = []
        for story in stories:
            last[story.brand] += 1
            number = make_number(self.house.brands[story.brand].letters, last[story.brand])
            self.numbers[story.key] = number
            numbered.append((story, number))
        return numbered

    def _draft(self, story: Story, number: str) -> Draft:
        state, steps = play(story, now=self.now, names=self.names)
        house, person = self.house, self.house.people[story.requester]
        created, last = story.entries[0].at, story.entries[state.last]
        status = house.statuses[state.status]
        ticket = Ticket(
            number=number, brand=house.brands[story.brand], subject=story.subject, status=status,
            status_category=status.category, ball=state.ball, ball_since=state.ball_since, impact=story.impact,
            urgency=story.urgency, priority=state.priority, type=story.type, channel=story.channel,
            category=house.categories.get(story.category),
            team=house.teams[story.team], level=house.teams[story.team].level,
            assignee=house.agents.get(state.assignee), requester=person.contact,
            organisation=person.organisation, language=story.language, is_unconfirmed=person.unconfirmed,
            last_message_at=last.at, last_author=self._name(last.by)[:160], last_kind=last.kind, created_at=created,
            updated_at=state.updated_at, first_response_at=state.first_response_at, solved_at=state.solved_at,
            closed_at=state.closed_at, version=state.version,
        )  # fmt: skip
        ticket.last_text = " ".join(plain(self._words(last, story), story.language)[:800].split())[:160]
        return Draft(story, state, steps, number, ticket, [], [])

    def _name(self, key: str) -> str:
        return self.names.get(key) or self.house.people[key].contact.name

    def _words(self, entry: Entry, story: Story) -> str:
        """The words of an entry with the marks for dates and other tickets filled in."""
        if "{" not in entry.text:
            return entry.text
        text = fill_dates(entry.text, at=entry.at.astimezone(self.zones[story.language]), language=story.language)
        return _NUMBER_MARK.sub(lambda match: show_number(self.numbers[match[1]]), text)

    def _participants(self, draft: Draft) -> list[Participant]:
        at, story = draft.story.entries[0].at, draft.story
        rows = [("requester", story.requester), *(("cc", key) for key in story.copies)]
        return [
            Participant(ticket_id=draft.ticket.pk, contact=self.house.people[key].contact, role=role, joined_at=at,
                        trust=_trust(self.house.people[key], story.channel) if role == "requester" else "claimed")
            for role, key in rows
        ]  # fmt: skip

    def _write_messages(self, draft: Draft, thread: Thread) -> None:
        answered: tuple[Entry, str] | None = None
        for place, entry in enumerate(draft.story.entries):
            words = self._words(entry, draft.story)
            message = Message(
                ticket=draft.ticket, thread=thread, kind=entry.kind, channel=entry.channel, created_at=entry.at,
                author_name=self._name(entry.by)[:160], is_held=entry.is_held, is_automatic=entry.is_automatic,
            )  # fmt: skip
            mail = Mail("")
            if entry.kind == "received":
                mail = self._fill_received(message, entry, words, draft, answered, place)
            else:
                self._fill_written(message, entry, words, draft)
                answered = (entry, words) if entry.kind == "reply" else answered
            draft.mails.append(mail)
            draft.messages.append(message)

    def _fill_written(self, message: Message, entry: Entry, words: str, draft: Draft) -> None:
        """What an agent wrote."""
        message.agent, message.trust = self.house.agents[entry.by], "signed_in"
        message.text = plain(words, draft.story.language)
        if entry.kind == "note":
            me = ("agent", message.agent.pk)
            calls = [c for c in find_calls(message.text, self.people) if (c.who.kind, c.who.pk) != me]
            message.why = {"mentions": [f"@{call.typed}" for call in calls]} if calls else {}
            draft.calls += [(message, call) for call in calls]
        if entry.kind == "reply" and entry.channel == "mail":
            message.recipients = self._recipients(draft.story)
            message.delivery = "bounced" if entry.bounced else "sent"
            message.delivery_detail, message.delivery_at = entry.bounced, min(entry.at + _SENT_AFTER, self.now)

    def _recipients(self, story: Story) -> list[dict[str, str]]:
        rows = [("to", story.requester), *(("cc", key) for key in story.copies)]
        people = [(role, self.house.people[key]) for role, key in rows]
        return [{"role": role, "name": p.contact.name, "address": p.mail} for role, p in people if p.mail]

    def _fill_received(
        self, message: Message, entry: Entry, words: str, draft: Draft, answered: tuple[Entry, str] | None, place: int
    ) -> Mail:
        """What came from outside; a mail with all that its program adds."""
        story, person = draft.story, self.house.people[entry.by]
        message.contact, message.trust = person.contact, _trust(person, entry.channel)
        if entry.channel != "mail":
            message.text = plain(words, story.language)
            return Mail("")
        bare = entry.is_automatic
        writer = Writer(
            "none" if bare else person.client, person.language, "" if bare else person.signature,
            "" if bare else person.disclaimer, person.logo,
        )  # fmt: skip
        quoted = self._quoted(answered, draft, writer) if entry.quotes and answered else None
        mail = dress(words, writer, quoted=quoted, content_ids=story.key)
        message.text, message.reply_text = mail.text, mail.new
        first = place == 0
        message.subject = entry.subject or (
            story.subject if first else reply_subject(story.subject, draft.number, writer)
        )
        box = self.house.mailboxes[story.mailbox]
        message.recipients = [{"role": "to", "name": box.name, "address": box.address}]
        if first:
            message.recipients += [row for row in self._recipients(story) if row["role"] == "cc"]
        message.why = _why(entry, person, first=first)
        return mail

    def _quoted(self, answered: tuple[Entry, str], draft: Draft, writer: Writer) -> Quoted:
        entry, words = answered
        box = self.house.mailboxes[draft.story.mailbox]
        return Quoted(
            at=entry.at.astimezone(self.zones[writer.language]), name=f"{self._name(entry.by)} · {box.name}",
            address=box.address, to=self.house.people[draft.story.requester].contact.name,
            subject=f"Re: {draft.story.subject} [#{draft.number}]", text=plain(words, draft.story.language),
        )  # fmt: skip

    def _events(self, drafts: list[Draft]) -> list[Event]:
        rows = [self._event(draft, step) for draft in drafts for step in draft.steps]
        rows += [event for draft in drafts for message in draft.messages for event in _deliveries(message)]
        return sorted(rows, key=lambda event: event.at)

    def _event(self, draft: Draft, step: Step) -> Event:
        changes: dict[str, Any] = dict(step.changes)
        if step.entry is not None:
            message = draft.messages[step.entry]
            facts: dict[str, Any] = {"message": message.pk}
            if step.kind == "ticket.created":
                facts["channel"] = message.channel
            if step.kind in {"ticket.created", "message.received", "message.held"}:
                facts["quiet"] = message.is_automatic
            changes = {**facts, **changes}
        agent = self.house.agents.get(step.by)
        return Event(
            kind=step.kind, stream_kind="ticket", stream_id=draft.ticket.pk, at=step.at,
            actor_kind="agent" if agent else "contact", actor_name=self._name(step.by)[:200], changes=changes,
            actor_id=agent.pk if agent else self.house.people[step.by].contact.pk,
        )  # fmt: skip


def index(drafts: list[Draft]) -> None:
    """Makes the tickets findable, once their files are there."""
    prefetch_related_objects([message for draft in drafts for message in draft.messages], "attachments")
    with transaction.atomic():
        bulk.insert([row for draft in drafts for row in documents_of(draft.ticket, draft.messages)])


def _mention(draft: Draft, message: Message, call: Call) -> Mention:
    """Who was called in a note; on a finished ticket his part is done."""
    done = None if draft.ticket.status_category in ACTIVE else message.created_at
    row = Mention(message=message, at=message.created_at, done_at=done)
    setattr(row, f"{call.who.kind}_id", call.who.pk)
    return row


def _deliveries(message: Message) -> list[Event]:
    """That a reply has left, and that it came back."""
    states = ["queued", "sent", "bounced"][: {"sent": 2, "bounced": 3}.get(message.delivery, 0)]
    return [
        Event(
            kind="delivery.changed",
            stream_kind="ticket",
            stream_id=message.ticket_id,
            at=message.delivery_at or message.created_at,
            actor_kind="system",
            actor_name="mail",
            changes={"message": message.pk, "delivery": [old, new]},
        )
        for old, new in pairwise(states)
    ]


def _trust(person: Person, channel: str) -> str:
    if channel == "web" and person.signs_in:
        return "signed_in"
    return "authenticated" if channel == "mail" and person.authenticates else "claimed"


def _why(entry: Entry, person: Person, *, first: bool) -> dict[str, str]:
    """Why a mail is on this ticket, in the words of the mail channel (see channels.mail.filing)."""
    kind = "auto_reply" if entry.is_automatic else "person"
    facts = {"kind": kind, "verdict": "pass" if person.authenticates else "unknown"}
    if first:
        return {"rule": "new", **facts}
    sender = "stranger" if entry.is_held else "participant"
    return {**facts, "rule": "reply_address", "strength": "strong", "sender": sender}

"""Tickets beyond the written ones: contacts and stories put together from parts, in three languages, a million if need
be. For trying the desk at size; each is plausible by itself, none is meant to be read twice."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from django.db import transaction

from tresen.core.people.models import Contact, Identity, Organisation, OrganisationMembership
from tresen.faces.cli.sample.house import ZONES, House, Person
from tresen.faces.cli.sample.stories import CONTENT, LANGUAGES, Entry, Story

TICKETS_A_CONTACT = 25
MOST_CONTACTS = 40_000
_PEOPLE_CHUNK = 1000
_SHARES = (45, 30, 25)
_CHANNELS, _CHANNEL_SHARES = ("mail", "web", "phone", "chat"), (70, 15, 12, 3)
_LONGEST, _SHORTEST = timedelta(days=1095), timedelta(days=120)
_FRESH = timedelta(days=14)
_OLD, _OLD_SHARES = ("closed", "solved", "waiting", "on_hold"), (9500, 460, 30, 10)
_OPEN, _OPEN_SHARES = ("waiting", "open", "new", "on_hold"), (40, 35, 15, 10)
_DONE, _DONE_SHARES = ("closed", "solved"), (95, 5)
_NEW, _NEW_SHARES = ("closed", "solved", "waiting", "open", "new", "on_hold"), (40, 25, 12, 12, 8, 3)


@dataclass(frozen=True)
class Mix:
    """What a desk for measuring is made of: so many messages a ticket, that share of them open, at any age."""

    messages: int
    open_share: float

    def status(self, random: Random) -> str:
        """The status of one ticket."""
        if random.random() < self.open_share:
            return random.choices(_OPEN, _OPEN_SHARES)[0]
        return random.choices(_DONE, _DONE_SHARES)[0]


@lru_cache(maxsize=4)
def _grammar(language: str) -> dict[str, Any]:
    with open(CONTENT / f"grammar_{language}.toml", "rb") as file:
        return tomllib.load(file)


class _Slots(dict[str, str]):
    """Gives a random word for each slot of a template, and the same one again within a story."""

    def __init__(self, words: dict[str, list[str]], random: Random) -> None:
        super().__init__()
        self.words, self.random = words, random

    def __missing__(self, slot: str) -> str:
        self[slot] = word = self.random.choice(self.words[slot])
        return word


@transaction.atomic
def add_crowd(house: House, tickets: int, *, random: Random, now: datetime) -> None:
    """Contacts enough for so many tickets, in the sample's organisations; none when there are no such tickets."""
    count = min(MOST_CONTACTS, -(-tickets // TICKETS_A_CONTACT)) if tickets > 0 else 0
    homes: dict[str, list[Organisation]] = {language: [] for language in LANGUAGES}
    for person in list(house.people.values()):
        if person.organisation and person.organisation not in homes[person.language]:
            homes[person.language].append(person.organisation)
    for start in range(0, count, _PEOPLE_CHUNK):
        _add_people(house, range(start, min(count, start + _PEOPLE_CHUNK)), homes, random, now)


def _add_people(
    house: House, numbers: range, homes: dict[str, list[Organisation]], random: Random, now: datetime
) -> None:
    contacts, identities, memberships = [], [], []
    for number in numbers:
        language = random.choices(LANGUAGES, _SHARES)[0]
        grammar, organisation = _grammar(language), random.choice(homes[language])
        first, last = random.choice(grammar["first"]), random.choice(grammar["last"])
        contact = Contact(name=f"{first} {last}", language=language, timezone=ZONES[language])
        mail = f"{_ascii(first)}.{_ascii(last)}{number}@{organisation.domains[0]}"
        contacts.append(contact)
        identities.append(
            Identity(contact=contact, kind="mail", value=mail, folded=mail, is_main=True, verified_at=now)
        )
        memberships.append(OrganisationMembership(contact=contact, organisation=organisation))
        house.people[f"crowd-{number}"] = Person(
            contact=contact, mail=mail, organisation=organisation,
            signature=f"{random.choice(grammar['closing'])}\n{contact.name}",
        )  # fmt: skip
    Contact.objects.bulk_create(contacts)
    Identity.objects.bulk_create(identities)
    OrganisationMembership.objects.bulk_create(memberships)


def _ascii(name: str) -> str:
    for letter, plain in (("ß", "ss"), ("ł", "l"), ("Ł", "L"), ("ı", "i"), ("ö", "oe"), ("ü", "ue"), ("ä", "ae")):
        name = name.replace(letter, plain)
    folded = unicodedata.normalize("NFD", name.lower())
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def crowd_stories(
    house: House, count: int, *, chunk: int, random: Random, now: datetime, mix: Mix | None = None
) -> Iterator[list[Story]]:
    """So many stories, oldest first, in lists of `chunk`. They end where the written ones are freshest."""
    people = [key for key in house.people if key.startswith("crowd-")]
    maker = _Maker(house, people, random, now, mix)
    span = min(_LONGEST, max(_SHORTEST, timedelta(days=count // 300)))
    for start in range(0, count, chunk):
        numbers = range(start, min(count, start + chunk))
        yield [maker.story(number, now - span + span * (number / count)) for number in numbers]


@dataclass
class _Draft:
    """The parts of one story that are chosen first."""

    key: str
    language: str
    topic: dict[str, Any]
    channel: str
    agent: str
    status: str
    slots: _Slots


class _Maker:
    """Puts stories together."""

    def __init__(self, house: House, people: list[str], random: Random, now: datetime, mix: Mix | None) -> None:
        self.house, self.people, self.random, self.now, self.mix = house, people, random, now, mix
        speakers = {key: agent.user.language for key, agent in house.agents.items()}
        members = {
            key: [k for k, agent in house.agents.items() if agent.teams.filter(pk=team.pk).exists()]
            for key, team in house.teams.items()
        }
        # Whoever speaks the language, else anyone of the team.
        self.agents = {
            (team, language): [k for k in keys if speakers[k] == language] or keys
            for team, keys in members.items()
            for language in LANGUAGES
        }

    def story(self, number: int, about: datetime) -> Story:
        """The story with that number, begun about that time."""
        random = self.random
        key = random.choice(self.people)
        person = self.house.people[key]
        language, at = person.language, self._office_time(about)
        topic = random.choice(_grammar(language)["topic"])
        fresh = self.now - at < _FRESH
        shares = (_NEW, _NEW_SHARES) if fresh else (_OLD, _OLD_SHARES)
        status = self.mix.status(random) if self.mix else random.choices(*shares)[0]
        draft = _Draft(
            key, language, topic, random.choices(_CHANNELS, _CHANNEL_SHARES)[0],
            random.choice(self.agents[topic["team"], language]), status, _Slots(_grammar(language)["slot"], random),
        )  # fmt: skip
        subject = random.choice(topic["subjects"]).format_map(draft.slots)
        return Story(
            key=f"crowd-{number}", subject=subject[0].upper() + subject[1:], requester=key, team=topic["team"],
            language=language, entries=self._told(draft, at), status=status, type=topic["type"],
            category=topic["category"], vip=bool(person.organisation and person.organisation.is_vip),
            brand="przystan" if person.organisation == self.house.organisations["hotele"] else "lindhafen",
            mailbox=self._mailbox(person, language), assignee="" if status == "new" else draft.agent,
            impact=random.choice((1, 1, 1, 2, 3)), urgency=random.choice((1, 2, 2, 3)), channel=draft.channel,
        )  # fmt: skip

    def _office_time(self, about: datetime) -> datetime:
        at = about.replace(hour=6 + int(self.random.triangular(0, 11, 3)), minute=self.random.randrange(60))
        if at.weekday() > 4 and self.random.random() < 0.9:
            at -= timedelta(days=at.weekday() - 4)
        return min(at.replace(second=self.random.randrange(60), microsecond=0), self.now - timedelta(minutes=3))

    def _mailbox(self, person: Person, language: str) -> str:
        if person.organisation == self.house.organisations["hotele"]:
            return "pomoc@przystan-pomoc.example"
        return "support@lindhafen.example" if language == "en" else "hilfe@lindhafen.example"

    def _told(self, draft: _Draft, at: datetime) -> tuple[Entry, ...]:
        """The story's entries; as many as the mix asks for, then with notes in between."""
        entries = list(self._entries(draft, at))
        while self.mix and len(entries) > self.mix.messages:
            del entries[1]
        while self.mix and len(entries) < self.mix.messages:
            note = self.random.choice(_grammar(draft.language)["notes"]).format_map(draft.slots)
            place = min(len(entries), 1)
            at = entries[place - 1].at + timedelta(seconds=7)
            entries.insert(place, Entry(by=draft.agent, at=at, kind="note", channel="web", text=note))
        return tuple(entries)

    def _entries(self, draft: _Draft, at: datetime) -> Iterator[Entry]:
        """Question, perhaps a question back and its answer, perhaps a note, the answer, perhaps thanks."""
        random, grammar = self.random, _grammar(draft.language)
        problem = random.choice(draft.topic["problems"]).format_map(draft.slots)
        words = f"{self._sentence(problem, draft)} {random.choice(grammar['urgency']).format_map(draft.slots)}"
        yield self._said(draft, at, f"{random.choice(grammar['greeting'])}\n\n{words}")
        if draft.status == "new":
            return
        if draft.status == "waiting" or random.random() < 0.3:
            at, (question, reply) = self._later(at), random.choice(draft.topic["asks"])
            yield self._answered(draft, at, question)
            if draft.status == "waiting":
                return
            at = self._later(at)
            yield self._said(draft, at, reply.format_map(draft.slots), quotes=True)
        is_fault = draft.topic["type"] == "incident"
        if (is_fault and random.random() < 0.3) or draft.status == "on_hold":
            at = self._later(at)
            note = random.choice(grammar["notes"]).format_map(draft.slots)
            yield Entry(by=draft.agent, at=at, kind="note", channel="web", text=note)
        if draft.status in {"open", "on_hold"}:
            return
        at = self._later(at)
        yield self._answered(draft, at, random.choice(draft.topic["answers"]))
        if random.random() < 0.4:
            yield self._said(
                draft, self._later(at), random.choice(grammar["thanks" if is_fault else "gratitude"]), quotes=True
            )

    def _later(self, at: datetime) -> datetime:
        """Some minutes or hours after, but before now."""
        return at + min(timedelta(minutes=int(self.random.expovariate(1 / 90)) + 3), (self.now - at) / 2)

    def _said(self, draft: _Draft, at: datetime, words: str, *, quotes: bool = False) -> Entry:
        channel = "mail" if quotes and draft.channel in {"mail", "phone"} else draft.channel
        taken_by = draft.agent if channel == "phone" else ""
        return Entry(
            by=draft.key, at=at, kind="received", channel=channel, text=words, quotes=quotes and channel == "mail",
            taken_by=taken_by,
        )  # fmt: skip

    def _answered(self, draft: _Draft, at: datetime, sentence: str) -> Entry:
        name = self.house.people[draft.key].contact.name
        salutation = self.random.choice(_grammar(draft.language)["salutation"]).format(name=name)
        words = self._sentence(sentence.format_map(draft.slots), draft)
        channel = "chat" if draft.channel == "chat" else "mail"
        return Entry(by=draft.agent, at=at, kind="reply", channel=channel, text=f"{salutation}\n\n{words}")

    @staticmethod
    def _sentence(words: str, draft: _Draft) -> str:
        """After a greeting with a comma English goes on with a capital, German and Polish with a small letter."""
        if draft.language == "en":
            return words[0].upper() + words[1:]
        return words

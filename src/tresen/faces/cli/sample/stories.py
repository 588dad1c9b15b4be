"""What the sample desk is about, read from `content/*.toml`: its people, and the stories that become tickets.

Pure: no database here. A story is one ticket; an entry is one message of it, with its instant worked out.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from tresen.faces.cli.sample.ages import in_order, moment

CONTENT = Path(__file__).with_name("content")
LANGUAGES = ("de", "pl", "en")
_LEVEL = {"low": 1, "medium": 2, "high": 3}
_TYPES = {"incident": "incident", "request": "service_request", "question": "question"}
# Who sorts new tickets of a language, where no one holds them yet.
TRIAGE = {"de": "lena", "pl": "tomasz", "en": "ruth"}


@dataclass(frozen=True)
class Entry:
    """One message: who, when, how, and its own words, without the signature and quotation a mail program adds."""

    by: str
    at: datetime
    kind: str
    channel: str
    text: str
    subject: str = ""
    files: tuple[str, ...] = ()
    quotes: bool = False
    is_held: bool = False
    is_automatic: bool = False
    bounced: str = ""
    taken_by: str = ""


@dataclass(frozen=True)
class Story:
    """One ticket as it shall be in the end, and its messages in order. People, teams and brands are keys."""

    key: str
    subject: str
    requester: str
    team: str
    language: str
    entries: tuple[Entry, ...]
    brand: str = "lindhafen"
    mailbox: str = ""
    assignee: str = ""
    status: str = "new"
    ball: str = ""
    impact: int = 1
    urgency: int = 2
    type: str = "incident"
    category: str = ""
    channel: str = "mail"
    tags: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    vip: bool = False

    @property
    def triage(self) -> str:
        """The agent who sorts it: whoever holds it, else the one who does so for the language."""
        return self.assignee or TRIAGE[self.language]


@dataclass(frozen=True)
class People:
    """The sample's people and places as read, by kind: lists of plain tables."""

    brands: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    teams: list[dict[str, Any]]
    agents: list[dict[str, Any]]
    organisations: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    zones: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def read_people() -> People:
    """The service provider and its customers."""
    house, customers = _read("house.toml"), _read("contacts.toml")
    zones = {brand["key"]: brand["timezone"] for brand in house["brand"]}
    return People(
        house["brand"], house["category"], house["team"], house["agent"], customers["organisation"],
        customers["contact"], zones,
    )  # fmt: skip


def read_stories(*, now: datetime, random: Random) -> list[Story]:
    """All written tickets, oldest first. `random` moves every message by some seconds, so that seeds differ."""
    reader = _Reader(now, random)
    stories = [
        reader.story(table, f"{kind}-{language}-{place}", language)
        for language in LANGUAGES
        for kind in ("stories", "short")
        for place, table in enumerate(_read(f"{kind}_{language}.toml")["ticket"])
    ]
    return sorted(stories, key=lambda story: (story.entries[0].at, story.key))


@lru_cache(maxsize=16)
def _read(name: str) -> dict[str, Any]:
    with open(CONTENT / name, "rb") as file:
        return tomllib.load(file)


class _Reader:
    """Turns tables into stories."""

    def __init__(self, now: datetime, random: Random) -> None:
        people = read_people()
        self.now, self.random, self.zones = now, random, people.zones
        self.agents = {agent["key"] for agent in people.agents}
        self.contacts = {contact["key"]: contact for contact in people.contacts}
        self.vips = {o["key"] for o in people.organisations if o.get("vip")}
        self.brand_of = {o["key"]: o.get("brand", "lindhafen") for o in people.organisations}

    def story(self, table: dict[str, Any], key: str, language: str) -> Story:
        first = self.contacts[table["from"]].get("organisations", [""])[0]
        vip = self.contacts[table["from"]].get("vip", False) or first in self.vips
        brand = table.get("brand") or self.brand_of.get(first, "lindhafen")
        mailbox = table.get("mailbox") or {"przystan": "pomoc@przystan-pomoc.example"}.get(brand, "")
        found = Story(
            key=table.get("key", key), subject=table["subject"], requester=table["from"], team=table["team"],
            language=table.get("language", language), entries=(), brand=brand,
            mailbox=mailbox or "hilfe@lindhafen.example", assignee=table.get("assignee", ""), status=table["status"],
            ball=table.get("ball", ""), impact=_LEVEL[table.get("impact", "low")],
            urgency=_LEVEL[table.get("urgency", "medium")], type=_TYPES[table.get("type", "incident")],
            category=table.get("category", ""),
            channel=table.get("channel", "mail"), tags=tuple(table.get("tags", ())), copies=tuple(table.get("cc", ())),
            vip=vip,
        )  # fmt: skip
        written = [self._short(row) for row in table.get("m", ())] or table["message"]
        entries = [self._entry(row, found, table.get("taken_by", "")) for row in written]
        moments = in_order([entry.at for entry in entries], now=self.now)
        return replace(found, entries=tuple(replace(e, at=at) for e, at in zip(entries, moments, strict=True)))

    @staticmethod
    def _short(row: list[str]) -> dict[str, Any]:
        """`[age, "who:mark", text, file?]` as a message's table."""
        by, _, mark = row[1].partition(":")
        table: dict[str, Any] = {"at": row[0], "by": by, "text": row[2], "files": row[3:]}
        if mark in {"phone", "mail"}:
            table["channel"] = mark
        elif mark:
            table[mark] = True
        return table

    def _entry(self, row: dict[str, Any], story: Story, taken_by: str) -> Entry:
        at = moment(row["at"], now=self.now, zone=self.zones[story.brand])
        quotes = bool(row.get("quote"))
        channel = row.get("channel") or ("mail" if quotes else story.channel)
        kind = "received"
        if row["by"] in self.agents:
            # What an agent writes about a call is for colleagues; the customer has heard it.
            kind = "note" if row.get("note") or row.get("channel") in {"phone", "visit"} else "reply"
            if kind == "note":
                channel = row.get("channel", "web")
            elif channel != "chat":
                channel = "mail"
        return Entry(
            by=row["by"], at=at.replace(second=self.random.randrange(60)), kind=kind, channel=channel,
            text=row["text"].strip(), subject=row.get("subject", ""), files=tuple(row.get("files", ())), quotes=quotes,
            is_held=bool(row.get("held")), is_automatic=bool(row.get("auto")), bounced=row.get("bounced", ""),
            taken_by=taken_by if kind == "received" and channel in {"phone", "visit"} else "",
        )  # fmt: skip

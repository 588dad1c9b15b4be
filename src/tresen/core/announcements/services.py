"""Writing, publishing and ending announcements. One intention = one function here = one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tresen.core.announcements.choices import LASTING, Kind, Severity, Stage, State
from tresen.core.announcements.models import Announcement, AnnouncementUpdate
from tresen.core.announcements.words import clean_line, clean_lines
from tresen.core.people.models import LANGUAGES, Agent
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

PLAIN = ("kind", "severity", "language", "begins_at", "ends_at", "problem")
WORDS = ("titles", "texts")
AUDIENCE = ("brands", "organisations", "services")
FIELDS = (*PLAIN, *WORDS, *AUDIENCE)
LONGEST_TITLE, LONGEST_TEXT = 160, 6000
CODES = tuple(code for code, _name in LANGUAGES)


class StaleAnnouncement(Exception):
    """Somebody else has changed it meanwhile; `announcement` is how it is now."""

    def __init__(self, announcement: Announcement) -> None:
        super().__init__("somebody else has changed this announcement meanwhile")
        self.announcement = announcement


class WrongAnnouncement(ValueError):
    """It cannot be like this; `field` says where: a language without words, an end before its beginning."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NotPossible(Exception):
    """Its state does not allow that: what is a draft cannot be over, what was withdrawn cannot be written on."""


def field_values(row: Announcement) -> dict[str, Any]:
    """All of FIELDS, rows by their keys: what a form shows and an event compares."""
    plain = {name: getattr(row, name) for name in (*PLAIN[:-1], *WORDS)}
    audience = {name: sorted(getattr(row, name).values_list("pk", flat=True)) for name in AUDIENCE}
    return {**plain, "problem": row.problem_id, **audience}


@transaction.atomic
def create_announcement(*, set: Mapping[str, Any], agent: Agent | None, by: Actor) -> Announcement:
    """A new draft from FIELDS; brands and organisations as rows. Event `announcement.created`. Raises KeyError,
    WrongAnnouncement."""
    now = clock.now()
    row = Announcement(created_by=agent, created_at=now, changed_at=now, begins_at=now)
    _fill(row, set)
    row.save()
    _set_audience(row, set)
    record("announcement.created", stream=row, by=by, changes={"kind": row.kind})
    return row


@transaction.atomic
def change_announcement(
    row: Announcement, *, set: Mapping[str, Any], by: Actor, expected_version: int | None = None
) -> Announcement:
    """Other words, times or readers. Event `announcement.changed`, none where nothing is different. Raises
    StaleAnnouncement, WrongAnnouncement, NotPossible, KeyError."""
    locked = _lock(row, expected_version)
    if locked.state == State.WITHDRAWN:
        raise NotPossible
    before = field_values(locked)
    _fill(locked, set)
    _set_audience(locked, set)
    if locked.state in LASTING:
        locked.state = _by_time(locked)
    after = field_values(locked)
    if changed := [name for name in FIELDS if before[name] != after[name]]:
        _save(locked)
        # Texts of people are never in events: of these only that they changed.
        told = {name: True if name in WORDS else [_told(before[name]), _told(after[name])] for name in changed}
        record("announcement.changed", stream=locked, by=by, changes=told)
    return locked


@transaction.atomic
def publish(row: Announcement, *, by: Actor, expected_version: int | None = None) -> Announcement:
    """Those for whom it is can read it from now on: as planned until it begins. Event `announcement.published`. Raises
    StaleAnnouncement, NotPossible for what is no draft, WrongAnnouncement for what is over already."""
    locked = _lock(row, expected_version)
    if locked.state != State.DRAFT:
        raise NotPossible
    now = clock.now()
    if locked.ends_at and locked.ends_at <= now and not locked.is_disturbance:
        raise WrongAnnouncement("ends_at")
    locked.state, locked.published_at = _by_time(locked), now
    _save(locked)
    record("announcement.published", stream=locked, by=by, changes={"state": [State.DRAFT, locked.state]})
    return locked


@transaction.atomic
def post_update(
    row: Announcement, *, stage: str, texts: Mapping[str, str], agent: Agent | None, by: Actor,
    expected_version: int | None = None,
) -> AnnouncementUpdate:  # fmt: skip
    """Says what is new. With stage `solved` it is over: event `announcement.resolved`; else `announcement.updated`, and
    what was over lasts again. Raises StaleAnnouncement, NotPossible for a draft or what was withdrawn,
    WrongAnnouncement without words in the main language."""
    locked, now = _lock(row, expected_version), clock.now()
    if not locked.is_readable:
        raise NotPossible
    words = _clean(texts, "update", longest=LONGEST_TEXT)
    if not words.get(locked.language):
        raise WrongAnnouncement("update")
    update = AnnouncementUpdate.objects.create(
        announcement=locked, stage=Stage(stage).value, texts=words, by=agent, at=now
    )
    was = locked.state
    if update.stage == Stage.SOLVED:
        locked.state, locked.over_at = State.OVER, now
    elif locked.state == State.OVER:
        locked.state, locked.over_at = _by_time(locked), None
        if locked.ends_at and locked.ends_at <= now:
            locked.ends_at = None
    _save(locked)
    kind = "announcement.resolved" if update.stage == Stage.SOLVED else "announcement.updated"
    changes: dict[str, Any] = {"update": update.pk, "stage": update.stage}
    if was != locked.state:
        changes["state"] = [was, locked.state]
    record(kind, stream=locked, by=by, changes=changes)
    return update


@transaction.atomic
def withdraw(row: Announcement, *, by: Actor, expected_version: int | None = None) -> Announcement:
    """Nobody outside can read it any more, and nobody is written to about it. Event `announcement.withdrawn`. Raises
    StaleAnnouncement, NotPossible."""
    locked = _lock(row, expected_version)
    if locked.state == State.WITHDRAWN:
        raise NotPossible
    was, locked.state = locked.state, State.WITHDRAWN
    _save(locked)
    record("announcement.withdrawn", stream=locked, by=by, changes={"state": [was, locked.state]})
    return locked


@transaction.atomic
def bring_back(row: Announcement, *, by: Actor, expected_version: int | None = None) -> Announcement:
    """What was withdrawn is a draft again. Event `announcement.brought_back`. Raises StaleAnnouncement, NotPossible."""
    locked = _lock(row, expected_version)
    if locked.state != State.WITHDRAWN:
        raise NotPossible
    locked.state, locked.over_at = State.DRAFT, None
    _save(locked)
    record("announcement.brought_back", stream=locked, by=by, changes={"state": [State.WITHDRAWN, State.DRAFT]})
    return locked


def follow_the_clock() -> None:
    """What is planned begins, what has an end is over. Events `announcement.began` and `announcement.ended`."""
    now, by = clock.now(), Actor.system("announcements")
    for row in Announcement.objects.due_to_begin(now).order_by("pk"):
        with transaction.atomic():
            locked = _lock(row, None)
            if locked.state == State.PLANNED and locked.begins_at <= now:
                locked.state = State.ACTIVE
                _save(locked)
                record("announcement.began", stream=locked, by=by)
    for row in Announcement.objects.due_to_end(now).order_by("pk"):
        with transaction.atomic():
            locked = _lock(row, None)
            if locked.state == State.ACTIVE and locked.ends_at and locked.ends_at <= now:
                locked.state, locked.over_at = State.OVER, locked.ends_at
                _save(locked)
                record("announcement.ended", stream=locked, by=by)


def _lock(row: Announcement, expected: int | None) -> Announcement:
    locked = Announcement.objects.select_for_update().get(pk=row.pk)
    if expected is not None and locked.version != expected:
        raise StaleAnnouncement(locked)
    return locked


def _save(row: Announcement) -> None:
    row.version += 1
    row.changed_at = clock.now()
    row.save()


def _by_time(row: Announcement) -> State:
    return State.PLANNED if row.begins_at > clock.now() else State.ACTIVE


def _fill(row: Announcement, wanted: Mapping[str, Any]) -> None:
    if unknown := [name for name in wanted if name not in FIELDS]:
        raise KeyError(unknown[0])
    for name in PLAIN:
        if name in wanted:
            setattr(row, name, wanted[name])
    if "titles" in wanted:
        row.titles = _clean(wanted["titles"], "titles", longest=LONGEST_TITLE, is_line=True)
    if "texts" in wanted:
        row.texts = _clean(wanted["texts"], "texts", longest=LONGEST_TEXT)
    _check(row)


def _check(row: Announcement) -> None:
    for name, known in (("kind", Kind.values), ("language", CODES), ("severity", ["", *Severity.values])):
        if getattr(row, name) not in known:
            raise WrongAnnouncement(name)
    if not row.is_disturbance:
        row.severity = ""
    if not row.titles.get(row.language):
        raise WrongAnnouncement("titles")
    if row.ends_at is not None and row.ends_at <= row.begins_at:
        raise WrongAnnouncement("ends_at")
    if row.problem is not None and not isinstance(row.problem, Ticket):
        raise WrongAnnouncement("problem")


def _clean(words: Mapping[str, str], field: str, *, longest: int, is_line: bool = False) -> dict[str, str]:
    if any(code not in CODES for code in words):
        raise WrongAnnouncement(field)
    clean = clean_line if is_line else clean_lines
    found = {code: clean(words[code], longest) for code in CODES if code in words}
    return {code: text for code, text in found.items() if text}


def _set_audience(row: Announcement, wanted: Mapping[str, Any]) -> None:
    for name in AUDIENCE:
        if name in wanted:
            getattr(row, name).set(wanted[name])


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value

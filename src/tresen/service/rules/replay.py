"""A rule and what happened before: on which events it would have matched, and what it would have changed then.

A ticket is put back, event by event, to what it was when each of them had just happened; who takes part and which files
there are, is as today. What the rule would have set stays set until the history sets it anew. Pure but for reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TypeGuard

from django.db.models.base import ModelState
from django.utils.dateparse import parse_datetime

from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistItem
from tresen.core.tickets.automation import Foreseen
from tresen.core.tickets.changes import MOMENTS as CHANGED_MOMENTS
from tresen.core.tickets.changes import ROWS, WrongValue, apply_changes
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.field_values import KEY, keys_in
from tresen.core.tickets.models import Message, Status, Tag, Ticket
from tresen.service.rules.compiling import Compiled
from tresen.service.rules.own_fields import SetOwnField
from tresen.service.rules.setting import ChangeTags, Setting
from tresen.service.rules.triggers import MOMENTS, triggers_of
from tresen.service.search.analyser import analyse
from tresen.service.search.facts import Facts, Relation
from tresen.service.search.indexing import text_of
from tresen.service.search.own_texts import own_words
from tresen.spine.events.models import Event

PLAIN = ("subject", "ball", "priority", "impact", "urgency", "type", "level", "language")
WRITTEN = frozenset({"message.received", "message.accepted"})
# What a customer who writes leaves as it is; any other status becomes an open one.
AT_WORK = (StatusCategory.NEW, StatusCategory.OPEN)
State = dict[str, Any]


@dataclass(frozen=True)
class Match:
    """The rule would have matched then; `did`: kinds of the actions that would have changed something."""

    at: datetime
    did: list[str]


@dataclass
class Replayed:
    """One ticket: how often the rule would have looked, and where it would have matched."""

    looked: int = 0
    matches: list[Match] = field(default_factory=list)


class PastFacts(Facts):
    """A ticket as it was at a moment."""

    def __init__(self, ticket: Ticket, tags: frozenset[int], at: datetime) -> None:
        super().__init__(ticket)
        self.tags, self.at = tags, at

    def linked(self, relation: Relation) -> frozenset[int]:
        """Tags and messages as they were, all else as it is now."""
        if relation.key == "tag_id":
            return self.tags
        rows = relation.rows()
        if rows.model is not Message:
            return super().linked(relation)
        of_ticket = rows.filter(**{relation.ticket: self.ticket.pk}, created_at__lte=self.at).order_by()
        return frozenset(of_ticket.values_list(relation.key, flat=True))

    def texts(self, principal: Principal) -> list[str]:
        """Subject and messages as they were; rules see all of them."""
        if "" not in self._texts:
            messages = self.ticket.messages.filter(created_at__lte=self.at).defer("html_source", "html")
            read = messages.prefetch_related("attachments").order_by("id")
            own = own_words(self.ticket)
            self._texts[""] = [self.subject, *own, *(analyse(text_of(message))[1] for message in read)]
        return self._texts[""]


class Replay:
    """A ticket whose history is gone through. `statuses`: all, by their short names."""

    def __init__(self, ticket: Ticket, events: Sequence[Event], statuses: dict[str, Status]) -> None:
        self.ticket, self.events, self.statuses = ticket, list(events), statuses
        self.states = self._states()
        self.overlay: State = {}
        # Of the desk's own fields, by short name; None: emptied.
        self.own: State = {}
        # Steps of checklists that the rule would have put on the ticket.
        self.steps: list[ChecklistItem] = []

    def _states(self) -> list[State]:
        """What the ticket was after each of the events, found by going back from what it is now."""
        ticket = self.ticket
        state: State = {name: getattr(ticket, name) for name in PLAIN}
        state |= {f"{name}_id": getattr(ticket, f"{name}_id") for name in ROWS}
        state |= {name: getattr(ticket, name) for name in CHANGED_MOMENTS}
        state |= {"status": ticket.status, "tags": frozenset(tag.pk for tag in ticket.tags.all())}
        state["fields"] = ticket.fields
        found = []
        for event in reversed(self.events):
            found.append(state)
            state = self._before(state, event)
        return found[::-1]

    def _before(self, state: State, event: Event) -> State:
        old = dict(state)
        undo: dict[str, Any] = event.undo or {}
        for name in PLAIN:
            if _is_pair(change := event.changes.get(name)):
                old[name] = change[0]
        if _is_pair(change := event.changes.get("status")):
            old["status"] = self.statuses.get(change[0], state["status"])
        for name in ROWS:
            if _is_pair(change := undo.get(name)):
                old[f"{name}_id"] = change[0]
        for name in keys_in(event.changes):
            if _is_pair(change := event.changes[name]):
                slug = name.removeprefix(KEY)
                others = {key: value for key, value in old["fields"].items() if key != slug}
                old["fields"] = others if change[0] is None else {**others, slug: change[0]}
        if _is_pair(change := undo.get("tags")):
            old["tags"] = frozenset(change[0])
        for name, at in (undo.get("moments") or {}).items():
            if name in CHANGED_MOMENTS:
                old[name] = parse_datetime(at) if at else None
        return old

    def at(self, place: int, moment: datetime) -> tuple[Ticket, PastFacts]:
        """The ticket after the event at that place, with what the rule would have set."""
        state = self.states[place] | self.overlay
        state["fields"] = {slug: v for slug, v in (state["fields"] | self.own).items() if v is not None}
        past = copy(self.ticket)
        past._state = ModelState()
        past._state.db, past._state.adding = self.ticket._state.db, False
        for name, value in state.items():
            if name not in ("status", "tags"):
                setattr(past, name, value)
        past.status, past.status_category = state["status"], state["status"].category
        past.updated_at = self.events[place].at
        tags: Any = list(Tag.objects.filter(pk__in=state["tags"])) if state["tags"] else []
        past._prefetched_objects_cache = {"tags": tags}  # type: ignore[attr-defined]
        if self.steps:
            past._prefetched_objects_cache["checklist"] = [*self.ticket.checklist.all(), *self.steps]  # type: ignore[attr-defined]
        return past, PastFacts(past, frozenset(state["tags"]), moment)

    def forget(self, event: Event) -> None:
        """What the history sets anew is no longer what the rule has set."""
        for name in [*self.overlay]:
            if name.removesuffix("_id") in event.changes:
                del self.overlay[name]
        for name in keys_in(event.changes):
            self.own.pop(name.removeprefix(KEY), None)
        if event.kind in WRITTEN:  # whoever slept wakes, and it is our turn
            self.overlay.pop("ball", None)
            status = self.overlay.get("status")
            if status is not None and status.category not in AT_WORK and not event.changes.get("quiet"):
                self.overlay["status"] = Status.objects.default_of(StatusCategory.OPEN)

    def take_over(self, one: Compiled, past: Ticket, moment: datetime) -> list[str]:
        """What the rule would have set is so from now on; the kinds of its actions that would have changed something,
        each where those before it have acted, as the engine does them."""
        before = {name: getattr(past, name) for name in (*PLAIN, *(f"{row}_id" for row in ROWS), "status")}
        did: list[str] = []
        for are_settings, group in groupby(one.actions, key=lambda pair: isinstance(pair[0], Setting)):
            if are_settings:
                settings = list(group)
                did += [action.kind for action, kept in settings if action.would(kept, past)]
                self._set(settings, past, moment)
                continue
            for action, kept in group:
                if action.would(kept, past):
                    did.append(action.kind)
                    self._foresee(action, kept, past, moment)
        self.overlay |= {name: now for name, old in before.items() if (now := getattr(past, name)) != old}
        return list(dict.fromkeys(did))

    def _set(self, settings: Sequence[tuple[Any, dict[str, Any]]], past: Ticket, moment: datetime) -> None:
        """Those that stand one after the other are one change."""
        wanted: State = {}
        for action, kept in settings:
            if isinstance(action, ChangeTags):
                self._set_tags(action, kept, past)
                continue
            with suppress(WrongValue):
                if isinstance(action, SetOwnField):
                    own = action.wanted(kept)
                    self.own |= own
                    past.fields = {**past.fields, **own}
                else:
                    wanted[action.kind] = action.wanted(kept)
        with suppress(WrongValue):
            apply_changes(past, wanted, at=moment, keeps=False)

    def _set_tags(self, action: ChangeTags, kept: dict[str, Any], past: Ticket) -> None:
        wanted = action.names(kept, {tag.name.casefold() for tag in past.tags.all()})
        rows = [tag for tag in Tag.objects.all() if tag.name.casefold() in wanted]
        past._prefetched_objects_cache["tags"] = rows  # type: ignore[attr-defined]
        self.overlay["tags"] = frozenset(tag.pk for tag in rows)

    def _foresee(self, action: Any, kept: dict[str, Any], past: Ticket, moment: datetime) -> None:
        if not isinstance(action, Foreseen):
            return
        foreseen = action.foresee(kept, past)
        self.steps += [ChecklistItem(ticket=past, text=text) for text in foreseen.pop("checklist", ())]
        with suppress(WrongValue):
            apply_changes(past, foreseen, at=moment, keeps=False)


def _is_pair(change: Any) -> TypeGuard[list[Any]]:
    return isinstance(change, list) and len(change) == 2


def replay(one: Compiled, history: Replay, *, since: datetime, until: datetime) -> Replayed:
    """What the rule would have done with the ticket between two moments."""
    found, roots = Replayed(), set[int]()
    moments = _due(one, history, until) if one.rule.since else _called(one, history, until)
    last = -1
    for place, moment in moments:
        for event in history.events[last + 1 : place + 1]:
            history.forget(event)
        last = max(last, place)
        if moment < since:
            continue
        event = history.events[place]
        root = event.root_id or event.pk
        past, facts = history.at(place, moment)
        if not one.is_for(past) or (not one.rule.since and root in roots):
            continue
        found.looked += 1
        if not one.holds(facts, moment):
            continue
        roots.add(root)
        found.matches.append(Match(moment, history.take_over(one, past, moment)))
    return found


def _called(one: Compiled, history: Replay, until: datetime) -> Iterator[tuple[int, datetime]]:
    wanted = set(one.rule.triggers)
    for place, event in enumerate(history.events):
        if event.at <= until and wanted & set(triggers_of(event)):
            yield place, event.at


def _due(one: Compiled, history: Replay, until: datetime) -> Iterator[tuple[int, datetime]]:
    """Each moment from which is counted, when its time had come and the condition is asked first."""
    column, span = MOMENTS[one.rule.since].column, timedelta(minutes=one.rule.minutes or 0)
    acted: set[datetime] = set()
    written = list(
        history.ticket.messages.filter(is_held=False, is_automatic=False, is_side=False)
        .order_by("created_at").values_list("created_at", flat=True)
    )  # fmt: skip
    for place, event in enumerate(history.events):
        history.forget(event)
        ends = history.events[place + 1].at if place + 1 < len(history.events) else until
        begun = _moment(history, place, column, written)
        if begun is None or begun in acted:
            continue
        moment = max(begun + span, event.at)
        if moment >= ends or moment > until:
            continue
        past, facts = history.at(place, moment)
        if one.is_for(past) and one.holds(facts, moment):
            acted.add(begun)
            yield place, moment


def _moment(history: Replay, place: int, column: str, written: Sequence[datetime]) -> datetime | None:
    at = history.events[place].at
    if column == "last_message_at":
        return max((one for one in written if one <= at), default=None)
    if column == "updated_at":
        return at
    kept = {"created_at": history.ticket.created_at, **history.states[place]}
    found: datetime | None = kept.get(column)
    return found

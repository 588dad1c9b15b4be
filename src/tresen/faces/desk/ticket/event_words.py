"""What an event says in a timeline: who, and what changed, without grammar that depends on a person's gender."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.tickets.category_models import Category, in_language
from tresen.core.tickets.choices import Channel, ParticipantRole
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import KEY, keys_in, shown_value
from tresen.core.tickets.models import Status
from tresen.core.tickets.numbers import show_number
from tresen.faces.desk.ticket.fields import LABELS, NOTHING, show_value
from tresen.faces.desk.ticket.structure_words import WORDS as STRUCTURE
from tresen.kit.wiring import table
from tresen.spine.events.models import Event

ORDER = ("status", "ball", "priority", "impact", "urgency", "type", "category", "level", "team", "assignee", "tags",
         "subject", "requester", "organisation", "brand", "language")  # fmt: skip


class Names:
    """What the short names in events are called in the reader's language. Categories are read only where an event
    tells of one; `statuses`, if they have been read already."""

    def __init__(self, statuses: Iterable[Status] | None = None, fields: Iterable[CustomField] | None = None) -> None:
        self.given = statuses
        self.given_fields = fields

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Of statuses."""
        return {s.slug: s.name for s in (Status.objects.all() if self.given is None else self.given)}

    @cached_property
    def categories(self) -> dict[str, str]:
        """Of categories."""
        return {c.slug: c.trail for c in Category.objects.all()}

    @cached_property
    def fields(self) -> dict[str, CustomField]:
        """Custom fields."""
        given = CustomField.objects.all() if self.given_fields is None else self.given_fields
        return {KEY + field.slug: field for field in given}

    def label(self, field: str) -> str:
        """What a field is called."""
        own = self.fields.get(field) if field.startswith(KEY) else None
        return own.name if own else str(LABELS.get(field, field.removeprefix(KEY)))

    def shown(self, field: str, value: Any) -> str:
        """The value of a field as an event holds it, in words."""
        if field.startswith(KEY):
            own = self.fields.get(field)
            return (shown_value(own, value) if own else str(value or "")) or NOTHING
        if field == "status":
            value = self.statuses.get(str(value), value)
        if field == "category" and value:
            value = self.categories.get(str(value), value)
        return show_value(field, value)


def sentences(event: Event, *, names: Names) -> list[str]:
    """The changes of one event, one sentence each, without who made them.

    Empty when the timeline shows the event otherwise (a message, a delivery).
    """
    said = [*_own_words(event), *_team_by(event)]
    if event.kind in ("ticket.assigned", "ticket.escalated", "ticket.returned", "oncall.acknowledged"):  # says it all
        return said
    for field in (*ORDER, *keys_in(event.changes)):
        change = event.changes.get(field)
        if field == "team" and "team_by" in event.changes:
            continue
        if isinstance(change, list) and len(change) == 2:
            said.append(_field_sentence(event, field, change[0], change[1], names))
    return said


def actor_name(event: Event) -> str:
    """Who did it, as one reads it; parts of Tresen itself bear its name."""
    # What a contact's ticket says of itself was chosen by the desk.
    if event.actor_kind == "system" or (event.actor_kind == "contact" and event.kind == "ticket.created"):
        return _("Tresen")
    if event.actor_kind == "rule":
        return _("Rule “%(name)s”") % {"name": event.actor_name}
    return event.actor_name or _("Somebody")


def _own_words(event: Event) -> list[str]:
    facts = event.changes
    if event.kind == "ticket.created" and event.actor_kind == "agent":
        channel = str(facts.get("channel", ""))
        label = Channel(channel).label if channel in Channel.values else channel
        return [_("ticket taken down (%(channel)s)") % {"channel": label}]
    if event.kind == "message.accepted":
        return [_("held message accepted, sender added") if facts.get("joined") else _("held message accepted")]
    if event.kind == "message.moved":
        return [_moved(facts, to=str(facts.get("to") or NOTHING))]
    if event.kind in ("message.arrived", "message.returned"):
        return [_arrived(facts, back=event.kind == "message.returned")]
    if event.kind == "reply.planned" and facts.get("leaves_at"):
        return [_("reply planned")]
    if event.kind == "reply.taken_back":
        return [_("reply taken back before it left")]
    if event.kind == "participant.added":
        role = str(facts.get("role", ""))
        label = ParticipantRole(role).label if role in ParticipantRole.values else role
        return [_("added: %(name)s (%(role)s)") % {"name": facts.get("name", NOTHING), "role": label}]
    if event.kind == "participant.removed":
        return [_("removed: %(name)s") % {"name": facts.get("name", NOTHING)}]
    if event.kind == "change.undone":
        removed = len(facts.get("removed") or [])
        notes = ngettext("note removed", "%(n)s notes removed", removed) % {"n": removed}
        steps = facts.get("beside", {}).get("checklist.changed", 0)
        gone = ngettext("step taken off the checklist", "%(n)s steps taken off the checklist", steps) % {"n": steps}
        return [_("taken back"), *([notes] if removed else []), *([gone] if steps else [])]
    if event.kind in STRUCTURE:
        return STRUCTURE[event.kind](event)
    if event.kind == "ticket.confirmed":
        return [_("address of the requester confirmed")]
    if event.kind == "draft.review_asked":
        return [_("%(name)s asked to look at a draft") % {"name": facts.get("name", NOTHING)}]
    if event.kind == "draft.given_back":
        return [_("draft given back to %(name)s") % {"name": facts.get("name", NOTHING)}]
    worded: Any = table("EVENT_WORDS")
    words = worded.get(event.kind) if isinstance(worded, dict) else None
    return list(words(event)) if callable(words) else []


def _team_by(event: Event) -> list[str]:
    """Why it is this team, where category or brand said so."""
    found = event.changes.get("team_by")
    if not isinstance(found, dict):
        return []
    if names := found.get("category"):
        told = {"team": found.get("team", NOTHING), "name": in_language(names)}
        return [_("Team %(team)s, that of the category %(name)s") % told]
    told = {"team": found.get("team", NOTHING), "name": found.get("brand", NOTHING)}
    return [_("Team %(team)s, that of the brand %(name)s") % told]


def _moved(facts: Mapping[str, Any], *, to: str) -> str:
    n = len(facts.get("messages") or [1])
    return ngettext("message moved to %(number)s", "%(n)s messages moved to %(number)s", n) % {
        "number": show_number(to), "n": n,
    }  # fmt: skip


def _arrived(facts: Mapping[str, Any], *, back: bool) -> str:
    n = len(facts.get("messages") or [1])
    told = {"number": show_number(str(facts.get("from") or NOTHING)), "n": n}
    if back:
        return ngettext("message back from %(number)s", "%(n)s messages back from %(number)s", n) % told
    return ngettext("message came from %(number)s", "%(n)s messages came from %(number)s", n) % told


def _field_sentence(event: Event, field: str, old: Any, new: Any, names: Names) -> str:
    if field == "assignee" and new and new == event.actor_name and event.actor_kind == "agent":
        return _("taken over")
    return _("%(field)s: %(old)s → %(new)s") % {
        "field": names.label(field), "old": names.shown(field, old), "new": names.shown(field, new),
    }  # fmt: skip

"""The inverse of some events on one ticket: which fields go back, which stay and why, inside the undo's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.dateparse import parse_datetime

from tresen.core.people.models import Agent, Brand, Contact, Organisation, Team
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.belonging import restore_people
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import FIELDS, MOMENTS, ROWS, Changes, WrongValue, apply_changes
from tresen.core.tickets.choices import UNSENT, MessageKind, ParticipantRole
from tresen.core.tickets.draft_models import Draft, DraftKind
from tresen.core.tickets.drafts import put_back
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import KEY, checked, keys_in
from tresen.core.tickets.models import Message, Status, Tag, Ticket
from tresen.core.tickets.operation_models import OperationStep
from tresen.core.tickets.planning import take_back as take_back_reply
from tresen.core.tickets.rows import lock, save, show_last_there_is
from tresen.kit import clock
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

# A field alone would bring these along; they stay unless they go back themselves.
BRINGS_ALONG: dict[str, tuple[str, ...]] = {
    "impact": ("priority",), "urgency": ("priority",), "requester": ("priority", "language"),
    "organisation": ("priority",), "status": ("ball",), "team": ("assignee", "level"),
    "brand": ("category", "priority"), "category": ("team", "assignee", "level"),
}  # fmt: skip
UNKNOWN = object()
# What brought a note or a reply along.
WRITTEN = ("note.added", "reply.planned", "reply.added", "ticket.escalated", "ticket.returned", "manager.told")


@dataclass(frozen=True)
class Structure:
    """What was taken back besides fields before (messages that went home, a link): the event that tells it instead of
    `change.undone`, and fields that are to have a value of their own after it."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, Any] = field(default_factory=dict)


class Inverse:
    """What `events` (an operation's on this locked ticket, oldest first) and their reactions changed, taken back.

    After `apply()`: `left` has (what, why, who) for everything that stays, `taken` the drafts into which texts came
    back.
    """

    def __init__(
        self, ticket: Ticket, events: Sequence[Event], *, by: Actor, agent: Agent, structure: Structure | None = None
    ) -> None:
        self.ticket, self.events, self.by, self.agent, self.at = ticket, events, by, agent, clock.now()
        self.structure = structure
        self.left: list[tuple[str, str, str]] = []
        self.taken: list[Draft] = []
        self.removed: list[int] = []
        self.beside: dict[str, int] = {}

    def apply(self) -> bool:
        """Takes back what can be; whether anything was."""
        family, later = self._family(), self._changed_later()
        family = [event for event in family if not self._message(event)]
        for event in reversed(family):
            self._take_beside(event)
        wanted = self._wanted(family, later) | (self.structure.wanted if self.structure else {})
        changes = Changes()
        try:
            with transaction.atomic():
                changes = apply_changes(self.ticket, wanted, at=self.at)
        except WrongValue as wrong:
            # Nothing of the fields can go back; the rows it touched are as before, and so is the ticket.
            self.ticket = lock(self.ticket, follow=False)
            self.left.append((wrong.field, "gone", ""))
        if changes or self.removed or self.beside or self.structure:
            self._restore_beside(family, changes)
            save(self.ticket, self.at)
            facts: dict[str, Any] = {"undoes": [event.pk for event in self.events], **changes}
            facts |= {"removed": self.removed} if self.removed else {}
            facts |= {"beside": self.beside} if self.beside else {}
            facts |= self.structure.facts if self.structure else {}
            kind = self.structure.kind if self.structure else "change.undone"
            record(kind, stream=self.ticket, by=self.by, changes=facts, cause=self.events[0], undo=changes.undo)
        return bool(changes or self.removed or self.beside or self.taken or self.structure)

    def _family(self) -> list[Event]:
        """The events and what came of them on this ticket, oldest first."""
        roots = {event.root_id or event.pk for event in self.events}
        own = {event.pk for event in self.events}
        found = self._of_ticket().filter(Q(pk__in=own) | Q(root__in=roots, pk__gt=min(own)))
        return list(found.exclude(kind__endswith=".undone").order_by("pk"))

    def _of_ticket(self) -> Any:
        return Event.objects.filter(stream_kind="ticket", stream_id=self.ticket.pk)

    def _changed_later(self) -> dict[str, str]:
        """Fields that others have changed since, and who; what was undone meanwhile does not count."""
        roots = {event.root_id or event.pk for event in self.events} | {event.pk for event in self.events}
        undone = list(OperationStep.objects.filter(ticket=self.ticket, undone_at__isnull=False))
        # Where whoever undid it had no right to this ticket, all of it stayed.
        stayed = {step.operation_id for step in undone if any(one["why"] == "rights" for one in step.left)}
        ignored = roots | {step.event_id for step in undone if step.operation_id not in stayed}
        changed: dict[str, str] = {}
        for event in self._of_ticket().filter(pk__gt=self.events[0].pk).order_by("pk"):
            if event.pk in ignored or event.root_id in ignored:
                continue
            changed |= {
                name: event.actor_name for name in _fields_in(event) if isinstance(event.changes.get(name), list)
            }
        return changed

    def _message(self, event: Event) -> bool:
        """Takes back a note or a reply that has not left; whether its fields have gone back with it."""
        if event.kind not in WRITTEN:
            return False
        message = Message.objects.select_related("ticket").filter(pk=event.changes.get("message")).first()
        if message is None:
            return event.kind == "reply.planned"
        is_here = message.ticket_id == self.ticket.pk
        if message.kind == MessageKind.NOTE:
            if is_here and event.actor_kind == "rule":  # nobody's words: there is no draft to give back
                self._remove_rules_note(message)
            elif is_here:
                self._remove_note(message)
            else:
                self._leave("note", "moved")
        elif message.delivery in UNSENT:
            if not is_here and not can(Principal.of_agent(self.agent), "message.take_back", message):
                self._leave("reply", "moved")
                return False
            self.taken.append(take_back_reply(message, by=self.by, agent=self.agent))
            self.ticket = lock(self.ticket, follow=False)
            return is_here
        elif is_here or event.kind == "reply.added":  # one that left elsewhere has a step there that tells it
            self._leave("reply", "sent")
        return False

    def _take_beside(self, event: Event) -> None:
        """What the event put beside the fields (INVERSES in wiring): how much of it went, by the event's kind."""
        inverse = table("INVERSES").get(event.kind)
        if inverse is None:
            return
        went, left = inverse(event, self.ticket)
        if went:
            self.beside[event.kind] = self.beside.get(event.kind, 0) + went
        self.left += [(event.kind.partition(".")[0], why, who) for why, who in left]

    def _leave(self, what: str, why: str) -> None:
        if (what, why, "") not in self.left:  # planned and sent are two events of one reply
            self.left.append((what, why, ""))

    def _remove_rules_note(self, note: Message) -> None:
        self.removed.append(note.pk)
        note.delete()
        show_last_there_is(self.ticket)

    def _remove_note(self, note: Message) -> None:
        """The note is gone; its text and files go back to whoever undoes it."""
        key, files = note.pk, list(note.attachments.order_by("created_at", "filename"))
        try:
            with transaction.atomic():
                draft = put_back(
                    self.ticket, agent=self.agent, kind=DraftKind.NOTE, text=note.text, message_id=key, uploads=files
                )
                note.delete()
        except ProtectedError:
            self._leave("note", "used")
            return
        self.taken.append(draft)
        self.removed.append(key)
        show_last_there_is(self.ticket)

    def _wanted(self, family: Sequence[Event], later: dict[str, str]) -> dict[str, Any]:
        """The fields that go back, as `apply_changes` takes them."""
        first, last = _net(family)
        wanted: dict[str, Any] = {}
        for name, old in first.items():
            if name == "tags":
                wanted[name] = self._tags(old, last[name])
                continue
            if old == last[name]:
                continue
            if name in later or _now(self.ticket, name) != last[name]:
                self.left.append((name, "changed", later.get(name, "")))
                continue
            value = _row(name, old, self.ticket)
            if value is UNKNOWN:
                self.left.append((name, "gone", ""))
            else:
                wanted[name] = value
        for name in [*wanted]:
            for along in BRINGS_ALONG.get(name, ()):
                wanted.setdefault(along, getattr(self.ticket, along))
        self._choose_category(first.get("category"), wanted)
        own = {name.removeprefix(KEY): wanted.pop(name) for name in keys_in([*wanted])}
        return wanted | ({"fields": own} if own else {})

    def _choose_category(self, former: int | None, wanted: dict[str, Any]) -> None:
        """One that fits the brand the ticket will have. One of the brand that goes cannot stay, whoever set it: the
        former one comes back then, or none."""
        brand = wanted.get("brand", self.ticket.brand)
        if _fits(wanted.get("category"), brand):
            return
        if "brand" not in wanted:  # it is another one since, and stays
            del wanted["category"]
            self.left.append(("category", "gone", ""))
            return
        value = _row("category", former, self.ticket)
        wanted["category"] = value if value is not UNKNOWN and _fits(value, brand) else None
        self.left = [one for one in self.left if one[0] != "category"]

    def _tags(self, old: list[int], new: list[int]) -> list[Tag]:
        """Tag by tag: those it added go, those it took come back, the others stay as they are now."""
        now = {tag.pk for tag in self.ticket.tags.all()}
        return list(Tag.objects.filter(pk__in=(now - (set(new) - set(old))) | (set(old) - set(new))))

    def _restore_beside(self, family: Sequence[Event], changes: dict[str, Any]) -> None:
        """What follows from fields within the ticket is as before, too: since when, and who takes part."""
        undo: list[dict[str, Any]] = [event.undo for event in family if event.undo]
        moments: dict[str, str | None] = next((found["moments"] for found in undo if "moments" in found), {})
        for name in MOMENTS:
            if name in moments and ("ball" if name == "ball_since" else "status") in changes:
                before = moments[name]
                setattr(self.ticket, name, parse_datetime(before) if before else None)
        if "requester" in changes:
            for found in reversed(undo):
                restore_people(self.ticket, found.get("people") or {})
        if follows := {key for found in undo for key in found.get("follows", [])} if "level" in changes else set():
            self.ticket.participants.filter(agent__in=follows, role=ParticipantRole.FOLLOWER).delete()


def _net(family: Sequence[Event]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The value of each field before the first and after the last of the events; rows and tags by key."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for event in family:
        for name in _fields_in(event):
            change = (event.undo or {}).get(name) if name in ROWS or name == "tags" else event.changes.get(name)
            if isinstance(change, list) and len(change) == 2:
                first.setdefault(name, change[0])
                last[name] = change[1]
    return first, last


def _fields_in(event: Event) -> list[str]:
    """Every field, and the custom ones that the event names."""
    return [*FIELDS, *keys_in(event.changes)]


def _fits(category: Category | None, brand: Brand) -> bool:
    return category is None or category.brand_id in (None, brand.pk)


def _now(ticket: Ticket, name: str) -> Any:
    if name in ROWS:
        return getattr(ticket, f"{name}_id")
    if name.startswith(KEY):
        return ticket.fields.get(name.removeprefix(KEY))
    return ticket.status.slug if name == "status" else getattr(ticket, name)


def _can_be(field: CustomField, old: Any, now: Any) -> bool:
    """Whether that is still a value of the field: a choice may be out of use since."""
    try:
        return checked(field, old, now) is not None
    except ValueError:
        return False


def _row(name: str, old: Any, ticket: Ticket) -> Any:
    """The old value as `apply_changes` takes it, or UNKNOWN when it is not to be had any more."""
    if name.startswith(KEY) and old is not None:
        field = CustomField.objects.active().filter(slug=name.removeprefix(KEY)).first()
        return old if field and _can_be(field, old, ticket.fields.get(field.slug)) else UNKNOWN
    if old is None or name not in (*ROWS, "status"):
        return old
    found: Any = {
        "status": lambda: Status.objects.filter(slug=old, is_active=True),
        "team": lambda: Team.objects.filter(pk=old, is_active=True),
        "assignee": lambda: Agent.objects.filter(pk=old, user__is_active=True),
        "category": lambda: Category.objects.filter(pk=old, is_active=True),
        "brand": lambda: Brand.objects.filter(pk=old, is_active=True),
        "requester": lambda: Contact.objects.filter(pk=old),
        "organisation": lambda: Organisation.objects.filter(pk=old),
    }[name]().first()
    return UNKNOWN if found is None else found

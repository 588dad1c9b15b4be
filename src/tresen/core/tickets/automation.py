"""What a rule can do to a ticket: the shape of an action, and what is written in a rule's name.

Each action is one class, an instance of it one entry of RULE_ACTIONS in config/wiring.py; it lies in the package that
knows the thing (a saved reply in texts, whom a ticket is given to in routing). The editor of rules asks by `inputs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from django.db import transaction

from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import Channel, Delivery, MessageKind, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.rows import lock, save, write_message
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

Choices = Callable[[Principal], list[tuple[str, Any]]]


@dataclass(frozen=True)
class Input:
    """One thing an action asks for. `kind`: choice, text, long (several lines), tags (commas between), number."""

    name: str
    label: Any
    kind: str = "choice"
    choices: Choices | None = None
    hint: Any = ""
    most: int = 200
    required: bool = True


class WrongAction(ValueError):
    """An action cannot have that value; `field` names the input."""

    def __init__(self, field: str) -> None:
        super().__init__(f"wrong value for {field}")
        self.field = field


class MustStop(Exception):
    """The rule would go on for ever: it is switched off, and the administrators hear of it. `why`: own_mail."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotDone(Exception):
    """An action has nothing to act on, or may not; `why` in one word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Doing:
    """A rule that acts: on which ticket (as it is now, held by the transaction), because of which event. `quiet`:
    nobody outside is answered (machines, imports). `mails`: how many people it has written to, of `most_mails`."""

    ticket: Ticket
    by: Actor
    event: Event
    quiet: bool = False
    mails: int = 0
    most_mails: int = 50
    skipped: list[str] = field(default_factory=list)

    def writes_to(self, people: int) -> int:
        """To how many of so many people it may write; they are counted. Raises NotDone where the limit is reached."""
        allowed = min(people, self.most_mails - self.mails)
        if allowed <= 0:
            raise NotDone("mails")
        self.mails += allowed
        return allowed


class Action(Protocol):
    """What a rule can do."""

    kind: str
    label: Any
    icon: str
    inputs: tuple[Input, ...]
    # Kinds of events it records that would call a rule once more, for good.
    repeats: frozenset[str]

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, as it is kept. Raises WrongAction."""

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """Whether it would do anything to the ticket as it is in memory."""

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Does it; whether that changed anything. Raises WrongValue, NotDone, MustStop."""

    def say(self, kept: Mapping[str, Any]) -> str:
        """What it does, in a few words."""


@runtime_checkable
class Foreseen(Protocol):
    """An action that changes fields, and can say beforehand how: for the laboratory."""

    def foresee(self, kept: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
        """The fields that it would set on the ticket in memory, as `apply_changes` takes them, and as `checklist` the
        steps that it would add; nothing is saved."""


def note_by_rule(ticket: Ticket, text: str, *, by: Actor) -> Message:
    """An internal note in a rule's name. Event `note.added`. Raises StaleTicket."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket)
        message = write_message(
            locked, kind=MessageKind.NOTE, channel=Channel.WEB, content=Content(text), at=at, trust=Trust.SIGNED_IN,
            author_name=by.name, why={"rule": by.id},
        )  # fmt: skip
        save(locked, at)
        record("note.added", stream=locked, by=by, changes={"message": message.pk})
    return message


def answer_by_rule(ticket: Ticket, text: str, *, name: str, recipients: list[dict[str, str]], by: Actor) -> Message:
    """An automatic answer, from `name`. It is nobody's first answer: clocks and status stay as they are. Event
    `reply.added`. Raises StaleTicket."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket)
        message = write_message(
            locked, kind=MessageKind.REPLY, channel=Channel.MAIL, content=Content(text), at=at, trust=Trust.SIGNED_IN,
            author_name=name, why={"rule": by.id}, recipients=recipients, delivery=Delivery.QUEUED,
        )  # fmt: skip
        save(locked, at)
        record("reply.added", stream=locked, by=by, changes={"message": message.pk})
    return message

"""Who did it. Passed as `by=` everywhere; there is no current user in the air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Named(Protocol):
    """Anything with a key and a name."""

    pk: Any

    def __str__(self) -> str: ...


class CausedBy(Protocol):
    """An event, as far as an actor has to know it."""

    pk: Any
    root_id: int | None


@dataclass(frozen=True)
class Actor:
    """Someone or something that acts: `kind` is agent, contact, system, rule or channel."""

    kind: str
    id: int | None
    name: str
    cause_id: int | None = None
    root_id: int | None = None

    @classmethod
    def agent(cls, agent: Named) -> Actor:
        """An agent at the desk or by token."""
        return cls("agent", agent.pk, str(agent))

    @classmethod
    def contact(cls, contact: Named) -> Actor:
        """A person from outside, by whatever channel."""
        return cls("contact", contact.pk, str(contact))

    @classmethod
    def system(cls, name: str, *, cause_id: int | None = None) -> Actor:
        """Tresen itself: `name` says which part, e.g. `mail`."""
        return cls("system", None, name, cause_id)

    @classmethod
    def rule(cls, rule: Named, *, cause: CausedBy) -> Actor:
        """A rule that acts on an event: all it does has that event as cause, and its root as root."""
        return cls("rule", rule.pk, str(rule), cause.pk, cause.root_id or cause.pk)

"""Who did it. Passed as `by=` everywhere; there is no current user in the air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Named(Protocol):
    """Anything with a key and a name."""

    pk: Any

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Actor:
    """Someone or something that acts: `kind` is agent, contact, system, rule or channel."""

    kind: str
    id: int | None
    name: str
    cause_id: int | None = None

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

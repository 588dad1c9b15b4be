"""For whom do we answer? A principal is the one thing that reads and rights are asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from tresen.core.people.models import Agent, Contact, Role, Team
from tresen.kit.prepared import Parted, prepared
from tresen.spine.events.actors import Actor

ALL_SCOPES = frozenset({"read", "write", "admin"})


@dataclass(frozen=True)
class Principal(Parted):
    """An agent, a contact, the holder of one ticket's link, Tresen itself, or nobody."""

    kind: str
    agent: Agent | None = None
    contact: Contact | None = None
    ticket_id: int | None = None
    link_id: int | None = None
    team_ids: frozenset[int] = frozenset()
    scopes: frozenset[str] = ALL_SCOPES
    # The teams whose work is his, by name: his own; for an administrator without a team every one.
    teams: tuple[Team, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_staff(self) -> bool:
        """An agent of any role."""
        return self.agent is not None

    @property
    def is_admin(self) -> bool:
        """An administrator, and the token (if any) may act as one."""
        return self.agent is not None and self.agent.role == Role.ADMIN and "admin" in self.scopes

    @property
    def sees_all_tickets(self) -> bool:
        """Administrators and Tresen itself."""
        return self.kind == "system" or (self.agent is not None and self.agent.role == Role.ADMIN)

    @property
    def actor(self) -> Actor:
        """Who is named as the author of what this principal does."""
        if self.agent:
            return Actor.agent(self.agent)
        if self.contact:
            return Actor.contact(self.contact)
        return Actor.system("tresen")

    def parts(self) -> tuple[Any, tuple[int, ...]]:
        """For prepared queries: what decides the form of a filter on what he may see, and the keys in it."""
        if self.agent is None:
            return self, ()
        return (self.kind, self.agent.role, self.scopes), (self.agent.pk, *sorted(self.team_ids))

    def with_parts(self, values: tuple[int, ...]) -> Principal:
        """Somebody of the same kind with other keys."""
        if self.agent is None:
            return self
        key, *teams = values
        return Principal(
            self.kind, agent=Agent(pk=key, role=self.agent.role), team_ids=frozenset(teams), scopes=self.scopes
        )

    @classmethod
    def of_agent(cls, agent: Agent, scopes: frozenset[str] = ALL_SCOPES) -> Principal:
        """An agent with the teams he is in now: rights are read anew on every request."""
        found = tuple(_teams.rows(agent.pk, agent.role == Role.ADMIN))
        own = tuple(team for team in found if team.is_own)
        return cls("agent", agent=agent, scopes=scopes, teams=own or found, team_ids=frozenset(team.pk for team in own))

    @classmethod
    def of_contact(cls, contact: Contact) -> Principal:
        """A contact who signed in."""
        return cls("contact", contact=contact)

    @classmethod
    def of_link(cls, contact: Contact, ticket_id: int, link_id: int | None = None) -> Principal:
        """The holder of a personal link: that person, that one ticket; `link_id` names the link he came by."""
        return cls("link", contact=contact, ticket_id=ticket_id, link_id=link_id)


@prepared
def _teams(agent: int, every: bool) -> QuerySet[Any]:
    through: Any = Agent.teams.through
    member = Exists(through.objects.filter(agent=agent, team=OuterRef("pk")))
    teams = Team.objects.annotate(is_own=member).order_by("name")
    return teams if every else teams.filter(is_own=True)


NOBODY = Principal("nobody")
SYSTEM = Principal("system")


def principal_of(request: HttpRequest) -> Principal:
    """The principal of a request, set by the middleware that knows the account."""
    found: Any = getattr(request, "principal", NOBODY)
    return found if isinstance(found, Principal) else NOBODY

"""For whom do we answer? A principal is the one thing that reads and rights are asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from tresen.core.people.models import Agent, Contact, Role, Team, TeamMembership
from tresen.core.people.rights import IN_TEAM, RIGHTS, known_rights
from tresen.kit.prepared import Parted, prepared
from tresen.spine.events.actors import Actor

ALL_SCOPES = frozenset({"read", "write", "admin"})


@dataclass(frozen=True)
class Rights:
    """Rights by name, for templates. KeyError for a name that is none."""

    asked: Callable[[str], bool]

    def __getitem__(self, right: str) -> bool:
        return self.asked(RIGHTS[right].name)


@dataclass(frozen=True)
class Principal(Parted):
    """An agent, a contact, the holder of one ticket's link, Tresen itself, or nobody."""

    kind: str
    agent: Agent | None = None
    contact: Contact | None = None
    ticket_id: int | None = None
    link_id: int | None = None
    team_ids: frozenset[int] = frozenset()
    # What his role lets him do, and in teams where he has another one, what that lets him do there.
    rights: frozenset[str] = frozenset()
    team_rights: tuple[tuple[int, frozenset[str]], ...] = ()
    scopes: frozenset[str] = ALL_SCOPES
    # The teams whose work is his, by name: his own; every one where he has none and sees all tickets.
    teams: tuple[Team, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_staff(self) -> bool:
        """An agent of any role."""
        return self.agent is not None

    @property
    def is_admin(self) -> bool:
        """An administrator, and the token (if any) may act as one: for what no right of the table gives."""
        return self.agent is not None and self.agent.role_id == Role.ADMIN and "admin" in self.scopes

    @property
    def sees_all_tickets(self) -> bool:
        """Who has that right, and Tresen itself."""
        return self.kind == "system" or self.may("see_all")

    def may(self, right: str) -> bool:
        """Whether his role, and the token if any, gives him that right."""
        return right in self.rights and RIGHTS[right].scope in self.scopes

    def may_in(self, right: str, team_id: int | None) -> bool:
        """The same where it is about a team or its ticket (None: of no team)."""
        for team, rights in self.team_rights if RIGHTS[right].in_team else ():
            if team == team_id:
                return right in rights and RIGHTS[right].scope in self.scopes
        return self.may(right)

    def may_anywhere(self, right: str) -> bool:
        """Whether he has the right at least in one of his teams."""
        return self.may(right) or any(self.may_in(right, team) for team, _rights in self.team_rights)

    def teams_with(self, right: str) -> frozenset[int]:
        """Those of his teams in which he has the right."""
        if not self.team_rights:
            return self.team_ids if self.may(right) else frozenset()
        return frozenset(team for team in self.team_ids if self.may_in(right, team))

    def reaches(self, right: str, team_id: int | None) -> bool:
        """He has the right in that team, and it is his or he sees the tickets of all."""
        return self.may_in(right, team_id) and (team_id in self.team_ids or self.sees_all_tickets)

    @property
    def anywhere(self) -> Rights:
        """For templates: `anywhere.reply`, whether he has that right at least in one of his teams."""
        return Rights(self.may_anywhere)

    def here(self, team_id: int | None) -> Rights:
        """For templates: `here.reply`, whether he has that right on tickets of that team which he sees."""
        return Rights(lambda right: self.may_in(right, team_id))

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
        teams = sorted(self.team_ids)
        others = dict(self.team_rights)
        apart = tuple(others.get(team) for team in teams) if others else ()
        return (self.kind, self.rights, self.scopes, apart), (self.agent.pk, *teams)

    def with_parts(self, values: tuple[int, ...]) -> Principal:
        """Somebody of the same kind with other keys."""
        if self.agent is None:
            return self
        key, *teams = values
        others = dict(self.team_rights)
        apart = [others.get(team) for team in sorted(self.team_ids)]
        pairs = tuple((team, rights) for team, rights in zip(teams, apart, strict=True) if rights is not None)
        return replace(
            self, agent=Agent(pk=key, role_id=self.agent.role_id), team_ids=frozenset(teams), team_rights=pairs,
            teams=(),
        )  # fmt: skip

    @classmethod
    def of_agent(cls, agent: Agent, scopes: frozenset[str] = ALL_SCOPES) -> Principal:
        """An agent with the teams he is in now: rights are read anew on every request."""
        rights = agent.role.held
        found = tuple(_teams.rows(agent.pk, "see_all" in rights))
        own = tuple(team for team in found if team.is_own)
        apart = () if agent.role_id == Role.ADMIN else tuple(
            (team.pk, known_rights(team.rights_there) & IN_TEAM) for team in own if team.rights_there is not None
        )  # fmt: skip
        return cls(
            "agent", agent=agent, scopes=scopes, teams=own or found, team_ids=frozenset(team.pk for team in own),
            rights=rights, team_rights=apart,
        )  # fmt: skip

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
    here = TeamMembership.objects.filter(agent=agent, team=OuterRef("pk"))
    there = Subquery(here.values("role__rights")[:1])
    teams = Team.objects.annotate(is_own=Exists(here), rights_there=there).order_by("name")
    return teams if every else teams.filter(is_own=True)


NOBODY = Principal("nobody")
SYSTEM = Principal("system")


def principal_of(request: HttpRequest) -> Principal:
    """The principal of a request, set by the middleware that knows the account."""
    found: Any = getattr(request, "principal", NOBODY)
    return found if isinstance(found, Principal) else NOBODY

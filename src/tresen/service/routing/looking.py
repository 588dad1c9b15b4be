"""Which of the tickets that wait could be taken, as it looks: nobody is held, so that what nobody there can take costs
a look and holds up nothing behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from tresen.core.people.models import Agent
from tresen.core.tickets.models import Ticket
from tresen.service.routing.candidates import candidates, of_team, people
from tresen.service.routing.choosing import Candidate, Wanted
from tresen.service.routing.models import TeamRouting


@dataclass(frozen=True)
class Kind:
    """Tickets that ask for the same: of a team, by a way in, and of a category and a language where the team goes by
    them (`by_skill`, `by_language`)."""

    team: int
    channel: str
    by_skill: bool
    by_language: bool
    category: int | None
    language: str

    @property
    def tickets(self) -> Q:
        """The tickets of this kind."""
        found = Q(team=self.team, channel=self.channel)
        if self.by_skill:
            found &= Q(category=self.category)
        return found & Q(language=self.language) if self.by_language else found

    @property
    def wanted(self) -> Wanted:
        """What they ask for."""
        return Wanted("", category=self.category, language=self.language)


@dataclass
class Look:
    """The people of these teams, read once; `fits` says of a kind of tickets whether one of them could take it."""

    routings: dict[int, TeamRouting]
    fits: Callable[[Kind, list[Candidate]], bool]
    agents: dict[int, list[Agent]] = field(default_factory=dict)
    read: dict[tuple[int, str], list[Candidate]] = field(default_factory=dict)

    def candidates(self, team: int, channel: str) -> list[Candidate]:
        """The people of a team with what they have of a channel, as they stand now."""
        if team not in self.agents:
            self.agents[team] = list(people(of_team(team)))
        if (team, channel) not in self.read:
            self.read[team, channel] = candidates(self.agents[team], channel=channel)
        return self.read[team, channel]

    def has_room(self, team: int) -> bool:
        """Whether anybody in the team is there and could take one more of some kind."""
        return any(one.is_here and (one.cap is None or one.open < one.cap) for one in self.candidates(team, ""))

    def first_that_fit(self, rows: QuerySet[Ticket], *, most: int) -> list[int]:
        """The first of these tickets that fit, in their order: kinds that do not are left out of the next look."""
        known: dict[Kind, bool] = {}
        while True:
            found = list(rows.values_list("pk", "team", "channel", "category", "language")[:most])
            kinds = {pk: self._kind(team, channel, category, said) for pk, team, channel, category, said in found}
            for kind in kinds.values():
                if kind not in known:
                    known[kind] = self.fits(kind, self.candidates(kind.team, kind.channel))
            hopeless = {kind for kind in kinds.values() if not known[kind]}
            if not hopeless:
                return list(kinds)
            for kind in hopeless:
                rows = rows.exclude(kind.tickets)

    def _kind(self, team: int, channel: str, category: int | None, language: str) -> Kind:
        routing = self.routings.get(team) or TeamRouting()
        return Kind(
            team, channel, routing.by_skill, routing.by_language, category if routing.by_skill else None,
            language if routing.by_language else "",
        )  # fmt: skip

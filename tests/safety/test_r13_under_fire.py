"""R13, assignment under fire: fifty intakes and calls for the next ticket at the same moment, while people go and come
back (busy, away, off shift, deactivated, absent with a substitute) and limits change. Each ticket has one owner; nobody
is given one whom he is absent for, has no room for, does not know or speak; what the absent had goes to who stands in,
as far as he has room; equal people get equally many (P17)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from tests.cast import TEST, Cast, make_cast
from tests.safety.fire import Fire, Refused, fire
from tests.safety.judge import Judge
from tresen.core.attendance.models import Absence
from tresen.core.people.models import Agent, Role, Team, User
from tresen.core.people.office_hours import DAYS
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.routing.giving import give_waiting
from tresen.service.routing.jobs import deal
from tresen.service.routing.models import AgentRouting
from tresen.service.routing.settings import set_agent, set_team
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 50
Act = Callable[[], object]
SAID = {
    "en": "Good morning, the network is down and I cannot work. Please help me.",
    "de": "Guten Morgen, das Netzwerk ist ausgefallen und ich kann nicht arbeiten. Bitte helfen Sie mir.",
    "pl": "Dzień dobry, sieć nie działa i nie mogę pracować. Proszę o pomoc.",
}
CHANNELS = ("mail", "phone", "api")
# So many tickets each of those who leave for good has; so many whoever stands in for two of them has room for.
LEFT, ROOM = 2, 3
LEAVE = ("absent", "absent", "away", "deactivated")


class Desk:
    """Three teams: equal people who are given tickets, people of whom each knows and speaks something else, and the
    same people in a team where everybody asks for the next one himself. Some of each go and come back."""

    def __init__(self, cast: Cast, method: str) -> None:
        self.cast = cast
        self.equal, self.able = cast.netz, cast.orders
        self.hall = Team.objects.create(name="Hall", slug="hall")
        for one in (cast.anna, cast.piotr):
            one.teams.clear()
        self.network, self.printers = (create_category(names={"en": n}, by=TEST) for n in ("Network", "Printers"))
        set_team(self.equal, set={"method": method}, by=TEST)
        set_team(self.able, set={"method": method, "by_skill": True, "by_language": True}, by=TEST)
        set_team(self.hall, set={"by_skill": True, "by_language": True}, by=TEST)
        self.steady = [self.agent(f"Steady {n}", self.equal) for n in range(3)]
        self.restless = [self.agent(f"Restless {n}", self.equal, cap=4) for n in range(3)]
        both, everything = (self.able, self.hall), [self.network, self.printers]
        self.knowing = [
            self.agent("Knowing 0", *both, skills=[self.network], languages=["pl"], channel_caps={"phone": 2}),
            self.agent("Knowing 1", *both, skills=[self.printers], languages=["de"], cap=6),
            self.agent("Knowing 2", *both, skills=everything, languages=["de", "pl"], cap=5, channel_caps={"mail": 2}),
            self.agent("Knowing 3", *both, skills=everything, languages=["de"], cap=3),
        ]
        # An administrator among them: whoever deactivates a colleague holds all administrators.
        self.chief = self.agent("Chief", *both, role=Role.ADMIN, skills=everything, languages=["de", "pl"], cap=8)
        # With tickets from the beginning, gone at the height, and not back when it is over; who stands in is there.
        able: dict[str, Any] = {"skills": everything, "languages": ["de", "pl"]}
        self.leavers = [self.agent(f"Leaver {n}", self.hall, **able) for n in range(len(LEAVE))]
        self.stand_in = self.agent("Stand-in", self.hall, **able, cap=ROOM)
        self.ada, self.program = cast.browser(cast.ada), cast.calls(cast.ada)

    @property
    def everybody(self) -> list[Agent]:
        return [*self.steady, *self.restless, *self.knowing, self.chief, *self.leavers, self.stand_in]

    def agent(self, name: str, *teams: Team, role: str = Role.AGENT, **can_take: Any) -> Agent:
        user = User.objects.create(email=f"{name.lower().replace(' ', '.')}@fire.example", name=name, language="en")
        made = Agent.objects.create(user=user, role_id=role)
        made.teams.set(teams)
        usual: dict[str, Any] = {"cap": None, "channel_caps": {}, "skills": [], "languages": []}
        set_agent(made, **{**usual, **can_take}, by=TEST)
        return made

    # --- What comes in, and who asks ---

    def intake(self, team: Team, number: int) -> Act:
        """A program hands in a ticket, each of another kind."""
        language, channel = list(SAID)[number % 3], CHANNELS[number // 2 % 3]
        body = {"subject": f"{team} {number}", "requester": {"id": self.cast.carol.pk}, "team": team.slug,
                "body_text": SAID[language], "channel": channel}  # fmt: skip
        if team != self.equal and number % 4:
            body["category"] = (self.network if number % 2 else self.printers).slug
        return lambda: right(self.cast.calls(self.cast.ada).post("/tickets", body), 201)

    def asks(self, agent: Agent) -> Act:
        """He presses the button for the next one, in a browser of his own; who cannot sign in gets nothing, and who is
        signed out in that very moment is told so (400)."""

        def ask() -> None:
            if User.objects.get(pk=agent.user_id).is_active:
                right(self.cast.browser(agent).post("/desk/next/"), 302, 400)

        return ask

    def solves(self, agent: Agent) -> Act:
        """He is done with his oldest ticket."""
        solved = Status.objects.default_of(StatusCategory.SOLVED)

        def solve() -> None:
            mine = Ticket.objects.filter(assignee=agent).active().order_by("pk").first()
            if mine is not None:
                try:
                    update_ticket(mine, by=Actor.agent(agent), set={"status": solved}, expected={"assignee": agent})
                except StaleTicket:
                    pass  # it has gone on to somebody else in this moment

        return solve

    def begins(self) -> None:
        """Those who will leave take their tickets."""
        for number, agent in enumerate(self.leavers * LEFT):
            self.intake(self.hall, 1000 + number)()
            self.asks(agent)()
        taken = Counter(Ticket.objects.values_list("assignee", flat=True))
        assert taken == {agent.pk: LEFT for agent in self.leavers}

    # --- Who goes and comes back ---

    def leave(self) -> list[Act]:
        """Who goes and does not come back."""
        return [self.goes(one, how, self.stand_in)[0] for one, how in zip(self.leavers, LEAVE, strict=True)]

    def says(self, agent: Agent, *others: int, **form: str) -> Act:
        """Ada enters it; who has left by then has no such page."""
        page = f"/settings/attendance/{agent.pk}/"
        return lambda: right(self.cast.browser(self.cast.ada).post(page, form), 302, 404, *others)

    def goes(self, agent: Agent, how: str, substitute: Agent) -> tuple[Act, Act]:
        """How he goes, and how he comes back."""
        if how == "off shift":
            free = (clock.now().astimezone(ZoneInfo(agent.user.timezone)) + timedelta(days=3)).weekday()
            later = {DAYS[free]: "09:00-17:00"}
            return self.says(agent, what="hours", **later), self.says(agent, what="hours")
        if how == "deactivated":
            leave, back = (f"/settings/agents/{agent.pk}/{word}/" for word in ("deactivate", "reactivate"))
            ada = self.cast.ada
            return (
                lambda: right(self.cast.browser(ada).post(leave), 302),
                lambda: right(self.cast.browser(ada).post(back), 302),
            )
        if how == "absent":
            today = clock.now().date()
            days = {"starts_on": str(today - timedelta(days=1)), "ends_on": str(today + timedelta(days=2))}
            # Whoever stands in may be absent himself by then, or have left: the page says so.
            absent = {"what": "absence", "kind": "sickness", "substitute": str(substitute.pk), **days}
            return self.says(agent, 422, **absent), self.returns(agent)
        return self.says(agent, what="state", state=how), self.says(agent, what="state", state="available")

    def returns(self, agent: Agent) -> Act:
        def back() -> None:
            for key in Absence.objects.filter(agent=agent).values_list("pk", flat=True):
                page = f"/settings/attendance/absences/{key}/remove/"
                right(self.cast.browser(self.cast.ada).post(page), 302, 404)

        return back

    def limit(self, agent: Agent, cap: int) -> Act:
        """Ada gives him another limit; what he knows and speaks stays."""
        own = AgentRouting.objects.get(agent=agent)
        form = {"cap": cap, "skills": list(own.skills.values_list("pk", flat=True)), "languages": own.languages,
                **{f"cap_{channel}": most for channel, most in own.channel_caps.items()}}  # fmt: skip
        page = f"/settings/agents/{agent.pk}/assignment/"
        return lambda: right(self.cast.browser(self.cast.ada).post(page, form), 302)


def right(answer: Any, *codes: int) -> None:
    """The answer has one of these codes. Raises Refused where the database was too busy."""
    fault = getattr(answer, "exc_info", None)
    if answer.status_code == 503 or (fault and isinstance(fault[1], OperationalError)):
        raise Refused(str(fault[1]) if fault else "503")
    assert answer.status_code in codes, (answer.status_code, fault, answer.content[:500])


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    yield make_cast()


@pytest.mark.parametrize("method", ["round", "least"])
def test_each_ticket_finds_one_owner_who_can_take_it_while_everybody_comes_and_goes(
    cast: Cast, method: str, full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    desk, chance = Desk(cast, method), random.Random(SEED)
    judge = Judge(desk.everybody, {desk.able.pk, desk.hall.pk})
    desk.begins()
    threads, intakes, calls, rounds = (50, 150, 150, 5) if full_size else (8, 24, 12, 1)
    acts = [desk.intake(team, n) for n in range(intakes // 3) for team in (desk.equal, desk.able, desk.hall)]
    askers = [*desk.knowing, desk.chief, *desk.knowing, desk.chief, desk.restless[0]]
    beside = [desk.asks(askers[n % len(askers)]) for n in range(calls)]
    beside += [desk.solves(askers[n % 5]) for n in range(calls // 2)]
    beside += [deal, lambda: drain("default")] * (4 * rounds)
    for act in beside:
        acts.insert(chance.randrange(3, len(acts)), act)
    for going, coming in journeys(desk, rounds):
        first = chance.randrange(len(acts) // 2)
        acts.insert(first, going)
        acts.insert(chance.randrange(first + threads, len(acts)), coming)
    middle = len(acts) // 2
    acts[middle:middle] = desk.leave()
    told, gone = fire(acts, threads=threads), ways_gone()
    deal()
    judge.read()
    assert told.faults == [] and judge.faults == []
    assert all(judge.people[agent.pk].is_absent for agent in desk.leavers) and judge.left_behind() == []
    settle(desk)
    judge.read()
    assert judge.faults == []
    assert gone == {"absent", "deactivated", "away", "busy", "off", "off shift"}
    check_owners(judge, method)
    loads = Counter(Ticket.objects.filter(team=desk.equal).values_list("assignee", flat=True))
    shares = [loads[agent.pk] for agent in desk.steady]
    assert max(shares) - min(shares) <= 1 and min(shares) > 0, shares
    waits = Ticket.objects.filter(assignee=None).select_related("category").active()
    goers = {desk.equal.pk: [*desk.steady, *desk.restless], desk.able.pk: [*desk.knowing, desk.chief]}
    left = {str(one): judge.could_take(one, goers[one.team_id]) for one in waits if one.team_id in goers}
    assert not any(left.values()), "nobody goes without while somebody could take it"
    check_database(told, record_property)
    record_property("acts", f"{len(acts)} by {threads}")
    record_property("given", dict(judge.given))


def journeys(desk: Desk, rounds: int) -> Iterator[tuple[Act, Act]]:
    """Who goes how; the chief and one who knows everything stay."""
    ways = ("away", "deactivated", "busy", "absent", "off shift", "off")
    goers = [*desk.restless, desk.knowing[0], desk.knowing[1], desk.knowing[3]]
    for turn in range(rounds):
        for n, agent in enumerate(goers):
            substitute = desk.restless[(n + 1) % 3] if agent in desk.restless else desk.chief
            yield desk.goes(agent, ways[(n + 2 * turn) % len(ways)], substitute)
        yield desk.limit(desk.knowing[2], 2), desk.limit(desk.knowing[2], 5)


def ways_gone() -> set[str]:
    """How somebody has gone, by the log."""
    ways = {"absence.added": "absent", "agent.deactivated": "deactivated"}
    found = {way for kind, way in ways.items() if Event.objects.filter(kind=kind).exists()}
    for changes in Event.objects.filter(kind="attendance.changed").values_list("changes", flat=True):
        found |= {changes["state"][1]} - {"available"} if "state" in changes else set()
        found |= {"off shift"} if changes.get("weekly", [None, None])[1] else set()
    return found


def settle(desk: Desk) -> None:
    """Everybody is back, and what waits is given out."""
    for agent in [*desk.restless, *desk.knowing, *desk.leavers]:
        for how in ("available", "off shift", "deactivated", "absent"):
            desk.goes(agent, how, agent)[1]()
    drain("default")
    deal()
    while give_waiting():
        pass


def check_owners(judge: Judge, method: str) -> None:
    """Everybody's name on a ticket is that of the one whom the log says, and there are all sorts of givings: called for
    in the fire too, by the way of the team, and to whoever stands in."""
    owners = {pk: name for pk, name in Ticket.objects.values_list("pk", "assignee__user__name") if name}
    assert owners == {pk: name for pk, name in judge.owners.items() if name}
    given = judge.given
    assert given["pull"] > LEFT * len(LEAVE) and given[method] and given["absence"] >= ROOM, given


def check_database(told: Fire, record_property: Callable[[str, object], None]) -> None:
    """No two waited for each other; whoever was tried again had come while the database was too busy for one more."""
    assert told.deadlocks == 0 and not [why for why in told.retries if "deadlock" in why]
    record_property("tried again", len(told.retries))

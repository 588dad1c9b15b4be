"""R13, assignment under fire: intakes and calls for the next one at the same moment, people coming and going. Exactly
one owner each, no cap, no absence violated; loads of equal people within one of each other (P17)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tests.safety.fire import fire
from tresen.core.attendance.services import set_state
from tresen.core.people.models import Agent, User
from tresen.core.people.principals import Principal
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.models import Ticket
from tresen.service.routing.giving import Full, NotHere, give_waiting, take_next
from tresen.service.routing.settings import set_agent, set_team
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 1327
CAP = 3


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_agents(cast: Cast, count: int, team: Any) -> list[Agent]:
    made = []
    for number in range(count):
        user = User.objects.create(email=f"a{number}@{team.slug}.example", name=f"{team.slug} {number}")
        made.append(Agent.objects.create(user=user))
        made[-1].teams.add(team)
    return made


def at_once(acts: list[Callable[[], object]], workers: int) -> list[Exception]:
    """All acts, by so many threads; a deadlock is a fault like any other."""
    told = fire(acts, threads=workers)
    assert told.deadlocks == 0
    return told.faults


def times_of(agent: Agent) -> list[tuple[datetime, str]]:
    """What he said of himself, and when."""
    said = Event.objects.filter(kind="attendance.changed", stream_kind="agent", stream_id=agent.pk).order_by("pk")
    return [(event.at, event.changes["state"][1]) for event in said]


@pytest.mark.parametrize("method", ["round", "least"])
def test_intakes_find_one_owner_each_while_people_come_and_go(cast: Cast, full_size: bool, method: str) -> None:
    count = 50 if full_size else 12
    chance = random.Random(SEED)
    agents = make_agents(cast, 5, cast.netz)
    cast.anna.teams.clear()
    set_team(cast.netz, set={"method": method}, by=TEST)
    steady, restless = agents[:3], agents[3:]
    for agent in restless:
        set_agent(agent, cap=CAP, channel_caps={}, skills=[], languages=[], by=TEST)
    acts: list[Callable[[], object]] = [lambda n=n: cast.ticket(subject=str(n)) for n in range(count)]  # type: ignore[misc]
    for agent in restless:
        for state in ("away", "available", "busy", "available"):
            acts.insert(chance.randrange(len(acts)), lambda a=agent, s=state: set_state(a, state=s, by=TEST))  # type: ignore[misc]
    assert at_once(acts, 10 if full_size else 5) == []
    assigned = list(Event.objects.filter(kind="ticket.assigned").order_by("pk"))
    assert len(assigned) == count == len({event.stream_id for event in assigned})
    loads = Counter(Ticket.objects.values_list("assignee", flat=True))
    assert None not in loads and sum(loads.values()) == count
    shares = [loads[agent.pk] for agent in steady]
    assert max(shares) - min(shares) <= 1, shares
    keys = {str(agent): agent for agent in restless}
    for event in assigned:
        agent = keys.get(event.changes["assignee"][1])
        if agent is not None:
            before = [state for at, state in times_of(agent) if at < event.at]
            assert (before or ["available"])[-1] == "available", (str(agent), event.at, times_of(agent))
    assert all(loads[agent.pk] <= CAP for agent in restless)


def test_calls_for_the_next_one_give_each_ticket_once(cast: Cast, full_size: bool) -> None:
    count, people = (50, 10) if full_size else (10, 4)
    agents = make_agents(cast, people, cast.netz)
    for agent in agents:
        set_agent(agent, cap=CAP, channel_caps={}, skills=[], languages=[], by=TEST)
    tickets = [cast.ticket(subject=str(n)) for n in range(count)]
    got: list[tuple[int, int]] = []

    def call(agent: Agent) -> None:
        try:
            ticket = take_next(agent, principal=Principal.of_agent(agent))
        except (Full, NotHere):
            return
        if ticket is not None:
            got.append((ticket.pk, agent.pk))

    calls: list[Callable[[], object]] = [lambda a=a: call(a) for a in agents * (CAP + 1)]  # type: ignore[misc]
    calls.insert(len(calls) // 2, give_waiting)
    assert at_once(calls, 10 if full_size else 5) == []
    assert len(got) == len({key for key, _agent in got})
    owners = dict(Ticket.objects.exclude(assignee=None).values_list("pk", "assignee"))
    assert owners == dict(got)
    assert max(Counter(owners.values()).values()) <= CAP
    assert len(owners) == min(len(tickets), people * CAP), "nobody goes without while something waits"


def test_a_skill_is_asked_for_under_fire_too(cast: Cast, full_size: bool) -> None:
    count = 50 if full_size else 10
    cast.anna.teams.clear()
    agents, network = make_agents(cast, 4, cast.netz), create_category(names={"en": "Network"}, by=TEST)
    set_team(cast.netz, set={"method": "least", "by_skill": True}, by=TEST)
    knowing = agents[:2]
    for agent in knowing:
        set_agent(agent, cap=None, channel_caps={}, skills=[network], languages=[], by=TEST)
    acts: list[Callable[[], object]] = [
        lambda n=n: cast.ticket(set={"category": network} if n % 2 else {})  # type: ignore[misc]
        for n in range(count)
    ]
    for place, state in ((1, "away"), (4, "available"), (6, "busy")):
        acts.insert(place, lambda s=state: set_state(knowing[0], state=s, by=TEST))  # type: ignore[misc]
    acts[3:3] = [lambda: take_next(agents[3], principal=Principal.of_agent(agents[3])), give_waiting]
    assert at_once(acts, 10 if full_size else 5) == []
    give_waiting()
    owners = set(Ticket.objects.filter(category=network).values_list("assignee", flat=True))
    assert owners <= {agent.pk for agent in knowing} and owners
    assert Ticket.objects.count() == count and not Ticket.objects.filter(assignee=None).exists()

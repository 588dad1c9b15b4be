"""Who sees a ticket, asked from both ends: `visible_to` of an agent, and the audience of a ticket, agree."""

from __future__ import annotations

import itertools

import pytest

from tests.cast import Cast, make_cast
from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.people.viewers import viewers_of_agents
from tresen.core.tickets.audience import audiences
from tresen.core.tickets.models import Participant, Ticket
from tresen.kit import clock


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_the_audience_of_a_ticket_is_everybody_to_whom_it_is_visible(cast: Cast) -> None:
    both = Team.objects.create(name="Both", slug="both")
    cast.anna.teams.add(both)
    cast.piotr.teams.add(both)
    for n, (team, assignee, follower) in enumerate(
        itertools.product(
            (None, cast.netz, cast.orders, both), (None, cast.anna, cast.piotr), (None, cast.anna, cast.ada)
        )
    ):
        ticket = cast.ticket(f"Ticket {n}", team=None)
        Ticket.objects.filter(pk=ticket.pk).update(team=team, assignee=assignee)
        if follower:
            Participant.objects.create(ticket=ticket, agent=follower, role="follower", joined_at=clock.now())
    agents = list(Agent.objects.all())
    viewers = viewers_of_agents([agent.pk for agent in agents])
    found = audiences(list(Ticket.objects.values_list("pk", flat=True)))
    assert len(found) == 36
    for agent in agents:
        seen = set(Ticket.objects.visible_to(Principal.of_agent(agent)).values_list("pk", flat=True))
        assert {pk for pk, audience in found.items() if audience.includes(viewers[agent.pk])} == seen, agent


def test_an_agent_who_may_not_sign_in_is_no_viewer(cast: Cast) -> None:
    cast.anna.user.is_active = False
    cast.anna.user.save()
    assert set(viewers_of_agents([cast.anna.pk, cast.piotr.pk])) == {cast.piotr.pk}

"""What levels have made of the written stories: most came to the service desk first and were handed up from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from django.db import transaction

from tresen.core.calendars.models import Calendar
from tresen.core.tickets.level_models import LevelStay
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.house import BY, House
from tresen.service.levels.models import Handover, Way
from tresen.service.oncall.services import add_layer, create_rota

# How long the first level had them, in minutes, one after the other.
FIRST_MINUTES = (12, 35, 8, 55, 20, 90, 16, 42)


@transaction.atomic
def add_levels(tickets: Sequence[Ticket], house: House) -> None:
    """Three of four tickets above the first level were on it for a while; the others came in by a team's own way."""
    desk = house.teams["desk"]
    agents = [agent for agent in house.agents.values() if agent.teams.filter(pk=desk.pk).exists()]
    stays, handovers, moved = [], [], []
    for place, ticket in enumerate(ticket for ticket in tickets if ticket.level > 1):
        if place % 4 == 3:
            continue
        agent = agents[place % len(agents)]
        minutes = timedelta(minutes=FIRST_MINUTES[place % len(FIRST_MINUTES)])
        at = ticket.created_at + minutes
        if at >= min(ticket.solved_at or ticket.updated_at, ticket.updated_at):
            continue
        ticket.level_since = at
        moved.append(ticket)
        stays.append(
            LevelStay(ticket=ticket, level=1, team=desk, agent=agent, started_at=ticket.created_at, ended_at=at)
        )
        handovers.append(Handover(
            ticket=ticket, way=Way.UP, from_level=1, to_level=ticket.level, from_team=desk, to_team=ticket.team,
            from_agent=agent, to_agent=ticket.assignee, at=at,
        ))  # fmt: skip
    Ticket.objects.bulk_update(moved, ["level_since"])
    LevelStay.objects.bulk_create(stays)
    Handover.objects.bulk_create(handovers)


def add_rotas(house: House, *, today: date) -> None:
    """Round the clock for the third level; outside office hours for the second."""
    agents = house.agents
    monday = today - timedelta(days=today.weekday() + 28)
    turns = {"starts_on": monday, "hands_over_at": time(9), "days": 7, "timezone": "Europe/Berlin"}
    server = create_rota(set={"name": "Server 24/7", "level": 3, "keeper": agents["mira"]}, by=BY)
    add_layer(server, set={"rank": 1, "people": [agents["mira"].pk, agents["yusuf"].pk], **turns}, by=BY)
    add_layer(server, set={"rank": 2, "people": [agents["yusuf"].pk, agents["mira"].pk], **turns}, by=BY)
    office = Calendar.objects.filter(name__startswith="Büro").first()
    nights = {"name": "Netz nachts", "level": 2, "cover": "outside", "calendar": office, "keeper": agents["tomasz"]}
    net = create_rota(set=nights, by=BY)
    people = [agents[key].pk for key in ("anna", "piotr", "jonas")]
    add_layer(net, set={"rank": 1, "people": people, **turns}, by=BY)

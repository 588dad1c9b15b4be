"""How the ways of teams, and what agents can take, are changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tresen.core.people.models import Agent, Team
from tresen.core.tickets.models import Category
from tresen.service.routing.models import AgentRouting, TeamRouting
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, differences, take_over
from tresen.spine.events.services import record

TEAM_FIELDS = ("method", "is_sticky", "by_skill", "by_language")


@transaction.atomic
def set_team(team: Team, *, set: dict[str, Any], by: Actor) -> TeamRouting:
    """Another way for the team: TEAM_FIELDS. Event `team.routing_changed`. Raises KeyError for other fields."""
    made, _new = TeamRouting.objects.get_or_create(team=team)
    row = TeamRouting.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if changes := changed_fields(row, set, TEAM_FIELDS):
        take_over(row, changes)
        row.save()
        record("team.routing_changed", stream=team, by=by, changes=changes)
    return row


@transaction.atomic
def set_agent(
    agent: Agent, *, cap: int | None, channel_caps: dict[str, int], skills: list[Category], languages: list[str],
    by: Actor,
) -> AgentRouting:  # fmt: skip
    """What the agent can take. Event `agent.routing_changed`, none when nothing changes."""
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)  # whoever gives him a ticket now is waited for
    made, _new = AgentRouting.objects.get_or_create(agent=agent)
    row = AgentRouting.objects.select_for_update(of=("self",)).get(pk=made.pk)
    before = _shown(row)
    row.cap, row.channel_caps, row.languages = cap, channel_caps, languages
    row.save()
    row.skills.set(skills)
    if changes := differences(before, _shown(row)):
        record("agent.routing_changed", stream=agent, by=by, changes=changes)
    return row


def _shown(row: AgentRouting) -> dict[str, Any]:
    skills = sorted(row.skills.values_list("slug", flat=True))
    return {"cap": row.cap, "channel_caps": row.channel_caps, "skills": skills, "languages": sorted(row.languages)}

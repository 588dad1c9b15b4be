"""What happens after an action, for each agent and each list."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from tresen.core.people.models import Agent
from tresen.kit.prepared import prepared
from tresen.service.preferences.models import AfterAction, Afterwards
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def after_action(agent: Agent, view: str = "") -> str:
    """What this agent wants there (one of Afterwards): what he chose for this list, else for all, else to stay."""
    chosen = dict(_chosen.rows(agent.pk, view))
    return str(chosen.get(view) or chosen.get("") or Afterwards.STAY)


@prepared
def _chosen(agent: int, view: str) -> QuerySet[AfterAction, tuple[str, str]]:
    return AfterAction.objects.filter(agent=agent, view__in=("", view)).values_list("view", "then")


def choose_after_action(agent: Agent, *, then: str, by: Actor, view: str = "") -> None:
    """Another choice for one list, or with no name for all lists, whose own choices end with it. Event
    `profile.changed`, none when nothing changes. Raises ValueError for a choice that there is not."""
    if then not in Afterwards.values or len(view) > 80:
        raise ValueError(then)
    with transaction.atomic():
        # Two who choose at once stand in line at the agent's row.
        locked = Agent.objects.select_for_update(of=("self",)).select_related("user").get(pk=agent.pk)
        old = after_action(locked, view)
        ended = 0 if view else AfterAction.objects.filter(agent=locked).exclude(view="").delete()[0]
        if old == then and not ended:
            return
        AfterAction.objects.update_or_create(agent=locked, view=view, defaults={"then": then})
        facts = {"after_action": [old, then]} | ({"view": view} if view else {})
        record("profile.changed", stream=locked.user, by=by, changes=facts)

"""An invitation whose account has become worth more than whoever has sent it may give."""

from __future__ import annotations

from tresen.core.people.accounts import is_activated, kill_links
from tresen.core.people.giving import is_stronger
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

RENEWED = "renewed"


def renew_if_raised(agent: Agent, *, by: Actor) -> bool:
    """For somebody who has not come yet and may do more now than one of those who invited him: they may have read his
    link, so that every one dies and a fresh one goes to his address. Whether it was so. Event `agent.invited`. Part of
    other services."""
    if is_activated(agent.user) or not agent.user.is_active:
        return False
    inviters = Agent.objects.select_related("role").filter(pk__in=_senders(agent))
    if not any(is_stronger(agent, Principal.of_agent(inviter)) for inviter in inviters):
        return False
    kill_links(agent.user)
    record("agent.invited", stream=agent, by=by, changes={RENEWED: True})
    return True


def _senders(agent: Agent) -> set[int]:
    """Keys of the agents who may have read a link of his that still opens: of all that were sent before the last
    renewal, none does."""
    sent = Event.objects.filter(stream_kind="agent", stream_id=agent.pk, kind="agent.invited").order_by("-pk")
    found: set[int] = set()
    for kind, key, changes in sent.values_list("actor_kind", "actor_id", "changes"):
        if kind == "agent" and key:
            found.add(key)
        if RENEWED in changes:
            break
    return found

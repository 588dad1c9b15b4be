"""An invitation whose account has become worth more than whoever has sent it may give."""

from __future__ import annotations

from tresen.core.people.accounts import invite_again, is_activated, kill_links
from tresen.core.people.giving import is_stronger
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


def renew_if_raised(agent: Agent, *, by: Actor) -> bool:
    """For somebody who has not come yet and may do more now than one of those who invited him: they may have read his
    link, so that every one dies and a fresh one goes to his address. Whether it was so. Event `agent.invited`. Part of
    other services."""
    if is_activated(agent.user) or not agent.user.is_active:
        return False
    sent = Event.objects.filter(stream_kind="agent", stream_id=agent.pk, kind="agent.invited", actor_kind="agent")
    inviters = Agent.objects.select_related("role").filter(pk__in=sent.values("actor_id"))
    if not any(is_stronger(agent, Principal.of_agent(inviter)) for inviter in inviters):
        return False
    kill_links(agent.user)
    invite_again(agent, by=by)
    return True

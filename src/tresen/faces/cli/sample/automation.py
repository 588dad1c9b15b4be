"""The sample's rules: one that works, and others to look at and try; and a webhook that rests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tresen.core.people.models import Role
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.house import House
from tresen.service.rules.models import Rule, RuleTrial
from tresen.service.rules.services import create_rule
from tresen.service.rules.trials import go_on
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.events.actors import Actor

RULES: list[dict[str, Any]] = [
    {"name": "VIPs zuerst", "triggers": ["created"], "condition": "is:vip", "is_active": True,
     "actions": [{"do": "urgency", "value": "3"}, {"do": "add_tags", "value": "vip"}]},
    {"name": "Outage: everybody hears of it", "triggers": ["created", "customer"],
     "condition": 'outage OR Ausfall OR awaria', "is_active": False,
     "actions": [{"do": "priority", "value": "4"}, {"do": "add_tags", "value": "outage"},
                 {"do": "notify", "whom": "team"}]},
    {"name": "Nikt tego nie wziął", "since": "created", "minutes": 60, "condition": "status:new assignee:none",
     "is_active": False, "actions": [{"do": "notify", "whom": "team"}]},
]  # fmt: skip

ENDPOINT: dict[str, Any] = {
    "name": "Wallboard", "url": "https://wallboard.lindhafen.example/hook", "kinds": ["ticket.created"],
    "is_active": False,
}  # fmt: skip


def administrator(house: House) -> Actor:
    """Who arranges the desk: versions and logs name somebody."""
    return Actor.agent(next(agent for agent in house.agents.values() if agent.role_id == Role.ADMIN))


def add_rules(house: House, *, now: datetime) -> None:
    """All of them, in their order, by an administrator: versions and log name who it was. One was tried."""
    by = administrator(house)
    for values in RULES:
        rule = create_rule(set=values, by=by)
        if rule.is_active:
            _try(rule, now)
    create_endpoint(set=ENDPOINT, by=by)


def _try(rule: Rule, now: datetime) -> None:
    total = Ticket.objects.filter(updated_at__gte=now - timedelta(days=30)).count()
    trial = RuleTrial.objects.create(rule=rule, version=rule.version, days=30, started_at=now, total=total)
    at: int | None = 0
    while at is not None:
        at = go_on(trial.pk, at)

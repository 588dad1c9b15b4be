"""Rules by time: so long after a moment of a ticket, while their condition holds, each once for a moment.

A rule acts on nothing that was due before it was switched on: a new one does not fall upon all old tickets.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from tresen.core.people.principals import SYSTEM
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.service.rules.compiling import Compiled, compile_rule
from tresen.service.rules.engine import act
from tresen.service.rules.models import Rule, RuleLook, RuleRun
from tresen.service.rules.services import BY, stop_rule
from tresen.service.rules.triggers import MOMENTS
from tresen.service.search.compiling import compile_query
from tresen.service.search.facts import Facts
from tresen.service.search.query import QueryError
from tresen.spine.events.services import record

# Tickets a rule at each look; the rest comes with the next one.
AT_ONCE = 50


def act_on_due(at: datetime) -> int:
    """Looks for what has come due and lets the rules act, a transaction a ticket; on how many. What fails on one ticket
    is raised when all others have had their turn."""
    acted, faults = 0, list[Exception]()
    for rule in Rule.objects.filter(is_active=True).exclude(since=""):
        try:
            compiled = compile_rule(rule)
        except QueryError:
            with transaction.atomic():
                stop_rule(rule, why="gone")
            continue
        for key in list(due(compiled, at).values_list("pk", flat=True)[:AT_ONCE]):
            try:
                with transaction.atomic():
                    acted += act_on(compiled, key, at)
            except Exception as fault:
                faults.append(fault)
    if faults:
        raise faults[0]
    return acted


def due(one: Compiled, at: datetime) -> QuerySet[Ticket]:
    """The tickets on which the rule has come due and has not acted since that moment, the oldest first."""
    rule = one.rule
    column = MOMENTS[rule.since].column
    span = timedelta(minutes=rule.minutes or 0)
    rows = Ticket.objects.filter(merged_into=None, deleted_at=None, **{f"{column}__lte": at - span})
    rows = rows.filter(**{f"{column}__gt": (rule.active_since or at) - span})
    if rule.brand_id:
        rows = rows.filter(brand=rule.brand_id)
    if rule.team_id:
        rows = rows.filter(team=rule.team_id)
    if one.query.parts:
        rows = rows.filter(compile_query(one.query, SYSTEM, now=at).q())
    ran = RuleRun.objects.filter(rule=rule, ticket=OuterRef("pk"), since_at=OuterRef(column))
    return rows.exclude(Exists(ran)).order_by(F(column), "pk")


def act_on(one: Compiled, key: int, at: datetime) -> bool:
    """The rule acts on a ticket, if all is as it was when it was found. Events `rule.came_due`, and what it does."""
    rule = one.rule
    if not Rule.objects.filter(pk=rule.pk, is_active=True, version=rule.version).exists():
        return False
    ticket = lock(Ticket(pk=key), follow=False)
    since_at = getattr(ticket, MOMENTS[rule.since].column)
    is_due = since_at is not None and since_at + timedelta(minutes=rule.minutes or 0) <= at
    if not is_due or ticket.merged_into_id or ticket.deleted_at or not one.is_for(ticket):
        return False
    ran = RuleRun.objects.filter(rule=rule, ticket=ticket, since_at=since_at)
    if ran.exists() or not one.holds(Facts(ticket), at):
        return False
    facts = {"rule": rule.pk, "name": rule.name, "since": rule.since, "minutes": rule.minutes}
    event = record("rule.came_due", stream=ticket, by=BY, changes=facts)
    RuleLook.objects.create(ticket=ticket, event=event, rules=[rule.pk], at=event.at)
    act(one, ticket, event, since_at=since_at)
    return True

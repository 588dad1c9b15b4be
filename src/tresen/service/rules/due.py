"""Rules by time: so long after a moment of a ticket, while their condition holds, each once for a moment.

A rule acts on nothing that was due before it was switched on: a new one does not fall upon all old tickets.

Each minute it looks at those alone that have come due or were changed since its last look, found by an index: a large
desk costs as little as a small one. What its condition asks besides the ticket (an age, a VIP, a clock) may come to
hold without either, so every few minutes it looks at all of them.
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
# So often it looks at all; a look goes so far back behind the last one: what was changed then may only now be there.
ALL_AGAIN, OVERLAP = timedelta(minutes=5), timedelta(minutes=2)
MOST_NEW = 1000


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
        keys, failed = _to_look_at(compiled, at), len(faults)
        for key in keys:
            try:
                with transaction.atomic():
                    acted += act_on(compiled, key, at)
            except Exception as fault:
                faults.append(fault)
        if len(keys) < AT_ONCE and len(faults) == failed:
            _looked(rule, at)
    if faults:
        raise faults[0]
    return acted


def _to_look_at(one: Compiled, at: datetime) -> list[int]:
    """Keys of tickets on which it is due, AT_ONCE at most."""
    rows = due(one, at)
    if _is_fresh(one.rule, at):
        keys = new_since(one.rule, at)
        rows = rows if keys is None else rows.filter(pk__in=keys) if keys else rows.none()
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _is_fresh(rule: Rule, at: datetime) -> bool:
    """It has looked at all a short time ago; a clock that was set back counts for nothing."""
    return bool(
        rule.looked_at and rule.looked_at_all_at
        and rule.looked_at_all_at <= rule.looked_at <= at < rule.looked_at_all_at + ALL_AGAIN
    )  # fmt: skip


def _looked(rule: Rule, at: datetime) -> None:
    marks = {"looked_at": at} if _is_fresh(rule, at) else {"looked_at": at, "looked_at_all_at": at}
    Rule.objects.filter(pk=rule.pk, version=rule.version).update(**marks)


def new_since(rule: Rule, at: datetime) -> set[int] | None:
    """Keys of the tickets that have come due or were changed since its last look; None where they are very many. By
    the index of the moment alone: what else decides is asked of these few."""
    last = (rule.looked_at or at) - OVERLAP
    column, span = MOMENTS[rule.since].column, timedelta(minutes=rule.minutes or 0)
    come_due = Ticket.objects.filter(**{f"{column}__gt": last - span, f"{column}__lte": at - span}).order_by(column)
    changed = Ticket.objects.filter(updated_at__gt=last).order_by("-updated_at", "-pk")
    found = {key for rows in (come_due, changed) for key in rows.values_list("pk", flat=True)[: MOST_NEW + 1]}
    return found if len(found) <= MOST_NEW else None


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

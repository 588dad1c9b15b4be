"""All rules that are on, compiled: what they ask as conditions in memory, and which of them an event concerns.

Kept in each process until any rule is changed (RuleSet). What is written with an age (`created<2h`) counts from the
moment of the event, so it alone is put together anew.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tresen.core.people.principals import SYSTEM
from tresen.core.tickets.automation import Action
from tresen.core.tickets.models import Ticket
from tresen.kit.prepared import prepared
from tresen.service.rules.actions import known_actions
from tresen.service.rules.limits import rule_limits
from tresen.service.rules.models import Rule, RuleSet
from tresen.service.rules.services import stop_rule
from tresen.service.search.compiling import compile_query
from tresen.service.search.conditions import All, Condition
from tresen.service.search.custom_kind import custom_fields, is_timed
from tresen.service.search.facts import Facts
from tresen.service.search.field_kinds import Moment
from tresen.service.search.fields import fields_for
from tresen.service.search.memory import names_read_once
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query
from tresen.service.search.tree import Field, Query, leaves


@dataclass(frozen=True)
class Compiled:
    """A rule, ready to be asked."""

    rule: Rule
    query: Query
    condition: Condition | None
    actions: tuple[tuple[Action, dict[str, Any]], ...]
    limits: RuleSet

    def is_for(self, ticket: Ticket) -> bool:
        """The ticket is of its brand and team, where it names one."""
        brand, team = self.rule.brand_id, self.rule.team_id
        return (brand is None or brand == ticket.brand_id) and (team is None or team == ticket.team_id)

    def holds(self, facts: Facts, at: datetime) -> bool:
        """Its condition, at that time."""
        condition = self.condition or compile_query(self.query, SYSTEM, now=at)
        return condition.holds(facts)


_kept: tuple[str, dict[str, list[Compiled]]] | None = None
_lock = threading.Lock()


@prepared
def _mark() -> QuerySet[Any, Any]:
    return RuleSet.objects.order_by("pk").values("mark")[:1]


def rules_for(triggers: Sequence[str]) -> list[Compiled]:
    """The rules that are on and listen to one of these triggers, in their order; each once."""
    by_trigger = _all()
    lists = [by_trigger[trigger] for trigger in triggers if trigger in by_trigger]
    if len(lists) <= 1:
        return lists[0] if lists else []
    once = {one.rule.pk: one for found in lists for one in found}
    return sorted(once.values(), key=lambda one: (one.rule.position, one.rule.pk))


def _all() -> dict[str, list[Compiled]]:
    global _kept
    rows = _mark.rows()
    mark = rows[0]["mark"] if rows else ""
    kept = _kept
    if kept is not None and kept[0] == mark:
        return kept[1]
    if not mark:
        return {}
    with _lock:
        kept = _kept
        if kept is not None and kept[0] == mark:  # another thread was faster
            return kept[1]
        by_trigger, gone = _compile_all()
        if not gone:
            _kept = (mark, by_trigger)
    for rule in gone:  # changes the mark; where that is rolled back, it is found again
        stop_rule(rule, why="gone")
    return by_trigger


def _compile_all() -> tuple[dict[str, list[Compiled]], list[Rule]]:
    """By trigger; and those that name a team, tag or person that is gone."""
    by_trigger: dict[str, list[Compiled]] = {}
    gone: list[Rule] = []
    limits = rule_limits()
    with names_read_once():
        for rule in Rule.objects.filter(is_active=True, since=""):
            try:
                compiled = compile_rule(rule, limits)
            except QueryError:
                gone.append(rule)
                continue
            for trigger in rule.triggers:
                by_trigger.setdefault(trigger, []).append(compiled)
    return by_trigger, gone


def compile_rule(rule: Rule, limits: RuleSet | None = None) -> Compiled:
    """With the limits in force, unless they have been read already. Raises QueryError."""
    query = parse_query(rule.condition, SYSTEM, typing=False)
    condition = compile_query(query, SYSTEM) if query.parts else All(())
    known = known_actions()
    actions = tuple((known[kept["do"]], kept) for kept in rule.actions if kept["do"] in known)
    return Compiled(rule, query, None if _has_age(query) else condition, actions, limits or rule_limits())


def _has_age(query: Query) -> bool:
    fields = fields_for(SYSTEM)
    if any(isinstance(leaf, Field) and leaf.name not in fields for leaf in leaves(query.parts)):
        fields = {**custom_fields(SYSTEM), **fields}
    timed = {name for name, field in fields.items() if isinstance(field.kind, Moment) or is_timed(field.kind)}
    return any(isinstance(leaf, Field) and leaf.name in timed for leaf in leaves(query.parts))

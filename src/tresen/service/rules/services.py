"""Changes to rules. Every one is a function here; each leaves a version behind, and says that what was compiled is
old."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from tresen.core.people.models import Brand, Team
from tresen.core.people.principals import SYSTEM
from tresen.core.people.refusals import save_named
from tresen.core.tickets.tagging import tags_named
from tresen.kit import clock
from tresen.kit.crypto import new_token
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.service.rules.actions import clean_actions
from tresen.service.rules.limits import LIMITS
from tresen.service.rules.models import Rule, RuleSet, RuleVersion
from tresen.service.rules.triggers import MOMENTS, TRIGGERS
from tresen.service.search.compiling import compile_query
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query
from tresen.service.search.tree import Field, leaves
from tresen.service.search.values import ME_WORDS, MINE_WORDS, folded
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, differences, take_over
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

FIELDS = ("name", "is_active", "brand", "team", "triggers", "since", "minutes", "condition", "actions")
# What a version holds; whether it is on is not part of what it says.
KEPT = ("name", "brand", "team", "triggers", "since", "minutes", "condition", "actions")
MOST_RULES = 2000
MOST_MINUTES = 366 * 24 * 60
BY = Actor.system("rules")


class WrongRule(ValueError):
    """A field cannot have that value; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"wrong value for {field}")
        self.field = field


class NoMe(ValueError):
    """A rule is nobody: `me` and `mine` mean nothing in its condition."""


def rule_values(rule: Rule) -> dict[str, Any]:
    """What a form shows of a rule, for its mark."""
    return values_of(rule, FIELDS)


def check_condition(line: str) -> None:
    """That a condition can be asked. Raises QueryError, NoMe."""
    query = parse_query(line, SYSTEM, typing=False)
    compile_query(query, SYSTEM)
    for leaf in leaves(query.parts):
        if isinstance(leaf, Field) and any(folded(value) in ME_WORDS | MINE_WORDS for value in leaf.values):
            raise NoMe


@transaction.atomic
def create_rule(*, set: dict[str, Any], by: Actor) -> Rule:
    """A new rule from FIELDS, the last in order. Event `rule.created`. Raises NameTaken, WrongRule, WrongActions,
    QueryError, NoMe."""
    last = Rule.objects.aggregate(last=Max("position"))["last"]
    if Rule.objects.count() >= MOST_RULES:
        raise WrongRule("name")
    rule = Rule(position=0 if last is None else last + 1)
    _put(rule, set, by)
    save_named(rule)
    _keep_version(rule, by)
    record("rule.created", stream=rule, by=by, changes={"name": [None, rule.name]})
    _changed()
    return rule


@transaction.atomic
def change_rule(rule: Rule, *, set: dict[str, Any], by: Actor, expected: str = "") -> Rule:
    """Changes FIELDS; what it says then is a new version. Event `rule.changed`, none when nothing changes.

    Raises ChangedMeanwhile, NameTaken, WrongRule, WrongActions, QueryError, NoMe.
    """
    locked = Rule.objects.select_for_update().get(pk=rule.pk)
    before = rule_values(locked)
    refuse_if_changed(before, expected)
    _put(locked, set, by)
    changes = differences(before, rule_values(locked))
    if not changes:
        return locked
    says_else = bool(changes.keys() & {*KEPT})
    locked.version += says_else
    save_named(locked)
    if says_else:
        _keep_version(locked, by)
    facts = {name: True if name in ("condition", "actions") else pair for name, pair in changes.items()}
    record("rule.changed", stream=locked, by=by, changes=facts)
    _changed()
    return locked


def return_to(rule: Rule, number: int, *, by: Actor) -> Rule:
    """The rule says again what it said under that number, as a new version. Event `rule.changed`. Raises what
    `change_rule` does, where something it named is gone, and RuleVersion.DoesNotExist."""
    kept = RuleVersion.objects.get(rule=rule, number=number).values
    brand = Brand.objects.filter(pk=kept["brand"]).first() if kept["brand"] else None
    team = Team.objects.filter(pk=kept["team"]).first() if kept["team"] else None
    return change_rule(rule, set={**kept, "brand": brand, "team": team}, by=by)


@transaction.atomic
def order_rules(keys: Sequence[int], *, by: Actor) -> None:
    """The rules stand in this order; those that are not named come behind. Event `rules.ordered`, none when they stand
    so."""
    rows = list(Rule.objects.select_for_update().order_by("position", "pk"))
    place = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    ordered = sorted(rows, key=lambda row: place.get(row.pk, len(place)))
    if ordered == rows:
        return
    for position, row in enumerate(ordered):
        row.position = position
    Rule.objects.bulk_update(ordered, ["position"])
    _changed()
    record("rules.ordered", stream=RuleSet.objects.get(), by=by, changes={"rules": [row.pk for row in ordered]})


@transaction.atomic
def delete_rule(rule: Rule, *, by: Actor) -> None:
    """The rule is gone with its versions and runs; what it did stays. Event `rule.deleted`."""
    locked = Rule.objects.select_for_update().filter(pk=rule.pk).first()
    if locked is None:
        return
    record("rule.deleted", stream=locked, by=by, changes={"name": locked.name})
    locked.delete()
    _changed()


def stop_rule(rule: Rule, *, why: str, cause: Event | None = None) -> None:
    """The desk switches a rule off that would go on for ever, or names what is gone. In the caller's transaction. Event
    `rule.stopped`; the administrators are told of it (alarms.py)."""
    if Rule.objects.filter(pk=rule.pk, is_active=True).update(is_active=False, active_since=None, stopped_why=why):
        record("rule.stopped", stream=rule, by=BY, changes={"name": rule.name, "why": why}, cause=cause)
        _changed()


@transaction.atomic
def change_limits(*, set: dict[str, int], by: Actor, expected: str = "") -> None:
    """Changes LIMITS; they count from the next event on. Event `rules.limits_changed`, none when nothing changes.
    Raises ChangedMeanwhile, KeyError, ValidationError."""
    if not RuleSet.objects.exists():
        _changed()
    row = RuleSet.objects.select_for_update(of=("self",)).get()
    refuse_if_changed(values_of(row, LIMITS), expected)
    if changes := changed_fields(row, set, LIMITS):
        take_over(row, changes)
        row.full_clean()
        row.save()
        record("rules.limits_changed", stream=row, by=by, changes=changes)
        _changed()


def _changed() -> None:
    mark = new_token(128)
    if not RuleSet.objects.update(mark=mark):
        RuleSet.objects.create(mark=mark)


def _keep_version(rule: Rule, by: Actor) -> None:
    RuleVersion.objects.create(
        rule=rule, number=rule.version, values=values_of(rule, KEPT), at=clock.now(), by_name=by.name[:200]
    )


def _put(rule: Rule, wanted: dict[str, Any], by: Actor) -> None:
    was_active = rule.is_active
    for field, value in wanted.items():
        if field not in FIELDS:
            raise WrongRule(field)
        setattr(rule, field, value)
    rule.name = " ".join(str(rule.name).replace("\0", "").split())
    rule.condition = " ".join(str(rule.condition).replace("\0", "").split())
    if rule.since:
        rule.triggers = []
    else:
        rule.minutes = None
    by_time = bool(rule.since)
    checks = {
        "name": 0 < len(rule.name) <= 80,
        "triggers": by_time or (bool(rule.triggers) and {*rule.triggers} <= {*TRIGGERS}),
        "since": not by_time or rule.since in MOMENTS,
        "minutes": not by_time or (isinstance(rule.minutes, int) and 0 < rule.minutes <= MOST_MINUTES),
        "condition": len(rule.condition) <= 500,
    }
    if wrong := [field for field, is_right in checks.items() if not is_right]:
        raise WrongRule(wrong[0])
    check_condition(rule.condition)
    rule.actions = clean_actions(rule.actions)
    for kept in rule.actions:
        if kept["do"] == "add_tags":  # so that other rules can ask for them at once
            tags_named(kept["value"], by=by)
    if rule.is_active and not was_active:
        rule.active_since, rule.stopped_why = clock.now(), ""
    elif not rule.is_active:
        rule.active_since = None
    rule.looked_at = rule.looked_at_all_at = None


def fault_of(rule: Rule) -> str:
    """Why a rule cannot be asked any more, in words; empty when it can."""
    try:
        check_condition(rule.condition)
    except QueryError as fault:
        return str(fault)
    return ""

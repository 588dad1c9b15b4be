"""Changes to policies. Every one is a function here; nobody else saves."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from tresen.core.calendars.models import Calendar
from tresen.core.people.refusals import save_named
from tresen.core.tickets.choices import Ball, Priority
from tresen.core.tickets.models import Ticket
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.service.sla.jobs import keep_open
from tresen.service.sla.metrics import targets as targets_there
from tresen.service.sla.models import Policy
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import differences
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

FIELDS = ("name", "is_active", "calendar", "conditions", "targets", "pauses_for", "warn_percent")
CONDITIONS = ("organisations", "brands", "priorities", "types", "services")
PAUSES = (Ball.CUSTOMER, Ball.THIRD_PARTY, Ball.DATE)
# A year of days and nights.
MOST_MINUTES = 366 * 24 * 60


class WrongPolicy(ValueError):
    """A field cannot have that value; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"wrong value for {field}")
        self.field = field


def policy_values(policy: Policy) -> dict[str, Any]:
    """What a form shows of a policy, for its mark."""
    return values_of(policy, FIELDS)


@transaction.atomic
def create_policy(*, set: dict[str, Any], by: Actor) -> Policy:
    """A new policy from FIELDS, the last in order. Event `sla_policy.created`. Raises NameTaken, WrongPolicy."""
    last = Policy.objects.aggregate(last=Max("position"))["last"]
    policy = Policy(position=0 if last is None else last + 1, pauses_for=[Ball.CUSTOMER.value, Ball.THIRD_PARTY.value])
    _put(policy, set)
    save_named(policy)
    record("sla_policy.created", stream=policy, by=by, changes={"name": [None, policy.name]})
    if policy.is_active:
        _keep_soon()
    return policy


@transaction.atomic
def change_policy(policy: Policy, *, set: dict[str, Any], by: Actor, expected: str = "") -> Policy:
    """Changes FIELDS. Event `sla_policy.changed`; open tickets are looked at anew by a job.

    Raises ChangedMeanwhile, NameTaken, WrongPolicy.
    """
    locked = Policy.objects.select_for_update().get(pk=policy.pk)
    before = policy_values(locked)
    refuse_if_changed(before, expected)
    _put(locked, set)
    changes = differences(before, policy_values(locked))
    if changes:
        save_named(locked)
        record("sla_policy.changed", stream=locked, by=by, changes=changes)
        _keep_soon()
    return locked


@transaction.atomic
def move_policy(policy: Policy, *, up: bool, by: Actor) -> None:
    """Changes places with the one before or behind it. Event `sla_policy.changed`."""
    rows = list(Policy.objects.select_for_update().order_by("position", "pk"))
    at = next(n for n, row in enumerate(rows) if row.pk == policy.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows):
        row.position = position
    Policy.objects.bulk_update(rows, ["position"])
    record("sla_policy.changed", stream=rows[to], by=by, changes={"position": [at, to]})
    _keep_soon()


def follow_calendar(event: Event) -> None:
    """Reaction to a changed calendar: what counts by it is reckoned anew."""
    if Policy.objects.filter(calendar=event.stream_id, is_active=True).exists():
        _keep_soon()


def policies_with(calendar: Calendar) -> list[str]:
    """The policies in use that count by a calendar, by name (table CALENDAR_USERS)."""
    return list(Policy.objects.filter(calendar=calendar, is_active=True).values_list("name", flat=True))


def _keep_soon() -> None:
    if Ticket.objects.active().exists():
        keep_open.enqueue(key="sla.keep:0")


def _put(policy: Policy, wanted: dict[str, Any]) -> None:
    for field, value in wanted.items():
        if field not in FIELDS:
            raise WrongPolicy(field)
        setattr(policy, field, value)
    policy.name = " ".join(str(policy.name).split())
    checks = {
        "name": 0 < len(policy.name) <= 80,
        "calendar": policy.calendar_id is not None,
        "conditions": isinstance(policy.conditions, dict) and not {*policy.conditions} - {*CONDITIONS},
        "targets": _are_targets(policy.targets),
        "pauses_for": isinstance(policy.pauses_for, list) and not {*policy.pauses_for} - {*PAUSES},
        "warn_percent": isinstance(policy.warn_percent, int) and 1 <= policy.warn_percent <= 99,
    }
    if wrong := [field for field, is_right in checks.items() if not is_right]:
        raise WrongPolicy(wrong[0])


def _are_targets(targets: Any) -> bool:
    if not isinstance(targets, dict) or {*targets} - {name for name, _label in targets_there()}:
        return False
    priorities = {str(value) for value in Priority.values}
    return all(
        isinstance(by, dict) and not {*by} - priorities
        and all(isinstance(n, int) and not isinstance(n, bool) and 0 < n <= MOST_MINUTES for n in by.values())
        for by in targets.values()
    )  # fmt: skip

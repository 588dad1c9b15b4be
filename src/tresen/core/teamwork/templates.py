"""Checklists that are kept under a name, and put on tickets as steps of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tresen.core.teamwork.checklist import MOST_ITEMS, TooManyItems, add_items, short_step
from tresen.core.teamwork.models import ChecklistItem, ChecklistTemplate
from tresen.core.tickets.models import Ticket
from tresen.kit.fingerprint import refuse_if_changed
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = ("name", "steps", "is_active")


class NoSteps(ValueError):
    """A checklist without a step."""


def template_values(template: ChecklistTemplate) -> dict[str, Any]:
    """What a form shows, for its mark."""
    return {name: getattr(template, name) for name in FIELDS}


def clean_steps(texts: Sequence[str]) -> list[str]:
    """The steps as they are kept. Raises NoSteps, TooManyItems."""
    steps = [short for text in texts if (short := short_step(text))]
    if not steps:
        raise NoSteps
    if len(steps) > MOST_ITEMS:
        raise TooManyItems
    return steps


@transaction.atomic
def create_template(*, name: str, steps: Sequence[str], by: Actor) -> ChecklistTemplate:
    """A new one. Event `checklist_template.created`. Raises NoSteps, TooManyItems."""
    made = ChecklistTemplate.objects.create(name=name, steps=clean_steps(steps))
    record("checklist_template.created", stream=made, by=by, changes={"name": name})
    return made


@transaction.atomic
def change_template(
    template: ChecklistTemplate, *, set: dict[str, Any], by: Actor, expected: str = ""
) -> ChecklistTemplate:  # fmt: skip
    """Another name, other steps, or out of use (`is_active`); tickets keep what they have. Event
    `checklist_template.changed`, none when nothing changes. Raises NoSteps, TooManyItems, ChangedMeanwhile."""
    locked = ChecklistTemplate.objects.select_for_update().get(pk=template.pk)
    before = template_values(locked)
    refuse_if_changed(before, expected)
    wanted = {**set, "steps": clean_steps(set["steps"])} if "steps" in set else set
    changed = [name for name in FIELDS if name in wanted and wanted[name] != before[name]]
    for name in changed:
        setattr(locked, name, wanted[name])
    if changed:
        locked.save(update_fields=changed)
        facts = {name: True if name == "steps" else [before[name], wanted[name]] for name in changed}
        record("checklist_template.changed", stream=locked, by=by, changes=facts)
    return locked


def use_template(template: ChecklistTemplate, ticket: Ticket, *, by: Actor) -> list[ChecklistItem]:
    """Its steps at the end of the ticket's checklist. Event `checklist.changed`. Raises TooManyItems, StaleTicket."""
    return add_items(ticket, template.steps, by=by)

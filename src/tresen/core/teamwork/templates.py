"""Checklists that are kept under a name, and put on tickets as steps of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from tresen.core.people.principals import Principal
from tresen.core.teamwork.checklist import MOST_ITEMS, TooManyItems, add_items, short_step
from tresen.core.teamwork.models import ChecklistItem, ChecklistTemplate
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.kit.fingerprint import refuse_if_changed
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
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


class StagedChecklist:
    """A kept checklist among what is laid out to happen with a message or a macro (core/tickets/staged.py)."""

    def rows(self, principal: Principal) -> QuerySet[ChecklistTemplate]:
        """Those in use."""
        return ChecklistTemplate.objects.visible_to(principal).active()

    def put(
        self, ticket: Ticket, row: ChecklistTemplate, *, principal: Principal, operation: Operation | None,
        cause: Event | None,
    ) -> bool:  # fmt: skip
        """Those of its steps that are not on the ticket yet. Event `checklist.changed`."""
        return self.put_by(ticket, row, by=principal.actor, operation=operation, cause=cause)

    def put_by(
        self, ticket: Ticket, row: ChecklistTemplate | None, *, by: Actor, operation: Operation | None = None,
        cause: Event | None = None,
    ) -> bool:  # fmt: skip
        """The same for whoever does it, a rule too; without a checklist nothing."""
        try:
            missing = self.missing_on(ticket, row)
            return bool(add_items(ticket, missing, by=by, operation=operation, cause=cause))
        except TooManyItems as fault:
            raise WrongValue("checklist") from fault

    def missing_on(self, ticket: Ticket, row: ChecklistTemplate | None) -> list[str]:
        """The steps of it that the ticket, which may be one that is made up, does not have."""
        there = {step.text for step in ticket.checklist.all()} if ticket.pk else set()
        return [step for step in row.steps if step not in there] if row else []

    def there(self, row: ChecklistTemplate) -> QuerySet[Any]:
        """Every step of it is on them."""
        texts = set(row.steps)
        counted = ChecklistItem.objects.order_by().filter(text__in=texts).values("ticket")
        return counted.annotate(n=Count("text", distinct=True)).filter(n=len(texts)).values("ticket")


CHECKLIST = StagedChecklist()

"""What is to be done on a ticket, step by step. A step whose text calls a colleague (`@name`) is his.

All raise StaleTicket for a ticket that was merged.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.teamwork.mentions import everybody, let_in, newcomers
from tresen.core.teamwork.models import ChecklistItem
from tresen.core.teamwork.naming import find_calls
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import add_step
from tresen.core.tickets.rows import lock
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

MOST_ITEMS = 50
UP, DOWN = "up", "down"


class TooManyItems(ValueError):
    """A checklist has at most 50 steps."""


def add_items(
    ticket: Ticket, texts: Sequence[str], *, by: Actor, operation: Operation | None = None, cause: Event | None = None
) -> list[ChecklistItem]:  # fmt: skip
    """Puts steps at the end, one for each text that is not empty. Event `checklist.changed`, none for no text.

    Raises TooManyItems.
    """
    wanted = [short for text in texts if (short := short_step(text))]
    if not wanted:
        return []
    with transaction.atomic():
        locked = lock(ticket)
        there = list(locked.checklist.all())
        if len(there) + len(wanted) > MOST_ITEMS:
            raise TooManyItems
        place = there[-1].position + 1 if there else 0
        items = [ChecklistItem(ticket=locked, text=text, position=place + n) for n, text in enumerate(wanted)]
        add_step(operation, _save_called(locked, items, "added", by=by, cause=cause))
    return items


def take_steps_back(event: Event, ticket: Ticket) -> tuple[int, list[tuple[str, str]]]:
    """The inverse of a `checklist.changed` that added steps, on the locked ticket: they go, but those that somebody has
    worked on since and those that went along to another ticket. How many went, and why others stay (why, who)."""
    if event.changes.get("what") != "added":
        return 0, []
    later = Event.objects.filter(kind=event.kind, pk__gt=event.pk).order_by("pk")
    touched = {
        key: one.actor_name or "–"
        for one in later.filter(stream_kind=event.stream_kind, stream_id=event.stream_id)
        if one.changes.get("what") in ("done", "opened", "changed") for key in one.changes.get("items", [])
    }  # fmt: skip
    left = ChecklistItem.objects.filter(pk__in=event.changes["items"])
    going = list(left.filter(ticket=ticket).exclude(pk__in=touched).values_list("pk", flat=True))
    ChecklistItem.objects.filter(pk__in=going).delete()
    held = {("changed", touched[item.pk]) if item.ticket_id == ticket.pk else ("moved", "") for item in left.all()}
    return len(going), sorted(held)


def change_item(item: ChecklistItem, *, text: str, by: Actor) -> None:
    """Writes a step anew; whoever it calls then has it. Event `checklist.changed`, none when nothing changes."""
    with transaction.atomic():
        locked = lock(item.ticket)
        found = locked.checklist.filter(pk=item.pk).first()
        if found is None or not (short := short_step(text)) or short == found.text:
            return
        found.text = short
        _save_called(locked, [found], "changed", by=by)


def tick_item(item: ChecklistItem, *, done: bool, agent: Agent, by: Actor) -> None:
    """A step is done, or not yet. Event `checklist.changed`, none when it is so already."""
    with transaction.atomic():
        locked = lock(item.ticket)
        open_or_done = locked.checklist.filter(pk=item.pk, done_at__isnull=done)
        if open_or_done.update(done_at=clock.now() if done else None, done_by=agent if done else None):
            _record(locked, [item.pk], "done" if done else "opened", by=by)


def move_item(item: ChecklistItem, *, way: str, by: Actor) -> None:
    """A step changes places with the one above or below. Event `checklist.changed`, none at the end of the list."""
    with transaction.atomic():
        locked = lock(item.ticket)
        items = list(locked.checklist.all())
        place = next((n for n, row in enumerate(items) if row.pk == item.pk), None)
        other = -1 if place is None else place + (-1 if way == UP else 1)
        if place is None or not 0 <= other < len(items):
            return
        items[place], items[other] = items[other], items[place]
        for n, row in enumerate(items):
            row.position = n
        ChecklistItem.objects.bulk_update(items, ["position"])
        _record(locked, [item.pk], "moved", by=by)


def remove_item(item: ChecklistItem, *, by: Actor) -> None:
    """A step is no longer wanted. Event `checklist.changed`."""
    with transaction.atomic():
        locked = lock(item.ticket)
        if locked.checklist.filter(pk=item.pk).delete()[0]:
            _record(locked, [item.pk], "removed", by=by)


def short_step(text: str) -> str:
    """A step in one line of at most 200 signs."""
    return " ".join(text.replace("\0", "").split())[:200]


def _save_called(
    ticket: Ticket, items: list[ChecklistItem], what: str, *, by: Actor, cause: Event | None = None
) -> Event:  # fmt: skip
    people = everybody() if any("@" in item.text for item in items) else []
    calls = []
    for item in items:
        called = [call for call in find_calls(item.text, people) if call.who.kind == "agent"]
        item.assignee_id = called[0].who.pk if called else None
        item.save()
        calls += called[:1]
    event = _record(ticket, [item.pk for item in items], what, by=by, cause=cause)
    if calls:
        let_in(ticket, newcomers(ticket, [call.who for call in calls]), cause=event)
    return event


def _record(ticket: Ticket, items: list[int], what: str, *, by: Actor, cause: Event | None = None) -> Event:
    return record("checklist.changed", stream=ticket, by=by, changes={"items": items, "what": what}, cause=cause)

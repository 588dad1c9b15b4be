"""Steps and times go along when a ticket goes into another, and home when both are parted; a snooze ends and goes on.

All may run twice and late: they look at what is there now.
"""

from __future__ import annotations

from django.db.models import Max

from tresen.core.teamwork.models import ChecklistItem, TimeEntry
from tresen.core.teamwork.snoozing import end_with_merge, sleep_again
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.core.tickets.structure_models import Merge
from tresen.spine.events.models import Event


def carry(event: Event) -> None:
    """Reaction to `ticket.merged`, and to `split.undone` on the ticket that ends by it: what was to be done on it
    stands below that of the other ticket."""
    source = lock(Ticket(pk=event.stream_id), follow=False)
    if source.merged_into_id is None:
        return
    steps, times = list(source.checklist.all()), list(source.times.values_list("pk", flat=True))
    last = ChecklistItem.objects.filter(ticket=source.merged_into_id).aggregate(last=Max("position"))["last"]
    for n, step in enumerate(steps, 0 if last is None else last + 1):
        step.ticket_id, step.position = source.merged_into_id, n
    ChecklistItem.objects.bulk_update(steps, ["ticket", "position"])
    TimeEntry.objects.filter(pk__in=times).update(ticket=source.merged_into_id)
    slept = end_with_merge(source)
    row = Merge.objects.filter(source=source, undone_at=None).first()
    if row is None:
        return
    before = row.carried
    row.carried = {
        "steps": [*before.get("steps", []), *(step.pk for step in steps)],
        "times": [*before.get("times", []), *times],
        "snooze": slept.pk if slept else before.get("snooze"),
    }
    row.save(update_fields=["carried"])


def carry_home(event: Event) -> None:
    """Reaction to `merge.undone`, on the ticket that was the signpost."""
    source = lock(Ticket(pk=event.stream_id), follow=False)
    row = Merge.objects.filter(source=source, undone_at__isnull=False).order_by("-undone_at").first()
    if row is None or source.merged_into_id is not None or "from" not in event.changes:
        return
    for kind, keys in ((ChecklistItem, "steps"), (TimeEntry, "times")):
        kind.objects.filter(pk__in=row.carried.get(keys, []), ticket=row.target_id).update(ticket=source)
    if snooze := row.carried.get("snooze"):
        sleep_again(snooze)

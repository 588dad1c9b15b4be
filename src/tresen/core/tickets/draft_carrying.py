"""Drafts go along when a ticket goes into another, and home when both are parted. In the transaction of either."""

from __future__ import annotations

from collections.abc import Collection

from tresen.core.people.viewers import viewers_of_agents
from tresen.core.tickets.audience import audiences
from tresen.core.tickets.draft_models import Draft, DraftQuerySet
from tresen.core.tickets.drafts import MAX_FILES, MAX_TEXT, empty, joined
from tresen.core.tickets.models import Ticket
from tresen.kit import clock


def carry_drafts(source: Ticket, target: Ticket) -> list[int]:
    """What is being written on the source stands on the target from now on, for those who see that; below what its
    writer has there already. The keys of the drafts that went over as they are."""
    rows = list(source.drafts.select_for_update().order_by("pk"))
    if not rows:
        return []
    viewers, audience = viewers_of_agents({row.agent_id for row in rows}), audiences([target.pk])[target.pk]
    seen = [row for row in rows if row.agent_id in viewers and audience.includes(viewers[row.agent_id])]
    return _put(seen, target, join=True)


def carry_drafts_home(keys: Collection[int], *, target: Ticket, source: Ticket) -> None:
    """Those that went over as they were, and still hold something, stand on the source again."""
    _put(target.drafts.filter(pk__in=keys).select_for_update().order_by("pk"), source, join=False)


def _put(rows: Collection[Draft] | DraftQuerySet, ticket: Ticket, *, join: bool) -> list[int]:
    moved = []
    for row in rows:
        if not _holds(row):
            continue
        same = Draft.objects.filter(ticket=ticket, agent=row.agent_id, kind=row.kind, side=row.side_id)
        there = same.select_for_update().first()
        if there and _holds(there):
            if join:
                _join(row, there)
            continue
        if there:
            # Pages that were open with the empty one are to be told.
            row.version = max(row.version, there.version) + 1
            there.delete()
        row.ticket = ticket
        row.save(update_fields=["ticket", "version"])
        moved.append(row.pk)
    return moved


def _holds(row: Draft) -> bool:
    return bool(row.text.strip()) or row.files.exists()


def _join(row: Draft, there: Draft) -> None:
    """Both are one. What would be too much together stays on its own ticket."""
    text = joined([there.text, row.text])
    if len(text) > MAX_TEXT or there.files.count() + row.files.count() > MAX_FILES:
        return
    there.text = text
    there.details.pop("html", None)  # formatting is said of one text alone
    if bool(row.asked_at) != bool(there.asked_at):
        # What nobody else was shown is not shown by it.
        there.asked_at = there.reviewer = there.review_team = None
    there.took_back = [*there.took_back, *row.took_back][-20:]
    # No page that has one of the two open has this version: it is told before it writes over the other.
    there.version = max(row.version, there.version) + 1
    there.writer, there.turn, there.updated_at = "", 0, clock.now()
    there.save()
    row.files.update(draft=there)
    row.comments.update(draft=there)
    empty(row, writer="", turn=0)

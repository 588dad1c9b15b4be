"""The desk's own tickets as what is learnt from: in parts, so that memory does not grow with the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Left

from tresen.core.tickets.choices import FINISHED, StatusCategory
from tresen.core.tickets.models import Message, Ticket
from tresen.service.learning.models import HAM, SPAM, Field, Proposal, ProposalState, SpamMark
from tresen.service.learning.reading import MOST_CHARACTERS
from tresen.service.learning.training import Example

# The newest so many tickets; older ones tell of a desk that is no more.
MOST_TICKETS = 100_000
_PART = 500
_READ = ("pk", "subject", "status_category", "category", "team", "type", "priority")


def examples() -> Iterator[Example]:
    """The newest tickets, those with nothing to learn from left out."""
    below: int | None = None
    for _part in range(MOST_TICKETS // _PART):
        rows = Ticket.objects.filter(deleted_at=None, merged_into=None).exclude(status_category=StatusCategory.NEW)
        rows = rows.filter(pk__lt=below) if below is not None else rows
        part: list[dict[str, Any]] = [dict(row) for row in rows.order_by("-pk").values(*_READ)[:_PART]]
        if not part:
            return
        below = part[-1]["pk"]
        yield from _of_part(part)


def first_texts(tickets: list[int]) -> dict[int, str]:
    """The beginning of the first message of each ticket."""
    rows = Message.objects.filter(ticket__in=tickets, is_side=False).order_by("ticket_id", "id")
    firsts: dict[int, int] = {}
    for ticket, message in rows.values_list("ticket_id", "id"):
        firsts.setdefault(ticket, message)
    texts = Message.objects.filter(pk__in=firsts.values()).annotate(begin=Left("text", MOST_CHARACTERS))
    return dict(texts.values_list("ticket_id", "begin"))


def _of_part(part: list[dict[str, Any]]) -> Iterator[Example]:
    keys = [row["pk"] for row in part]
    texts = first_texts(keys)
    # What it filled in itself, and nobody has looked at, teaches nothing.
    own = Proposal.objects.filter(ticket__in=keys, is_automatic=True, state=ProposalState.OPEN)
    unseen = set(own.values_list("ticket_id", "field"))
    marks = dict(SpamMark.objects.filter(ticket__in=keys).values_list("ticket_id", "is_spam"))
    for row in part:
        labels = {str(Field.CATEGORY): row["category"], str(Field.TEAM): row["team"]}
        if row["status_category"] in FINISHED:
            labels |= {str(Field.TYPE): row["type"], str(Field.PRIORITY): row["priority"]}
        if row["pk"] in marks or row["status_category"] in FINISHED:
            labels = {} if marks.get(row["pk"]) else labels
            labels[str(Field.SPAM)] = SPAM if marks.get(row["pk"]) else HAM
        known = {field: str(value) for field, value in labels.items() if value and (row["pk"], field) not in unseen}
        if known:
            yield Example(row["subject"], texts.get(row["pk"], ""), known)

"""From what was learnt to proposals on a ticket, and what people do with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.rows import lock
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.learning.history import first_texts
from tresen.service.learning.judging import Judgement
from tresen.service.learning.learning import models_at_hand
from tresen.service.learning.models import Field, Proposal, ProposalState
from tresen.service.learning.reading import words_of
from tresen.service.learning.thresholds import Thresholds, thresholds
from tresen.service.learning.values import value_for, value_on
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

BY = Actor.system("learning")


def judge(ticket: Ticket) -> dict[str, Judgement]:
    """What the models say of a ticket, by field."""
    words = words_of(ticket.subject, first_texts([ticket.pk]).get(ticket.pk, ""))
    return {field: model.judge(words) for field, model in models_at_hand().items()}


def propose(ticket_id: int, *, by_agent: bool = False) -> list[Proposal]:
    """Proposes what is sure enough on a new ticket, and fills in what the administrator lets it fill in. `by_agent`: a
    colleague took it down, who has chosen what he has chosen; only what he left empty is proposed. What a rule or a
    colleague has set since it came is never filled in over that. Event `proposals.made`; `ticket.changed` for what is
    filled in. None twice."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None or not models_at_hand():
        return []
    judged, limits = judge(ticket), thresholds()
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        if locked.status_category not in ACTIVE or locked.merged_into_id or locked.deleted_at:
            return []
        if Proposal.objects.filter(ticket=locked).exists():
            return []
        since = _set_since(locked)
        rows = (_row(locked, field, found, limits, by_agent or since.get(field, False))
                for field, found in judged.items())  # fmt: skip
        made = [row for row in rows if row]
        for row in made:
            row.is_automatic = row.is_automatic and row.field not in since
        Proposal.objects.bulk_create(made)
        if made:
            filled = [row for row in made if row.is_automatic]
            facts = {"fields": [row.field for row in made], "filled": {row.field: row.percent for row in filled}}
            event = record("proposals.made", stream=locked, by=BY, changes=facts)
            _fill_in(locked, filled, cause_id=event.pk)
    return made


def _set_since(ticket: Ticket) -> dict[str, bool]:
    """The fields that were set since it came; whether by a colleague."""
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("pk")
    listed = events.values_list("actor_kind", "changes")
    return {name: kind == "agent" for kind, changes in listed for name, change in changes.items()
            if isinstance(change, list)}  # fmt: skip


def _row(ticket: Ticket, field: str, found: Judgement, limits: Thresholds, by_agent: bool) -> Proposal | None:
    """The proposal, not saved; None for one that is not sure enough, not new, or not possible."""
    now = value_on(ticket, field)
    chosen = by_agent and (now or field in (Field.TYPE, Field.PRIORITY, Field.SPAM))
    if chosen or found.label == now or not limits.is_shown(field, found.confidence):
        return None
    if value_for(ticket, field, found.label) is None:
        return None
    return Proposal(
        ticket=ticket, field=field, value=found.label, before=now, confidence=found.confidence,
        words=list(found.words), made_at=clock.now(),
        is_automatic=field != Field.SPAM and limits.is_filled(field, found.confidence),
    )  # fmt: skip


def _fill_in(ticket: Ticket, rows: list[Proposal], *, cause_id: int) -> None:
    values = {row.field: value_for(ticket, row.field, row.value) for row in rows}
    if values:
        update_ticket(ticket, by=Actor.system("learning", cause_id=cause_id), set=values)


def open_on(ticket: Ticket) -> list[Proposal]:
    """The proposals of a ticket that are to be taken, whose field is as it was, and those that were filled in without
    anybody and still stand."""
    found = []
    for row in Proposal.objects.standing().filter(ticket=ticket).order_by("pk"):
        if value_on(ticket, row.field) == (row.value if row.is_automatic else row.before):
            found.append(row)
    return found


def take(
    ticket: Ticket, *, fields: list[str] | None = None, by: Actor, operation: Operation | None = None
) -> list[Proposal]:
    """An agent takes the proposals for these fields, or all that are to be taken but for spam (spam.mark_spam). One
    `ticket.changed`. Raises StaleTicket, WrongValue."""
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        rows = [row for row in open_on(locked) if not row.is_automatic and (fields is None or row.field in fields)]
        rows = [row for row in rows if row.field != Field.SPAM]
        values = {row.field: value_for(locked, row.field, row.value) for row in rows}
        if gone := next((field for field, value in values.items() if value is None), None):
            raise WrongValue(gone)
        if values:
            update_ticket(locked, by=by, set=values, operation=operation)
            _decide(rows, ProposalState.TAKEN)
    return rows


def refuse(ticket: Ticket, *, field: str, by: Actor, operation: Operation | None = None) -> Proposal | None:
    """An agent says no: the proposal goes, and what it had filled in goes back to what stood there. Event
    `proposal.refused`, and `ticket.changed` where something went back. Raises StaleTicket, WrongValue."""
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        row = next((one for one in open_on(locked) if one.field == field), None)
        if row is None:
            return None
        if row.is_automatic:
            update_ticket(locked, by=by, set={field: _before(locked, row)}, operation=operation)
        _decide([row], ProposalState.REFUSED)
        record("proposal.refused", stream=locked, by=by, changes={"field": row.field, "value": row.value})
    return row


def _before(ticket: Ticket, row: Proposal) -> Any:
    if not row.before:
        return None
    value = value_for(ticket, row.field, row.before)
    if value is None:
        raise WrongValue(row.field)
    return value


def _decide(rows: list[Proposal], state: str) -> None:
    Proposal.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, decided_at=clock.now())


def ask_again(ticket: Ticket, fields: Collection[str]) -> None:
    """What an agent said to the proposals for these fields was undone: they stand as before."""
    said = Proposal.objects.filter(ticket=ticket, field__in=fields)
    for row in said.filter(state__in=(ProposalState.TAKEN, ProposalState.REFUSED)):
        was_refused = row.state == ProposalState.REFUSED
        if row.is_automatic == was_refused and value_on(ticket, row.field) == (
            row.value if was_refused else row.before
        ):
            Proposal.objects.filter(pk=row.pk).update(state=ProposalState.OPEN, decided_at=None)

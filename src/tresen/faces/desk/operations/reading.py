"""What the agent did, as rows: what it was, on which ticket, whether it can be undone, what an undo had to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import show_number
from tresen.core.tickets.operation_models import Operation, OperationState, OperationStep
from tresen.core.tickets.operations import can_undo, recent_of
from tresen.core.tickets.undoing import Left, Undone, left_of
from tresen.faces.desk.ticket.event_words import Names, sentences
from tresen.faces.desk.ticket.fields import LABELS

SHOWN_LEFT = 5


@dataclass(frozen=True)
class Did:
    """One operation in the list."""

    operation: Operation
    what: str
    number: str
    # Only of a ticket that the agent may still see.
    ticket: Ticket | None = None
    left: list[str] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When."""
        return self.operation.at

    @property
    def can_undo(self) -> bool:
        """It is there to be taken back."""
        return can_undo(self.operation)

    @property
    def is_undone(self) -> bool:
        """It was taken back, or is about to be."""
        return self.operation.state != OperationState.DONE


def what_i_did(principal: Principal) -> list[Did]:
    """What the agent did of late, newest first, in a fixed number of queries."""
    if principal.agent is None:
        return []
    found = recent_of(principal.agent)
    counted = {
        row["operation"]: row
        for row in OperationStep.objects.filter(operation__in=found)
        .values("operation")
        .annotate(n=Count("ticket", distinct=True), first=Min("pk"))
    }
    firsts = OperationStep.objects.select_related("event", "ticket").in_bulk([r["first"] for r in counted.values()])
    seen = Ticket.objects.visible_to(principal).filter(pk__in=[step.ticket_id for step in firsts.values()])
    tickets = {ticket.pk: ticket for ticket in seen}
    names = Names()
    left = left_of([operation.pk for operation in found if operation.state != OperationState.DONE])
    rows = []
    for operation in found:
        if (facts := counted.get(operation.pk)) is None:
            continue
        step = firsts[facts["first"]]
        rows.append(Did(
            operation, _what(operation, step, facts["n"], names),
            show_number(step.ticket.number) if facts["n"] == 1 or operation.kind not in ("bulk", "macro") else "",
            tickets.get(step.ticket_id), left_words(left.get(operation.pk, [])),
        ))  # fmt: skip
    return rows


def _what(operation: Operation, step: OperationStep, count: int, names: Names) -> str:
    name = str(operation.facts.get("macro") or "")
    if operation.kind == "macro" and name:
        said = _("Macro “%(name)s”") % {"name": name}
        many = ngettext("%(n)s ticket changed", "%(n)s tickets changed", count) % {"n": count}
        return said if count == 1 else f"{said}, {many}"
    if operation.kind == "change":
        return ", ".join(sentences(step.event, names=names))
    if operation.kind == "bulk":
        said = ", ".join(sentences(step.event, names=names)) if count == 1 else ""
        many = ngettext("%(n)s ticket changed", "%(n)s tickets changed", count) % {"n": count}
        return said or many
    return ", ".join(sentences(step.event, names=names)) or operation.get_kind_display()


def undone_words(undone: Undone) -> str:
    """What is said after an undo."""
    if undone.more:
        return _("It is being taken back, ticket by ticket.")
    if not undone.tickets:
        return " ".join([_("Nothing could be taken back."), *left_words(undone.left)])
    there = {draft.ticket.number for draft in undone.taken} - set(undone.tickets)
    drafts = [_("%(number)s: the text is in your draft there.") % {"number": show_number(n)} for n in sorted(there)]
    return " ".join([_("Taken back."), *drafts, *left_words(undone.left)])


def left_words(left: Sequence[Left]) -> list[str]:
    """Sentences on what stayed, and why; at most a handful."""
    said = [_left_sentence(one) for one in left[:SHOWN_LEFT]]
    more = len(left) - SHOWN_LEFT
    if more > 0:
        said.append(ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more})
    return said


def _left_sentence(left: Left) -> str:
    facts: dict[str, Any] = {
        "number": show_number(left.number), "field": LABELS.get(left.what, left.what), "who": left.who or _("Somebody"),
    }  # fmt: skip
    if left.what == "reply" and left.why == "moved":
        return (
            _("%(number)s: the reply is on another ticket now, which you may not change, and leaves from there.")
            % facts
        )
    if left.what == "reply":
        return _("%(number)s: the reply has left.") % facts
    if left.why == "others":
        return _("%(number)s: what was written with others since stays there.") % facts
    if left.what == "message":
        return _("%(number)s: messages that were moved on meanwhile stay where they are.") % facts
    if left.what == "checklist" and left.why == "moved":
        return _("%(number)s: steps of the checklist are on another ticket now and stay there.") % facts
    if left.what == "checklist":
        return _("%(number)s: steps of the checklist stay, %(who)s has worked on them.") % facts
    if left.what == "note" and left.why == "moved":
        return _("%(number)s: the note is on another ticket now and stays there.") % facts
    if left.what == "note":
        return _("%(number)s: the note stays, since something hangs on it.") % facts
    if left.why == "rights":
        return _("%(number)s: you may no longer change it.") % facts
    if left.why == "changed":
        return _("%(number)s: “%(field)s” stays, %(who)s has changed it since.") % facts
    return _("%(number)s: “%(field)s” stays, the old value is no longer there.") % facts

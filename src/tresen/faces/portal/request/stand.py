"""How a request stands, in the words of the person who asked. Pure: a ticket and its history in, sentences out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tresen.core.tickets.choices import FINISHED, Ball, StatusCategory
from tresen.core.tickets.models import Ticket
from tresen.spine.events.models import Event

ARRIVED, WORKING, YOURS, OTHERS, LATER, SOLVED, DONE = (
    "arrived", "working", "yours", "others", "later", "solved", "done",
)  # fmt: skip
# The mark beside the words, so that no state is colour alone.
MARKS = {
    ARRIVED: "st-new", WORKING: "st-open", YOURS: "reply", OTHERS: "st-hold", LATER: "calendar", SOLVED: "st-solved",
    DONE: "st-solved",
}  # fmt: skip
TONES = {YOURS: "you", SOLVED: "done", DONE: "done"}


@dataclass(frozen=True)
class Stand:
    """Where a request is. `title` is the sentence at the top, `next` what happens next and who does it."""

    key: str
    title: str
    next: str

    @property
    def is_finished(self) -> bool:
        """There is nothing left to do for us."""
        return self.key in {SOLVED, DONE}


@dataclass(frozen=True)
class Step:
    """A step of the way: `state` is done, current or ahead."""

    label: str
    at: datetime | None
    state: str


@dataclass(frozen=True)
class History:
    """What the tracking block needs of the events: when work began, and whether the requester said it is solved."""

    work_began_at: datetime | None
    confirmed_at: datetime | None
    is_confirmed_by_me: bool = False


def history_of(ticket: Ticket, events: Iterable[Event], *, contact_id: int) -> History:
    """Reads it out of events of the ticket: what agents did, and what contacts did since it was solved.

    `contact_id`: who looks, so that nobody is told that he confirmed what somebody else did.
    """
    began: datetime | None = None
    confirmed: datetime | None = None
    mine = False
    finished = ticket.status_category in FINISHED
    for event in events:
        if event.actor_kind == "agent" and event.kind in {"ticket.changed", "reply.added"}:
            began = began or event.at
        if event.actor_kind == "contact" and "status" in event.changes and finished:
            since = ticket.solved_at or ticket.closed_at
            confirmed = event.at if since and event.at >= since else None
            mine = event.actor_id == contact_id
    return History(began, confirmed if finished else None, mine)


def key_of(ticket: Ticket, *, is_confirmed: bool = False) -> str:
    """The state in one word; the words of the desk are not shown to customers."""
    category = ticket.status_category
    if category == StatusCategory.CLOSED:
        return DONE
    if category == StatusCategory.SOLVED:
        return DONE if is_confirmed else SOLVED
    if ticket.ball == Ball.CUSTOMER:
        return YOURS
    if ticket.ball == Ball.THIRD_PARTY:
        return OTHERS
    if ticket.ball == Ball.DATE:
        return LATER
    return ARRIVED if category == StatusCategory.NEW and ticket.assignee_id is None else WORKING


def stand_of(ticket: Ticket, *, is_confirmed: bool = False) -> Stand:
    """The state in sentences. `is_confirmed`: the requester has said that it is solved."""
    key = key_of(ticket, is_confirmed=is_confirmed)
    following = {
        ARRIVED: lambda: _("Someone will read it and answer you here and by mail."),
        WORKING: lambda: _who_answers(ticket),
        YOURS: lambda: _("Please answer our last message below. Then we carry on."),
        OTHERS: lambda: _("As soon as we have what we need, we carry on. You need not do anything."),
        LATER: lambda: _("You need not do anything until then."),
        SOLVED: lambda: _(
            "Please tell us with one click. If something is missing, write it below: that opens the request again."
        ),
        DONE: lambda: _("Should it come back, write below: that opens the request again."),
    }
    title = _("Is it solved?") if key == SOLVED else title_of(key)
    return Stand(key, title, following[key]())


def title_of(key: str) -> str:
    """The state in a few words, as in a list."""
    return {
        ARRIVED: _("Your request has arrived"),
        WORKING: _("We are working on it"),
        YOURS: _("We are waiting for you"),
        OTHERS: _("We are waiting for somebody else"),
        LATER: _("We carry on at the agreed time"),
        SOLVED: _("Solved"),
        DONE: _("Done"),
    }[key]


def _who_answers(ticket: Ticket) -> str:
    if ticket.assignee is not None:
        return _("%(name)s is taking care of it and will answer you here and by mail.") % {"name": ticket.assignee}
    return _("You will get our answer here and by mail.")


def track_of(ticket: Ticket, history: History, *, is_requester: bool) -> list[Step]:
    """Arrived, in work, answered, confirmed: what is behind us, where we are, what is ahead.

    A request that is finished is told as it went: what never happened (an answer, say) is left out.
    """
    key = key_of(ticket, is_confirmed=history.confirmed_at is not None)
    answered, is_finished = ticket.first_response_at, key in {SOLVED, DONE}
    began = history.work_began_at or answered
    rows: list[tuple[str, datetime | None]] = [(_("Arrived"), ticket.created_at)]
    if began or not is_finished:
        rows.append((_("In work"), began if key != ARRIVED or answered else None))
    if answered or not is_finished:
        rows.append((_("Answered"), answered))
    if key == DONE and history.confirmed_at is None:
        rows.append((_("Closed"), ticket.closed_at))
    else:
        by_me = history.is_confirmed_by_me if history.confirmed_at else is_requester
        rows.append((_("Confirmed by you") if by_me else _("Confirmed"), history.confirmed_at))
    here = _place(key, steps=len(rows), is_answered=answered is not None)
    return [
        Step(label, at, "done" if place < here else "current" if place == here else "ahead")
        for place, (label, at) in enumerate(rows)
    ]


def _place(key: str, *, steps: int, is_answered: bool) -> int:
    """Which step we are at, counted from 0; `steps` when all are behind us."""
    if key == DONE:
        return steps
    if key == SOLVED:
        return steps - 1
    if is_answered:
        return 2
    return 0 if key == ARRIVED else 1


@dataclass(frozen=True)
class Row:
    """A request in a list: its state as words, mark and tone."""

    ticket: Ticket
    title: str
    mark: str
    tone: str


def rows_of(tickets: Iterable[Ticket]) -> list[Row]:
    """The tickets with how they stand; asks the database nothing."""
    keys = [(ticket, key_of(ticket)) for ticket in tickets]
    return [Row(ticket, title_of(key), MARKS[key], TONES.get(key, "")) for ticket, key in keys]

"""Whose tickets are not looked after: no open ticket with us has an absent owner. It goes to the substitute, else back
to the team and from there to whoever is there.

Absent is who is away (an absence, sickness, by his own word, no longer at the desk), and who is off duty where the
ticket's next target falls due before he is back. That a shift ends moves nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tresen.core.attendance.models import Absence, Attendance, State
from tresen.core.attendance.standing import DAY, Standing, opening_for, standings
from tresen.core.calendars.opening import Opening
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.assigning import assign
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.routing.candidates import is_our_turn, our_turn
from tresen.service.routing.giving import BY, give, stands_in
from tresen.spine.events.models import Event

AT_ONCE = 200
# So many of the newest are looked through for those that moved.
LOOKED_THROUGH = 2000
# What moved tickets of absent owners, as `why.method` of `ticket.assigned`.
METHODS = ("absence", "away", "left", "off")
LONGEST_SHIFT = 8 * DAY


@dataclass(frozen=True)
class Behind:
    """An owner who is not there: since when (what he took himself since stays his), why, who stands in, and before
    which moment a target must be due for it to count (`off` only)."""

    agent: Agent
    method: str
    since: datetime | None = None
    substitute: Agent | None = None
    due_before: datetime | None = None

    def tickets(self) -> QuerySet[Ticket]:
        """What he has left behind."""
        found = our_turn().filter(assignee=self.agent)
        if self.due_before is not None:
            found = found.filter(clock_strip__due_at__lt=self.due_before)
        if self.since is None:
            return found
        rows = Event.objects.filter(stream_kind="ticket", stream_id=OuterRef("pk"), changes__has_key="assignee")
        last = rows.filter(at__gte=self.since).order_by("-pk")
        # What he took himself stays his: he is there after all. What anybody else gave him meanwhile goes on.
        by_himself = Case(When(actor_kind="agent", then="actor_id"), default=Value(0), output_field=BigIntegerField())
        taken = found.annotate(given_by=Coalesce(Subquery(last.values(by=by_himself)[:1]), Value(0)))
        return taken.exclude(given_by=self.agent.pk)


def hand_over(*, ticket: Ticket | None = None, most: int = AT_ONCE) -> int:
    """Open tickets with us whose owner is absent, or only this one; how many went on. Event `ticket.assigned`."""
    moved = 0
    for behind in _not_there(ticket):
        left = behind.tickets() if ticket is None else behind.tickets().filter(pk=ticket.pk)
        for key in list(left.order_by("pk").values_list("pk", flat=True)[: most - moved]):
            with transaction.atomic():
                rows = Ticket.objects.select_for_update(skip_locked=True, of=("self",))
                row = rows.filter(pk__in=left.values("pk")).filter(pk=key).first()
                if row is not None and row.assignee_id == behind.agent.pk and is_our_turn(row):
                    _pass_on(row, behind)
                    moved += 1
    return moved


def _not_there(ticket: Ticket | None) -> list[Behind]:
    """The owners who are not there, of those who could not be: with an absence near, a word or hours of their own, or
    no account any more."""
    now = clock.now()
    today = now.date()
    near = Absence.objects.filter(starts_on__lte=today + DAY, ends_on__gte=today - DAY).values("agent")
    has_any = Exists(our_turn().filter(assignee=OuterRef("pk")))
    may = Q(pk__in=near) | Q(pk__in=Attendance.objects.values("agent")) | Q(has_any, user__is_active=False)
    agents = Agent.objects.select_related("user", "attendance__calendar").filter(may)
    listed = list(agents if ticket is None else agents.filter(tickets=ticket))
    where = standings(listed, at=now)
    found = (_behind(agent, where[agent.pk], now) for agent in listed)
    return [behind for behind in found if behind is not None]


def _behind(agent: Agent, standing: Standing, now: datetime) -> Behind | None:
    if not agent.user.is_active:
        return Behind(agent, "left")
    if absence := standing.absence:
        began = datetime.combine(absence.starts_on, time.min, ZoneInfo(agent.user.timezone))
        return Behind(agent, "absence", max(began, absence.entered_at), absence.substitute)
    if standing.state == State.AWAY:
        return Behind(agent, "away", standing.since)
    if standing.state == State.OFF:
        back = standing.until or _next_shift(agent, now) or now + DAY
        return Behind(agent, "off", standing.since or _went_off(agent, now), due_before=back)
    return None


def _hours(agent: Agent) -> Opening | None:
    attendance = getattr(agent, "attendance", None)
    return opening_for(agent, attendance) if isinstance(attendance, Attendance) else None


def _next_shift(agent: Agent, now: datetime) -> datetime | None:
    """When his next shift begins; None for one without hours."""
    opening = _hours(agent)
    return next((begin for begin, _end in opening.spans(now) if begin > now), None) if opening else None


def _went_off(agent: Agent, now: datetime) -> datetime | None:
    """When his last shift ended."""
    opening = _hours(agent)
    if opening is None:
        return None
    ends = [end for _begin, end in opening.spans(now - LONGEST_SHIFT, 10) if end <= now]
    return ends[-1] if ends else None


def _pass_on(ticket: Ticket, behind: Behind) -> None:
    """To the substitute, if he is free and able; else back to the team and to whoever its way finds."""
    why: dict[str, Any] = {"method": behind.method, "name": behind.agent.user.name}
    if behind.due_before is not None:
        why["back"] = behind.due_before.isoformat()
    takes, substitute = None, behind.substitute
    if substitute is not None:
        takes, hindrance = stands_in(substitute, ticket)
        why |= {"substitute": substitute.user.name, "cannot": hindrance} if hindrance else {}
    assign(ticket, agent=takes, why=why, by=BY)
    if takes is None:
        give(ticket)


@dataclass(frozen=True)
class Moved:
    """A ticket that went on since its owner was absent: from whom, to whom (empty: to its team), when and why."""

    ticket: Ticket
    name: str
    to: str
    at: datetime
    is_off: bool


def moved_lately(principal: Principal, *, most: int = 20) -> list[Moved]:
    """The last of them that one sees, newest first."""
    newest = Event.objects.filter(kind="ticket.assigned").order_by("-pk").values("pk")[:LOOKED_THROUGH]
    rows = Event.objects.filter(pk__in=newest, changes__why__method__in=METHODS).order_by("-pk")
    events = list(rows[:most])
    tickets = Ticket.objects.visible_to(principal).in_bulk({event.stream_id for event in events})
    return [
        Moved(
            tickets[event.stream_id], event.changes["why"].get("name", ""),
            (event.changes.get("assignee") or ["", ""])[1] or "", event.at, event.changes["why"]["method"] == "off",
        )
        for event in events if event.stream_id in tickets
    ]  # fmt: skip

"""Whose tickets are not looked after: when an absence begins they go to the substitute, else back to the team."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tresen.core.attendance.models import Absence
from tresen.core.attendance.standing import DAY, standings
from tresen.core.people.models import Agent
from tresen.core.tickets.assigning import assign
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.routing.candidates import our_turn
from tresen.service.routing.giving import BY, give
from tresen.spine.events.models import Event

AT_ONCE = 200


def hand_over(*, most: int = AT_ONCE) -> int:
    """Open tickets with us whose owner is absent; how many went on. Event `ticket.assigned`."""
    today = clock.now().date()
    near = Absence.objects.filter(starts_on__lte=today + DAY, ends_on__gte=today - DAY).values("agent")
    where = standings(Agent.objects.active().select_related("user").filter(pk__in=near))
    moved = 0
    for absence in (standing.absence for standing in where.values() if standing.absence):
        left = _left_behind(absence)
        for key in list(left.order_by("pk").values_list("pk", flat=True)[: most - moved]):
            with transaction.atomic():
                rows = Ticket.objects.select_for_update(skip_locked=True, of=("self",))
                ticket = rows.filter(pk__in=left.values("pk")).filter(pk=key).first()
                if ticket is not None:
                    _pass_on(ticket, absence)
                    moved += 1
    return moved


def _left_behind(absence: Absence) -> QuerySet[Ticket]:
    """What was the absent one's before the absence began, or before it was known; what he took or was given since, on
    purpose, stays his."""
    began = datetime.combine(absence.starts_on, time.min, ZoneInfo(absence.agent.user.timezone))
    since = Event.objects.filter(
        stream_kind="ticket", stream_id=OuterRef("pk"), at__gte=max(began, absence.entered_at),
        changes__has_key="assignee",
    )  # fmt: skip
    return our_turn().filter(assignee=absence.agent_id).exclude(Exists(since))


def _pass_on(ticket: Ticket, absence: Absence) -> None:
    substitute = absence.substitute
    there = substitute and substitute.user.is_active and not standings([substitute])[substitute.pk].is_absent
    why = {"method": "absence", "name": ticket.assignee.user.name if ticket.assignee else ""}
    assign(ticket, agent=substitute if there else None, why=why, by=BY)
    if not there:
        give(ticket)

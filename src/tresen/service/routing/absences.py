"""Whose tickets are not looked after: when an absence begins they go to the substitute, else back to the team."""

from __future__ import annotations

from django.db import transaction

from tresen.core.attendance.models import Absence
from tresen.core.attendance.standing import DAY, standings
from tresen.core.people.models import Agent
from tresen.core.tickets.assigning import assign
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.routing.candidates import our_turn
from tresen.service.routing.giving import BY, give

AT_ONCE = 200


def hand_over(*, most: int = AT_ONCE) -> int:
    """Open tickets with us whose owner is absent; how many went on. Event `ticket.assigned`."""
    today = clock.now().date()
    near = Absence.objects.filter(starts_on__lte=today + DAY, ends_on__gte=today - DAY).values("agent")
    where = standings(Agent.objects.active().select_related("user").filter(pk__in=near))
    absent = {key: standing.absence for key, standing in where.items() if standing.absence}
    moved = 0
    for key in list(our_turn().filter(assignee__in=absent).order_by("pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            rows = Ticket.objects.select_for_update(skip_locked=True, of=("self",))
            ticket = rows.filter(pk__in=our_turn().filter(assignee__in=absent).values("pk")).filter(pk=key).first()
            if ticket is not None and (absence := absent.get(ticket.assignee_id or 0)):
                _pass_on(ticket, absence)
                moved += 1
    return moved


def _pass_on(ticket: Ticket, absence: Absence) -> None:
    substitute = absence.substitute
    there = substitute and substitute.user.is_active and not standings([substitute])[substitute.pk].is_absent
    why = {"method": "absence", "name": ticket.assignee.user.name if ticket.assignee else ""}
    assign(ticket, agent=substitute if there else None, why=why, by=BY)
    if not there:
        give(ticket)

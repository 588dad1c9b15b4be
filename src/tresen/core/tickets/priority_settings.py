"""The priority of a ticket by its brand's table, and how that table is changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tresen.core.people.models import Brand, Organisation
from tresen.core.tickets.choices import Priority
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.priorities import PriorityTable, priority_for
from tresen.kit.fingerprint import fingerprint, refuse_if_changed
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


@dataclass(frozen=True)
class Reason:
    """Why a ticket has its priority: what the table says (`plain`), what it is for this requester (`meant`), and
    whether somebody has set another one by hand. `vip` is who makes the difference: the name, or nobody."""

    plain: Priority
    meant: Priority
    by_hand: bool
    vip: str = ""


def is_vip(ticket: Ticket) -> bool:
    """Its requester, or the organisation it is for."""
    return ticket.requester.is_vip or bool(ticket.organisation and ticket.organisation.is_vip)


def priority_of(ticket: Ticket) -> int:
    """What the brand's table says of the ticket as it is."""
    asks = (ticket.brand, ticket.requester, ticket.organisation)
    return int(priority_for(*asks, impact=ticket.impact, urgency=ticket.urgency))


def reason_of(ticket: Ticket) -> Reason:
    """The same, in parts that can be told."""
    table = PriorityTable.read(ticket.brand.priorities)
    plain, meant = table.of(ticket.impact, ticket.urgency), Priority(priority_of(ticket))
    who = ticket.requester.name if ticket.requester.is_vip else str(ticket.organisation or "")
    return Reason(plain, meant, ticket.priority != meant, who if meant != plain else "")


def table_mark(brand: Brand) -> str:
    """The mark of the table as a form shows it."""
    return fingerprint(PriorityTable.read(brand.priorities).as_json())


@transaction.atomic
def change_table(brand: Brand, *, table: PriorityTable, by: Actor, expected: str = "") -> Brand:
    """Another table for a brand; tickets there are keep their priority. Event `brand.changed`. Raises ValueError,
    ChangedMeanwhile."""
    wanted = table.as_json()
    locked = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    old = PriorityTable.read(locked.priorities).as_json()
    refuse_if_changed(old, expected)
    if old != wanted:
        locked.priorities = wanted
        locked.save(update_fields=["priorities"])
        record("brand.changed", stream=locked, by=by, changes={"priorities": [old, wanted]})
    return locked


def vip_organisations() -> list[Organisation]:
    """Those all of whose people are VIPs, by name."""
    return list(Organisation.objects.filter(is_vip=True).order_by("name", "pk"))

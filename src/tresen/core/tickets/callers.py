"""Who is on the telephone, or who has sent that sheet? Number and PIN together say it."""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Contact
from tresen.core.people.pins import is_pin_of
from tresen.core.tickets.merging import number_after_merges
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.limits.services import hit

# PINs that are looked at for one ticket, right or wrong: a million are possible. And of one agent over all tickets.
TRIES_AN_HOUR, TRIES_A_DAY, OF_AGENT_AN_HOUR = 5, 20, 30
HOUR, DAY = 3600, 24 * 3600


class WrongPin(Exception):
    """It is the PIN of nobody on that ticket."""


class TooManyPins(Exception):
    """So many for that ticket, or of that agent, that none is looked at for a while."""


def find_by_pin(number: str, typed: str, *, by: Actor) -> tuple[Ticket, Contact]:
    """The ticket of that number, merges followed, and whose PIN was said of the people from outside who are on it.

    Raises WrongPin, also where there is no such ticket; TooManyPins. A wrong one for a ticket is noted, event
    `caller.refused`.
    """
    plain = number_after_merges(number)
    ticket = Ticket.objects.filter(number=plain, deleted_at=None).first() if plain else None
    if ticket is None:
        raise WrongPin
    if not _may_try(ticket, by):
        raise TooManyPins
    people = Contact.objects.filter(participations__ticket=ticket).order_by("pk").distinct()
    found = [person for person in people if is_pin_of(person, typed)]
    if len(found) == 1:
        return ticket, found[0]
    with transaction.atomic():
        record("caller.refused", stream=ticket, by=by)
    raise WrongPin


def _may_try(ticket: Ticket, by: Actor) -> bool:
    """Counts before anything is compared, so that tries at the same time are counted one after the other."""
    key = str(ticket.pk)
    if by.kind == "agent" and not hit("pin agent", str(by.id), limit=OF_AGENT_AN_HOUR, seconds=HOUR):
        return False
    in_hour = hit("pin hour", key, limit=TRIES_AN_HOUR, seconds=HOUR)
    return in_hour and hit("pin day", key, limit=TRIES_A_DAY, seconds=DAY)


def prove_caller(ticket: Ticket, *, pin: str, by: Actor) -> Contact:
    """An agent has typed what a caller said; whose PIN it is. Event `caller.proven`. Raises WrongPin, TooManyPins."""
    found, contact = find_by_pin(ticket.number, pin, by=by)
    with transaction.atomic():
        record("caller.proven", stream=found, by=by, changes={"name": contact.name, "contact": contact.pk})
    return contact

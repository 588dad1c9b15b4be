"""Who is on the telephone, or who has sent that sheet? Number and PIN together say it."""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Contact
from tresen.core.people.pins import is_pin_of
from tresen.core.tickets.merging import number_after_merges
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.limits.services import hit, reached

# Wrong PINs for one ticket: a million are possible.
WRONG_AN_HOUR, WRONG_A_DAY = 5, 20
HOUR, DAY = 3600, 24 * 3600


class WrongPin(Exception):
    """It is the PIN of nobody on that ticket."""


class TooManyPins(Exception):
    """So many wrong ones for that ticket that none is looked at for a while."""


def find_by_pin(number: str, typed: str, *, by: Actor) -> tuple[Ticket, Contact]:
    """The ticket of that number, merges followed, and whose PIN was said of the people from outside who are on it.

    Raises WrongPin, also where there is no such ticket; TooManyPins. A wrong one for a ticket is noted, event
    `caller.refused`.
    """
    plain = number_after_merges(number)
    ticket = Ticket.objects.filter(number=plain, deleted_at=None).first() if plain else None
    if ticket is None:
        raise WrongPin
    key = str(ticket.pk)
    if reached("pin hour", key, limit=WRONG_AN_HOUR) or reached("pin day", key, limit=WRONG_A_DAY):
        raise TooManyPins
    people = Contact.objects.filter(participations__ticket=ticket).order_by("pk").distinct()
    found = [person for person in people if is_pin_of(person, typed)]
    if len(found) == 1:
        return ticket, found[0]
    with transaction.atomic():
        hit("pin hour", key, limit=WRONG_AN_HOUR, seconds=HOUR)
        hit("pin day", key, limit=WRONG_A_DAY, seconds=DAY)
        record("caller.refused", stream=ticket, by=by)
    raise WrongPin


def prove_caller(ticket: Ticket, *, pin: str, by: Actor) -> Contact:
    """An agent has typed what a caller said; whose PIN it is. Event `caller.proven`. Raises WrongPin, TooManyPins."""
    found, contact = find_by_pin(ticket.number, pin, by=by)
    with transaction.atomic():
        record("caller.proven", stream=found, by=by, changes={"name": contact.name, "contact": contact.pk})
    return contact

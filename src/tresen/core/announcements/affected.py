"""‘Me too’ instead of one more ticket, and the tickets that came all the same."""

from __future__ import annotations

from django.db import transaction

from tresen.core.announcements.models import Affected, AnnouncedTicket, Announcement
from tresen.core.announcements.services import NotPossible
from tresen.core.people.models import Brand, Contact
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


@transaction.atomic
def say_me_too(
    row: Announcement, *, contact: Contact | None, browser: str = "", brand: Brand, ticket: Ticket | None = None,
    by: Actor,
) -> bool:  # fmt: skip
    """It affects this person: a contact, or a browser by the hash of its session. His ticket is tied to it. False for
    somebody who is counted already. Event `announcement.affected`. Raises NotPossible when it does not last."""
    if not row.lasts:
        raise NotPossible
    is_new = _count(row, contact=contact, browser=browser, brand=brand)
    if ticket is not None:
        _tie(row, ticket)
    if is_new:
        record("announcement.affected", stream=row, by=by, changes={"contact": contact.pk if contact else None})
    return is_new


@transaction.atomic
def link_ticket(row: Announcement, ticket: Ticket, *, by: Actor) -> bool:
    """The ticket is about what was announced; whoever asked is affected. False where that was known. Event
    `announcement.linked` on the ticket. Raises NotPossible for a draft or what was withdrawn."""
    if not row.is_readable:
        raise NotPossible
    if not _tie(row, ticket):
        return False
    _count(row, contact=ticket.requester, browser="", brand=ticket.brand)
    record("announcement.linked", stream=ticket, by=by, changes={"announcement": row.pk})
    return True


@transaction.atomic
def unlink_ticket(row: Announcement, ticket: Ticket, *, by: Actor) -> None:
    """The ticket is about something else; its requester counts no more, unless another ticket of his is tied. Event
    `announcement.unlinked` on the ticket."""
    gone, _rows = AnnouncedTicket.objects.filter(announcement=row, ticket=ticket).delete()
    if not gone:
        return
    if not AnnouncedTicket.objects.filter(announcement=row, ticket__requester=ticket.requester_id).exists():
        Affected.objects.filter(announcement=row, contact=ticket.requester_id).delete()
    record("announcement.unlinked", stream=ticket, by=by, changes={"announcement": row.pk})


def is_affected(row: Announcement, *, contact: Contact | None, browser: str) -> bool:
    """Whether that person is counted already."""
    found = Affected.objects.filter(announcement=row)
    return (found.filter(contact=contact) if contact else found.filter(browser=browser or "-")).exists()


def _count(row: Announcement, *, contact: Contact | None, browser: str, brand: Brand) -> bool:
    who = {"contact": contact} if contact else {"browser": browser}
    if Affected.objects.filter(announcement=row, **who).exists():
        return False
    made = Affected.objects.bulk_create(
        [Affected(announcement=row, brand=brand, at=clock.now(), **who)], ignore_conflicts=True
    )
    return bool(made)


def _tie(row: Announcement, ticket: Ticket) -> bool:
    if AnnouncedTicket.objects.filter(announcement=row, ticket=ticket).exists():
        return False
    AnnouncedTicket.objects.bulk_create(
        [AnnouncedTicket(announcement=row, ticket=ticket, at=clock.now())], ignore_conflicts=True
    )
    return True


@transaction.atomic
def no_more_mail(row: Affected, *, by: Actor) -> None:
    """He is affected, and wants no mail about it. Event `subscription.ended`, none the second time."""
    if Affected.objects.filter(pk=row.pk, wants_mail=True).update(wants_mail=False):
        record("subscription.ended", stream=row, by=by, changes={"announcement": row.announcement_id, "brand": None})

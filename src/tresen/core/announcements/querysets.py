"""Which announcements somebody reads or works with. Every query for a person starts at `visible_to`, `readable_by`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tresen.core.announcements.choices import READABLE, Kind, State
from tresen.core.people.counters import of_brand
from tresen.core.people.models import Brand, Contact
from tresen.core.people.principals import Principal

if TYPE_CHECKING:
    from tresen.core.announcements.models import Announcement  # noqa: F401


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements."""

    def visible_to(self, principal: Principal) -> AnnouncementQuerySet:
        """The desk's people see all, also drafts; everybody else asks `readable_by`."""
        return self.all() if principal.is_staff else self.none()

    def published(self) -> AnnouncementQuerySet:
        """What is to be read: to come, now, or over."""
        return self.filter(state__in=READABLE)

    def active(self) -> AnnouncementQuerySet:
        """What lasts now."""
        return self.filter(state=State.ACTIVE)

    def known_troubles(self) -> AnnouncementQuerySet:
        """What may be why somebody writes: disturbances and planned work that last now."""
        return self.active().filter(kind__in=(Kind.DISTURBANCE, Kind.PLANNED_WORK))

    def worst_first(self) -> AnnouncementQuerySet:
        """Disturbances before planned work, what began last first: where there are too many, the old ones are left."""
        return self.order_by("kind", "-begins_at", "-pk")

    def for_brand(self, brand: Brand | int) -> AnnouncementQuerySet:
        """Of that brand, or of all."""
        return self.filter(of_brand(self.model, brand))

    def for_everybody(self) -> AnnouncementQuerySet:
        """Those that everybody may read, whoever he is."""
        return self.filter(_no_rows("organisations"))

    def for_contact(self, contact: Contact | int) -> AnnouncementQuerySet:
        """Those for everybody, and those for the organisations of that contact."""
        key = contact.pk if isinstance(contact, Contact) else contact
        his = _through("organisations").filter(organisation__memberships__contact=key)
        return self.filter(_no_rows("organisations") | Exists(his))

    def readable_by(self, principal: Principal, brand: Brand) -> AnnouncementQuerySet:
        """What a reader at that brand's counter may read. What is for some organisations only those of them read who
        are signed in: whoever holds the link of a ticket, or says who he is, is told no more than a stranger."""
        found = self.published().for_brand(brand)
        if principal.kind == "contact" and principal.contact:
            return found.for_contact(principal.contact)
        return found.for_everybody()

    def due_to_begin(self, at: datetime) -> AnnouncementQuerySet:
        """Planned ones whose time has come."""
        return self.filter(state=State.PLANNED, begins_at__lte=at)

    def due_to_end(self, at: datetime) -> AnnouncementQuerySet:
        """Those whose time is over; a disturbance waits until somebody says so."""
        return self.filter(state=State.ACTIVE, ends_at__lte=at).exclude(kind=Kind.DISTURBANCE)


def _through(name: str) -> models.QuerySet[models.Model]:
    from tresen.core.announcements.models import Announcement

    through: type[models.Model] = getattr(Announcement, name).through
    return through._default_manager.filter(announcement_id=OuterRef("pk"))


def _no_rows(name: str) -> Q:
    return Q(~Exists(_through(name)))

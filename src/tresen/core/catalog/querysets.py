"""Reads of the catalogue that read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tresen.core.people.counters import of_brand
from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket

if TYPE_CHECKING:
    from tresen.core.catalog.models import Request, Service, ServiceCategory  # noqa: F401


class ServiceCategoryQuerySet(models.QuerySet["ServiceCategory"]):
    """Shelves."""

    def visible_to(self, principal: Principal) -> ServiceCategoryQuerySet:
        """All of them to colleagues; outsiders see those in use."""
        return self.all() if principal.is_staff else self.active()

    def active(self) -> ServiceCategoryQuerySet:
        """Those in use."""
        return self.filter(is_active=True)


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services."""

    def visible_to(self, principal: Principal) -> ServiceQuerySet:
        """Every colleague sees all of them; outsiders what they can ask for."""
        return self.all() if principal.is_staff else self.offered_to(principal)

    def offered_to(self, principal: Principal) -> ServiceQuerySet:
        """What somebody can ask for, at whatever brand's counter: in use, on a shelf in use, and meant for him."""
        rows = self.filter(is_active=True, category__is_active=True)
        if principal.is_staff:
            return rows
        meant = Q(audience="everybody")
        if principal.kind == "contact":
            of_mine = self.model.objects.filter(organisations__memberships__contact=principal.contact)
            meant |= Q(audience="customers") | Q(audience="organisations", pk__in=of_mine.values("pk"))
        return rows.filter(meant)

    def for_brand(self, brand: Brand) -> ServiceQuerySet:
        """Those of that brand, or of all."""
        return self.filter(of_brand(self.model, brand))

    def in_order(self) -> ServiceQuerySet:
        """As they stand in the catalogue, with their shelves."""
        return self.select_related("category").order_by("category__position", "category", "position", "pk")


class RequestQuerySet(models.QuerySet["Request"]):
    """What was asked."""

    def visible_to(self, principal: Principal) -> RequestQuerySet:
        """That of the tickets one sees."""
        return self.filter(ticket__in=Ticket.objects.visible_to(principal))

"""What of the catalogue somebody is offered at a brand's counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of


@dataclass(frozen=True)
class Shelf:
    """A category with what stands in it."""

    category: ServiceCategory
    services: list[Service]


def offered(request: HttpRequest, brand: Brand) -> Any:
    """The services that are offered here, as they stand in the catalogue."""
    return Service.objects.offered_to(principal_of(request)).for_brand(brand).in_order()


def shelves(request: HttpRequest, brand: Brand) -> list[Shelf]:
    """The same by category; none that is empty. One query."""
    found: dict[int, Shelf] = {}
    for service in offered(request, brand):
        found.setdefault(service.category_id, Shelf(service.category, [])).services.append(service)
    return list(found.values())

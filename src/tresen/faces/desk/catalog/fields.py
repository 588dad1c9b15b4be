"""What a search line may ask of requests: `service:account-for-a-new-colleague`, by short name or by name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from tresen.core.catalog.models import Request, Service
from tresen.core.people.principals import Principal
from tresen.service.search.facts import Relation
from tresen.service.search.field_kinds import Listed
from tresen.service.search.fields import SearchField
from tresen.service.search.memory import read_once


@read_once
def _services(principal: Principal) -> list[tuple[int, str, frozenset[str]]]:
    rows = Service.objects.visible_to(principal)
    return [
        (row.pk, row.slug, frozenset(name.casefold() for name in row.names.values())) for row in rows.order_by("slug")
    ]  # fmt: skip


_REQUESTS = Relation(lambda: Request.objects.all(), "ticket_id", "service_id")
SERVICE_FIELDS: list[Any] = [
    SearchField(
        "service", pgettext_lazy("that was asked for", "Service"), Listed(_services, relation=_REQUESTS),
        ("dienst", "usluga"),
    ),
]  # fmt: skip

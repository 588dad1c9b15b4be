"""Which policy counts for a ticket: the first one in order all of whose conditions fit."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from tresen.core.catalog.asking import service_of
from tresen.core.tickets.models import Ticket
from tresen.kit.prepared import prepared
from tresen.kit.wiring import table
from tresen.service.sla.models import Policy


def active_policies() -> list[Policy]:
    """Those that are switched on, in order, with their calendars: one query."""
    return _active.rows()


@prepared
def _active() -> QuerySet[Policy]:
    return Policy.objects.filter(is_active=True).select_related("calendar")


def choose(ticket: Ticket, policies: Iterable[Policy]) -> Policy | None:
    """The first that fits; None where nothing was promised."""
    return next((policy for policy in policies if fits(policy, ticket)), None)


def fits(policy: Policy, ticket: Ticket) -> bool:
    """Whether every condition of the policy fits (table SLA_CONDITIONS of the wiring)."""
    return all(condition(policy, ticket) for condition in table("SLA_CONDITIONS"))


def fits_organisation(policy: Policy, ticket: Ticket) -> bool:
    """It is for one of these organisations, or for all."""
    return _among(policy, "organisations", ticket.organisation_id)


def fits_brand(policy: Policy, ticket: Ticket) -> bool:
    """It is for one of these brands, or for all."""
    return _among(policy, "brands", ticket.brand_id)


def fits_priority(policy: Policy, ticket: Ticket) -> bool:
    """It is for one of these priorities, or for all."""
    return _among(policy, "priorities", ticket.priority)


def fits_type(policy: Policy, ticket: Ticket) -> bool:
    """It is for one of these types, or for all."""
    return _among(policy, "types", ticket.type)


def fits_service(policy: Policy, ticket: Ticket) -> bool:
    """It is for requests of one of these services, or for all tickets. Only a policy that names some asks for it."""
    return not policy.conditions.get("services") or _among(policy, "services", service_of(ticket))


def _among(policy: Policy, name: str, value: object) -> bool:
    named = policy.conditions.get(name)
    return not named or value in named


def minutes_of(policy: Policy | None, metric: str, priority: int) -> int | None:
    """The target in minutes of open time, or None where nothing was promised."""
    found = policy.targets.get(metric, {}).get(str(priority)) if policy else None
    return int(found) if found else None

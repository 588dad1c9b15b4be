"""Announcements as answers, field by field."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tresen.core.announcements.models import (
    Affected,
    AnnouncedTicket,
    Announcement,
    AnnouncementUpdate,
    Subscription,
)
from tresen.core.announcements.querysets import AnnouncementQuerySet
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.faces.api.announcing import schemas
from tresen.faces.api.people.schemas import BrandRef, OrganisationRef


def shown(principal: Principal) -> AnnouncementQuerySet:
    """The announcements with all that an answer tells."""
    seen = Ticket.objects.visible_to(principal).filter(pk=OuterRef("problem_id"))
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False)
    found = Announcement.objects.visible_to(principal).prefetch_related("brands", "organisations", "services")
    return found.annotate(
        problem_number=Subquery(seen.values("number")[:1]), affected_count=_count(Affected.objects.all()),
        ticket_count=_count(AnnouncedTicket.objects.all()), subscriber_count=_count(confirmed),
    )  # fmt: skip


def _count(rows: Any) -> Any:
    mine = rows.filter(announcement=OuterRef("pk")).order_by().values("announcement").annotate(n=Count("pk"))
    return Coalesce(Subquery(mine.values("n")), 0)


def announcement(row: Any) -> schemas.Announcement:
    """One of them, as `shown` read it."""
    return schemas.Announcement(
        id=row.pk, kind=row.kind, severity=row.severity, state=row.state, language=row.language, titles=row.titles,
        texts=row.texts, brands=[BrandRef(id=one.pk, name=one.name) for one in row.brands.all()],
        organisations=[OrganisationRef(id=one.pk, name=one.name) for one in row.organisations.all()],
        services=[schemas.ServiceRef(id=one.pk, name=str(one)) for one in row.services.all()],
        begins_at=row.begins_at, ends_at=row.ends_at, over_at=row.over_at, problem=row.problem_number,
        affected=row.affected_count, tickets=row.ticket_count, subscribers=row.subscriber_count,
        published_at=row.published_at, changed_at=row.changed_at, version=row.version,
    )  # fmt: skip


def update(row: AnnouncementUpdate) -> schemas.Update:
    """What was said."""
    return schemas.Update(id=row.pk, stage=row.stage, texts=row.texts, at=row.at)

"""What the status page of a brand shows to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone

from tresen.core.announcements.choices import Kind, State
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.querysets import AnnouncementQuerySet
from tresen.core.catalog.models import Service
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of

MOST, MOST_NEWS, LATEST = 50, 10, 20
TROUBLES = (Kind.DISTURBANCE, Kind.PLANNED_WORK)


@dataclass(frozen=True)
class Month:
    """Announcements of one month, newest first."""

    first: date
    rows: Sequence[Announcement]


@dataclass(frozen=True)
class StatusPage:
    """All of it; read in two queries, and one for the updates."""

    lasting: Sequence[Announcement]
    latest: Sequence[Announcement]

    @property
    def now(self) -> list[Announcement]:
        """Disturbances, then work that lasts; what began last first."""
        return [row for row in self.lasting if row.state == State.ACTIVE and row.kind in TROUBLES]

    @property
    def planned(self) -> list[Announcement]:
        """What is to come, the next first."""
        return sorted((row for row in self.lasting if row.state == State.PLANNED), key=_beginning)

    @property
    def news(self) -> list[Announcement]:
        """News and training offers, newest first."""
        found = [row for row in self.lasting if row.state == State.ACTIVE and row.kind not in TROUBLES]
        return sorted(found, key=_beginning, reverse=True)

    @property
    def is_disturbed(self) -> bool:
        """Something does not work as it should."""
        return any(row.is_disturbance for row in self.now)

    @cached_property
    def months(self) -> list[Month]:
        """The latest of what is over, by month."""
        found: dict[date, list[Announcement]] = {}
        for row in self.latest:
            found.setdefault(first_of(row.begins_at), []).append(row)
        return [Month(first, rows) for first, rows in found.items()]


def readable(request: HttpRequest, brand: Brand) -> AnnouncementQuerySet:
    """What the reader may read at this counter, with what was said since and those of its services that he can ask for
    here; guests all the same."""
    principal = principal_of(request)
    services = Prefetch("services", Service.objects.offered_to(principal).for_brand(brand))
    return Announcement.objects.readable_by(principal, brand).prefetch_related("updates", services)


def status_of(rows: AnnouncementQuerySet) -> StatusPage:
    """The page as it is now. Each part has a bound of its own: much of one hides nothing of another."""
    news = rows.active().exclude(kind__in=TROUBLES).order_by("-begins_at", "-pk")[:MOST_NEWS]
    planned = rows.filter(state=State.PLANNED).order_by("begins_at", "pk")[:MOST]
    parts = (rows.known_troubles().worst_first()[:MOST], planned, news)
    shown = Q()
    for part in parts:
        shown |= Q(pk__in=part.values("pk"))
    over = rows.filter(state=State.OVER).order_by("-begins_at", "-pk")
    return StatusPage(list(rows.filter(shown).worst_first()), list(over[:LATEST]))


def in_month(rows: AnnouncementQuerySet, first: date) -> Month:
    """What began in that month, of the brand's time."""
    begin, end = _moment(first), _moment(next_month(first))
    found = rows.filter(begins_at__gte=begin, begins_at__lt=end).exclude(state=State.PLANNED)
    return Month(first, list(found.order_by("-begins_at", "-pk")[: 2 * MOST]))


def month_before(rows: AnnouncementQuerySet, first: date) -> date | None:
    """The last month before that one in which there was something."""
    found = rows.filter(begins_at__lt=_moment(first)).order_by("-begins_at").values_list("begins_at", flat=True).first()
    return first_of(found) if found else None


def month_after(rows: AnnouncementQuerySet, first: date) -> date | None:
    """The first month after that one in which there was something that has begun."""
    later = rows.filter(begins_at__gte=_moment(next_month(first))).exclude(state=State.PLANNED)
    found = later.order_by("begins_at").values_list("begins_at", flat=True).first()
    return first_of(found) if found else None


def first_of(at: datetime) -> date:
    """The first day of its month, by the reader's clock."""
    return timezone.localtime(at).date().replace(day=1)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _beginning(row: Announcement) -> tuple[datetime, int]:
    return row.begins_at, row.pk


def _moment(first: date) -> datetime:
    return datetime(first.year, first.month, 1, tzinfo=timezone.get_current_timezone())

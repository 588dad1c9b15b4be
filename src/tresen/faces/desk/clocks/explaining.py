"""How a due time comes about: the pieces of a clock with what each counted, by whose promise and hours, and what had it
reckoned anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tresen.core.calendars.hours import closed_days, opening_of
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.opening import open_time
from tresen.core.tickets.choices import Ball
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.clocks.targets import Target, read_target
from tresen.faces.desk.ticket.event_words import Names, actor_name
from tresen.kit import clock
from tresen.kit.times import age_text, span_words
from tresen.service.sla.metrics import metric_of, metrics
from tresen.service.sla.models import Clock, ClockSegment, Policy
from tresen.service.sla.reckoning import BIN, SOLVED, SUPPLIER, rests
from tresen.service.sla.strips import entry_of
from tresen.spine.events.models import Event

# Clocks, pieces of one and changes that are shown, the newest of each; days off that are named.
MOST, MOST_PIECES, MOST_CHANGES, MOST_DAYS_OFF = 20, 40, 30, 8
# Beyond that days off are not looked for.
FAR = 400
DECIDES = ("priority", "type", "organisation", "brand")


@dataclass(frozen=True)
class Piece:
    """From when to when one thing decided, and the open time it took off the target; none while the clock rested."""

    started_at: datetime
    ended_at: datetime | None
    why: Any
    runs: bool
    counted: str


@dataclass(frozen=True)
class Explained:
    """One clock, for the page. Times are meant in `zone`, that of its calendar."""

    row: Clock
    target: Target
    policy: Policy
    zone: tzinfo
    promised: str
    used: str
    left: str
    is_late: bool
    pieces: list[Piece]
    earlier_pieces: int
    days_off: list[tuple[date, str]]
    # It is over, and a newer one of its kind is there.
    is_old: bool = False

    @property
    def side(self) -> str:
        """The key of the side thread of a supplier's clock."""
        metric = metric_of(self.row.metric)
        return self.row.metric.removeprefix(f"{metric.slug}-") if metric and metric.each else ""


@dataclass(frozen=True)
class Anew:
    """A change after which the clocks were reckoned once more."""

    at: datetime
    who: str
    what: str


def explain(ticket: Ticket) -> list[Explained]:
    """The clocks of a ticket that promise something, in the order of the metrics, the newest of each kind first."""
    rows = Clock.objects.filter(ticket=ticket, minutes__isnull=False, policy__isnull=False)
    rows = rows.select_related("policy__calendar").prefetch_related("segments").order_by("-started_at", "-pk")
    places = {metric.slug: at for at, metric in enumerate(metrics())}
    found, seen, now = list[tuple[int, Explained]](), set[str](), clock.now()
    for row in rows[:MOST]:
        metric = metric_of(row.metric)
        if metric is not None and row.policy is not None:
            is_old = row.metric in seen and row.stopped_at is not None
            found.append((places[metric.slug], _explained(row, row.policy, now, is_old=is_old)))
            seen.add(row.metric)
    return [one for _place, one in sorted(found, key=lambda pair: pair[0])]


def _explained(row: Clock, policy: Policy, now: datetime, *, is_old: bool) -> Explained:
    segments, opening = list(row.segments.all()), opening_of(policy.calendar)
    until = row.stopped_at or now
    counted = [_counted(segment, policy, opening, until) for segment in segments]
    used = sum(counted, timedelta())
    left = timedelta(minutes=row.minutes or 0) - used
    target = read_target(entry_of(row, {row.pk: segments[-1].reason if segments else ""}), now)
    pieces = [_piece(*pair, policy) for pair in zip(segments, counted, strict=True)]
    return Explained(
        row, target, policy, opening.zone, span_words((row.minutes or 0) * 60), _span(used), _span(abs(left)),
        left < timedelta(), pieces[-MOST_PIECES:], max(0, len(pieces) - MOST_PIECES),
        _days_off(policy.calendar, opening.zone, row.started_at, max(until, row.due_at or until)), is_old,
    )  # fmt: skip


def _counted(segment: ClockSegment, policy: Policy, opening: Any, until: datetime) -> timedelta:
    end = min(segment.ended_at or until, until)
    is_rest = rests(segment.reason, policy.pauses_for)
    return timedelta() if is_rest or end <= segment.started_at else open_time(opening, segment.started_at, end)


def _piece(segment: ClockSegment, counted: timedelta, policy: Policy) -> Piece:
    runs = not rests(segment.reason, policy.pauses_for)
    return Piece(segment.started_at, segment.ended_at, why_words(segment.reason), runs, _span(counted) if runs else "")


def _span(span: timedelta) -> str:
    return span_words(span.total_seconds()) if span >= timedelta(seconds=30) else age_text("minute", 0)


def why_words(reason: str) -> Any:
    """What decided in a piece of a clock."""
    if reason in Ball.values:
        return Ball(reason).label
    said = {SOLVED: _("solved or closed"), BIN: _("in the bin"), SUPPLIER: _("the supplier owes an answer")}
    return said.get(reason, reason)


def _days_off(calendar: Calendar, zone: tzinfo, start: datetime, end: datetime) -> list[tuple[date, str]]:
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return closed_days(calendar, first, min((last - first).days + 1, FAR))[:MOST_DAYS_OFF]


def reckoned_anew(ticket: Ticket, clocks: Sequence[Explained]) -> list[Anew]:
    """What was changed since the first of them began, on the ticket and by what it is reckoned; the newest first."""
    if not clocks:
        return []
    since = min(one.row.started_at for one in clocks)
    policies = {one.policy.pk: one.policy.name for one in clocks}
    calendars = {one.policy.calendar_id: one.policy.calendar.name for one in clocks}
    on_ticket = Q(stream_kind="ticket", stream_id=ticket.pk, changes__has_any_keys=list(DECIDES))
    by_policy = Q(stream_kind="policy", stream_id__in=policies, kind__startswith="sla_policy.")
    by_calendar = Q(stream_kind="calendar", stream_id__in=calendars, kind="calendar.changed")
    rows = Event.objects.filter(on_ticket | by_policy | by_calendar, at__gt=since).exclude(kind="ticket.created")
    names, found = Names(), list[Anew]()
    for event in rows.order_by("-pk")[:MOST_CHANGES]:
        if event.stream_kind == "policy":
            words = _("new policy “%(name)s”") if event.kind.endswith(".created") else _("policy “%(name)s” changed")
            said = [words % {"name": policies[event.stream_id]}]
        elif event.stream_kind == "calendar":
            said = [_("calendar “%(name)s” changed") % {"name": calendars[event.stream_id]}]
        else:
            said = [_changed(field, event.changes[field], names) for field in DECIDES if field in event.changes]
        found += [Anew(event.at, actor_name(event), what) for what in said if what]
    return found


def _changed(field: str, change: Any, names: Names) -> str:
    if not (isinstance(change, list) and len(change) == 2):
        return ""
    told = {"field": names.label(field), "old": names.shown(field, change[0]), "new": names.shown(field, change[1])}
    return _("%(field)s: %(old)s → %(new)s") % told

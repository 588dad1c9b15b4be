"""Whether an agent is at work at an instant, and until when he is not. The calculation is pure; `standings` reads for
many agents in two queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tresen.core.attendance.models import Absence, Attendance, State
from tresen.core.attendance.shifts import Roster, shifts_in
from tresen.core.calendars.hours import opening_of
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.opening import Opening
from tresen.core.people.models import Agent
from tresen.core.people.office_hours import DAYS, Weekly
from tresen.kit import clock

DAY = timedelta(days=1)
WHOLE_WEEK: Weekly = {day: [["00:00", "24:00"]] for day in DAYS}


@dataclass(frozen=True)
class Standing:
    """Where an agent stands: his state since and until when (None: not known), the absence that makes it so, and who
    stands in for him meanwhile."""

    state: str
    since: datetime | None = None
    until: datetime | None = None
    absence: Absence | None = None

    @property
    def takes_tickets(self) -> bool:
        """New ones may be given to him."""
        return self.state == State.AVAILABLE

    @property
    def is_absent(self) -> bool:
        """His tickets are not looked after: away, not merely between two shifts."""
        return self.state == State.AWAY

    @property
    def substitute(self) -> Agent | None:
        """Who stands in for him."""
        return self.absence.substitute if self.absence else None

    @property
    def label(self) -> str:
        """`away until 3 Dec, Anna stands in`; empty for whoever is there."""
        if self.state == State.AVAILABLE:
            return ""
        said = str(State(self.state).label)
        if self.until:
            at = localtime(self.until)
            near = at - localtime(clock.now()) < DAY and not self.absence
            # Of an absence the last day is said, as whoever entered it did.
            last = self.absence.ends_on if self.absence else at
            shown = date_format(at, "TIME_FORMAT") if near else date_format(last, "SHORT_DATE_FORMAT")
            said = _("%(state)s until %(when)s") % {"state": said, "when": shown}
        if self.substitute:
            said = _("%(state)s, %(name)s stands in") % {"state": said, "name": self.substitute.user.name}
        return said


def standing_of(
    agent: Agent, attendance: Attendance | None, absences: Sequence[Absence], at: datetime
) -> Standing:  # fmt: skip
    """Where the agent stands at that instant. What he says by hand goes before his hours, an absence before both."""
    if not agent.user.is_active:
        return Standing(State.AWAY)
    today = at.astimezone(ZoneInfo(agent.user.timezone)).date()
    for absence in absences:
        if absence.starts_on <= today <= absence.ends_on:
            return Standing(State.AWAY, until=_last_moment(agent, absence), absence=absence)
    if attendance is None:
        return Standing(State.AVAILABLE)
    since = attendance.since
    if attendance.state != State.AVAILABLE:
        if attendance.until is None or attendance.until > at:
            return Standing(attendance.state, since=since, until=attendance.until)
        since = attendance.until  # what he said has ended
    opening = opening_for(agent, attendance)
    if opening is None:
        return Standing(State.AVAILABLE, since=since)
    if not opening.is_open(at):
        back = next((begin for begin, _end in opening.spans(at)), None)
        return Standing(State.OFF, until=back)
    if not (attendance.weekly or attendance.shifts):
        return Standing(State.AVAILABLE, since=since)
    began = _began(opening, at)
    return Standing(State.AVAILABLE, since=max(began, since) if since <= at else began)


def opening_for(agent: Agent, attendance: Attendance) -> Opening | None:
    """His working hours by week and shifts, without the holidays of his calendar; None: at any time."""
    shifts = shifts_in(attendance.shifts)
    if not attendance.weekly and not shifts and attendance.calendar is None:
        return None
    fixed = _opening(agent, attendance, attendance.weekly or WHOLE_WEEK)
    return Roster(fixed, [(one, _opening(agent, attendance, one.weekly)) for one in shifts]) if shifts else fixed


def _opening(agent: Agent, attendance: Attendance, weekly: Weekly) -> Opening:
    of, zone = attendance.calendar or Calendar(), agent.user.timezone
    return opening_of(Calendar(
        timezone=zone, weekly=weekly, country=of.country, subdivision=of.subdivision, own_days=of.own_days,
        feed_days=of.feed_days,
    ))  # fmt: skip


def _began(opening: Opening, at: datetime) -> datetime:
    """When the shift in which this instant lies began."""
    return next(begin for begin, end in opening.spans(at - DAY) if begin <= at < end)


def _last_moment(agent: Agent, absence: Absence) -> datetime:
    zone = ZoneInfo(agent.user.timezone)
    return datetime.combine(absence.ends_on, datetime.max.time().replace(microsecond=0), tzinfo=zone)


def standings(agents: Iterable[Agent], *, at: datetime | None = None) -> dict[int, Standing]:
    """Where these agents stand now, by key; wants their users. Two queries."""
    listed, now = list(agents), at or clock.now()
    keys = [agent.pk for agent in listed]
    attendances = {row.agent_id: row for row in Attendance.objects.select_related("calendar").filter(agent__in=keys)}
    # A day more on either side: it is another date elsewhere in the world.
    near = Q(starts_on__lte=(now + DAY).date(), ends_on__gte=(now - DAY).date())
    absences: dict[int, list[Absence]] = {}
    for row in Absence.objects.select_related("substitute__user").filter(near, agent__in=keys).order_by("pk"):
        absences.setdefault(row.agent_id, []).append(row)
    return {
        agent.pk: standing_of(agent, attendances.get(agent.pk), absences.get(agent.pk, []), now) for agent in listed
    }


def named_with_standing(agents: Iterable[Agent]) -> list[tuple[Agent, str]]:
    """The agents with what stands behind their names where people are picked."""
    listed = list(agents)
    found = standings(listed)
    return [(agent, f"{agent.user.name} ({said})" if (said := found[agent.pk].label) else agent.user.name)
            for agent in listed]  # fmt: skip

"""When news may reach somebody. Pure: times in, times out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

GATHERED = timedelta(minutes=1)


@dataclass(frozen=True)
class Quiet:
    """Hours of a day in which nobody is disturbed (over midnight where the end is not after the beginning), and
    whether whole weekends are."""

    begin: time | None = None
    end: time | None = None
    weekends: bool = False

    def covers(self, at: datetime) -> bool:
        """Whether it is quiet at that wall-clock time."""
        if self.weekends and at.weekday() >= 5:
            return True
        if self.begin is None or self.end is None or self.begin == self.end:
            return False
        now = at.time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end


def next_mail(now: datetime, *, pace: str, daily_hour: int, quiet: Quiet, zone: tzinfo) -> datetime:
    """When the next mail with news leaves: at once (gathered for a minute), at the full hour, or at the hour of the
    day; later where it is quiet then, at the first minute that is not."""
    here = now.astimezone(zone)
    if pace == "hourly":
        due = here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    elif pace == "daily":
        due = here.replace(hour=daily_hour, minute=0, second=0, microsecond=0)
        due += timedelta(days=1) if due <= here else timedelta()
    else:
        due = here + GATHERED
    return _after_quiet(due, quiet).astimezone(now.tzinfo)


def _after_quiet(at: datetime, quiet: Quiet) -> datetime:
    """The first moment from then on that is not quiet: the end of the quiet hours, or of the weekend; at most nine
    steps, since a week has no more of them."""
    for _step in range(9):
        if not quiet.covers(at):
            return at
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        end = quiet.end and at.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
        at = end if end and at < end < midnight else midnight
    return at

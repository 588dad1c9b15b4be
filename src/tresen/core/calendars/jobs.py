"""Jobs of calendars: feeds are read anew, so that a day that is put in elsewhere closes here too."""

from __future__ import annotations

from datetime import timedelta

from tresen.core.calendars.feeds import JOBS
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import keep_feed, note_feed_fault
from tresen.kit import clock
from tresen.kit.box import Box, BoxBusy, BoxError
from tresen.kit.http import Limits, NotReached, fetch
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.registry import Retry, job

LIMITS = Limits(seconds=20, max_bytes=2 * 1024 * 1024, redirects=3)
BEFORE, AHEAD = timedelta(days=400), timedelta(days=800)


@job("calendars.read_feeds")
def read_feeds() -> None:
    """Every calendar with a feed, each in a job of its own."""
    for key in Calendar.objects.filter(is_active=True).exclude(feed_url="").values_list("pk", flat=True):
        read_feed.enqueue(calendar_id=key, key=f"feed:{key}")


@job("calendars.read_feed", outside=True, max_attempts=3)
def read_feed(*, calendar_id: int) -> None:
    """Reads one feed through the guard and takes it apart in the box. What it said before stays when that fails."""
    calendar = Calendar.objects.filter(pk=calendar_id).exclude(feed_url="").first()
    if calendar is None:
        return
    url, at = calendar.feed_url, clock.now()
    try:
        answer = fetch(url, limits=LIMITS)
    except NotReached:
        note_feed_fault(calendar, url=url, fault="unreached")
        return
    days = _read_in_box(answer.body, (at - BEFORE).date().isoformat(), (at + AHEAD).date().isoformat())
    if answer.status != 200 or days is None:
        note_feed_fault(calendar, url=url, fault="no calendar")
        return
    keep_feed(calendar, url=url, days=days, at=at, by=Actor.system("calendars"))


def _read_in_box(body: bytes, first: str, last: str) -> list[list[str]] | None:
    with Box(JOBS, size=1) as box:
        try:
            found: list[list[str]] | None = box.run("read_feed", body, first, last)
        except BoxBusy as fault:
            raise Retry(30, "the box is busy") from fault
        except BoxError:
            return None
    return found

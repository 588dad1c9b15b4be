"""What happened since a cursor: for a browser that comes back, and for one that only asks now and then."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Max, Q

from tresen.core.people.viewers import Viewer
from tresen.core.tickets.audience import audiences
from tresen.kit import clock
from tresen.service.live.cursor import Cursor
from tresen.service.live.models import Notice
from tresen.service.live.news import News, changes_of, news_for
from tresen.spine.events.models import Event

# More than this is told in one word: look at everything again.
MOST = 1000
# On PostgreSQL an event with a lower id may be committed after one with a higher: so far back is looked again.
LATE = timedelta(seconds=60)
# A page knows when it was made, not where its queries stood in the log.
PAGE_TIME = timedelta(seconds=10)


def newest() -> Cursor:
    """Where the event log ends now."""
    return Cursor(Event.objects.aggregate(last=Max("pk"))["last"] or 0, clock.now())


def news_since(viewer: Viewer, cursor: Cursor) -> tuple[News, Cursor]:
    """What this agent is told of what happened since then, and where he is now. Telling a thing twice does no harm."""
    here = newest()
    rows = list(
        Event.objects.filter(_after(cursor, here), stream_kind="ticket")
        .order_by("-pk")
        .values_list("stream_id", "kind", "changes", "at")[: MOST + 1]
    )
    if cursor.event_id > here.event_id or len(rows) > MOST:
        return News(reload=True), here
    since = cursor.at - PAGE_TIME
    notices = list(Notice.objects.filter(at__gte=since).values_list("ticket_id", "topic")[: MOST + 1])
    changes = changes_of(((ticket, kind, facts) for ticket, kind, facts, _at in rows), notices)
    news = News()
    news.add(news_for(viewer, changes, audiences(list(changes))))
    return news, here


def _after(cursor: Cursor, here: Cursor) -> Q:
    """By id where it is known. By time only within the newest ids, since there is no index over the time."""
    if not cursor.event_id:
        return Q(pk__gt=here.event_id - 2 * MOST, at__gte=cursor.at - PAGE_TIME)
    after = Q(pk__gt=cursor.event_id)
    if connection.vendor == "postgresql":
        after |= Q(pk__gt=cursor.event_id - MOST, at__gte=cursor.at - LATE)
    return after

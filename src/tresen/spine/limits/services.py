"""Limits that hold over all processes: automatic mail, sign-in tries, requests of strangers."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from tresen.kit import clock
from tresen.kit.prepared import prepared
from tresen.spine.limits.models import Count

# One statement, so that two processes count one after the other: a new window, a window that is over begun anew, or one
# more in it while there is room. Nothing is written when there is none.
HIT = """
INSERT INTO limits_count (key, count, expires_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN limits_count.expires_at <= %s THEN 1 ELSE limits_count.count + 1 END,
    expires_at = CASE WHEN limits_count.expires_at <= %s THEN excluded.expires_at ELSE limits_count.expires_at END,
    made = CASE WHEN limits_count.expires_at <= %s THEN NULL ELSE limits_count.made END
WHERE limits_count.expires_at <= %s OR limits_count.count < %s
"""


def _key(name: str, subject: str) -> str:
    return hashlib.sha256(f"{name}\0{subject}".encode("utf-8", "surrogatepass")).hexdigest()


def hit(name: str, subject: str, *, limit: int, seconds: int) -> bool:
    """Counts one act of `subject` under `name`; False when that was more than `limit` in a window of `seconds`.

    The window begins with the first act. An act over the limit is not counted, so hammering does not prolong it.
    """
    if limit < 1:
        return False
    at = clock.now()
    with connection.cursor() as cursor:
        now, over = _stamp(at), _stamp(at + timedelta(seconds=seconds))
        cursor.execute(HIT, [_key(name, subject), over, now, now, now, now, limit])
        return bool(cursor.rowcount == 1)


def _stamp(at: datetime) -> Any:
    """A time as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)


def reached(name: str, subject: str, *, limit: int) -> bool:
    """True when `subject` has used up `limit` under `name`; counts nothing."""
    return bool(_used_up.rows(_key(name, subject), limit, clock.now()))


@prepared
def _used_up(key: str, limit: int, now: datetime) -> QuerySet[Count]:
    return Count.objects.filter(key=key, expires_at__gt=now, count__gte=limit)


def any_reached(*windows: tuple[str, str, int]) -> bool:
    """`reached` for several at once, each a name, a subject and a limit."""
    keys = tuple(_key(name, subject) for name, subject, _ in windows)
    return bool(_any_used_up.rows(keys, tuple(limit for *_, limit in windows), clock.now()))


@prepared
def _any_used_up(keys: tuple[str, ...], limits: tuple[int, ...], now: datetime) -> QuerySet[Count]:
    used_up = reduce(or_, (Q(key=key, count__gte=limit) for key, limit in zip(keys, limits, strict=True)))
    return Count.objects.filter(used_up, expires_at__gt=now)[:1]


def keep_made(name: str, subject: str, key: int) -> None:
    """Notes which row came of the act just counted, for as long as its window lasts."""
    Count.objects.filter(key=_key(name, subject)).update(made=key)


def what_was_made(name: str, subject: str) -> int | None:
    """The row that came of that act, as `keep_made` noted it."""
    return Count.objects.filter(key=_key(name, subject)).values_list("made", flat=True).first()


def close(name: str, subject: str, *, limit: int, seconds: int) -> None:
    """A window that is used up stays closed for `seconds` from now; the first call counts, later ones prolong
    nothing."""
    over = clock.now() + timedelta(seconds=seconds)
    Count.objects.filter(key=_key(name, subject), count=limit).update(count=limit + 1, expires_at=over)


def forget(name: str, subject: str) -> None:
    """Starts the window of `subject` anew."""
    Count.objects.filter(key=_key(name, subject)).delete()


def sweep() -> int:
    """Removes windows that are over; how many."""
    return Count.objects.filter(expires_at__lte=clock.now()).delete()[0]

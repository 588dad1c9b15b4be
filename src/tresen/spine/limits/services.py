"""Limits that hold over all processes: automatic mail, sign-in tries, requests of strangers."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from tresen.kit import clock
from tresen.spine.limits.models import Count


def _key(name: str, subject: str) -> str:
    return hashlib.sha256(f"{name}\0{subject}".encode("utf-8", "surrogatepass")).hexdigest()


def hit(name: str, subject: str, *, limit: int, seconds: int) -> bool:
    """Counts one act of `subject` under `name`; False when that was more than `limit` in a window of `seconds`.

    The window begins with the first act. An act over the limit is not counted, so hammering does not prolong it.
    """
    key, at = _key(name, subject), clock.now()
    with transaction.atomic():
        Count.objects.filter(key=key, expires_at__lte=at).delete()
        fresh = Count(key=key, count=0, expires_at=at + timedelta(seconds=seconds))
        Count.objects.bulk_create([fresh], ignore_conflicts=True)
        return bool(Count.objects.filter(key=key, count__lt=limit).update(count=F("count") + 1))


def reached(name: str, subject: str, *, limit: int) -> bool:
    """True when `subject` has used up `limit` under `name`; counts nothing."""
    return Count.objects.filter(key=_key(name, subject), expires_at__gt=clock.now(), count__gte=limit).exists()


def forget(name: str, subject: str) -> None:
    """Starts the window of `subject` anew."""
    Count.objects.filter(key=_key(name, subject)).delete()


def sweep() -> int:
    """Removes windows that are over; how many."""
    return Count.objects.filter(expires_at__lte=clock.now()).delete()[0]

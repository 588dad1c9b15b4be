"""The span of an announcement in words: a day is named once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import override

from tresen.kit.times import until


def test_the_end_of_a_span_names_its_day_only_when_that_is_another() -> None:
    start = datetime(2026, 12, 1, 21, 0, tzinfo=UTC)
    with override("en"), timezone.override(ZoneInfo("Europe/Berlin")):
        assert until(start, start + timedelta(minutes=90)) == "23:30"
        assert until(start, start + timedelta(hours=2)) == "Wednesday 2 December 2026, 00:00"
    with override("de"), timezone.override(UTC):
        assert until(start, start + timedelta(hours=2)) == "23:00"

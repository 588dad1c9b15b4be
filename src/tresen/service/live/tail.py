"""The end of the event log and of the notices, as one process follows it: what came since the last look, once each."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models import Max

from tresen.service.live.models import Notice
from tresen.service.live.news import Change, changes_of
from tresen.spine.events.models import Event

# A look that finds more tells everybody to look at everything again.
MOST = 2000
# SQLite has one writer: ids are in the order of commits. On PostgreSQL a lower id may be committed later; so many
# seconds a transaction may take without being missed.
LATE_SECONDS = 60.0


@dataclass
class _Place:
    """Where we are in one table: everything up to `floor` was seen, and those of `seen` above it."""

    model: type[models.Model]
    floor: int = 0
    seen: dict[int, float] = field(default_factory=dict)

    def start(self) -> None:
        """Begins behind what is there."""
        self.floor, self.seen = self._last(), {}

    def fresh(self) -> list[int] | None:
        """Ids that were not there at the last look; None when there are too many to tell them apart."""
        ids = list(
            self.model._default_manager.filter(pk__gt=self.floor).order_by("pk").values_list("pk", flat=True)[:MOST]
        )
        if len(ids) == MOST:
            self.start()
            return None
        found = [pk for pk in ids if pk not in self.seen]
        self._remember(found)
        return found

    def _remember(self, ids: list[int]) -> None:
        at = time.monotonic()
        late = LATE_SECONDS if connection.vendor == "postgresql" else 0.0
        self.seen.update(dict.fromkeys(ids, at))
        for pk in [pk for pk, told in self.seen.items() if told <= at - late]:
            del self.seen[pk]
            self.floor = max(self.floor, pk)

    def _last(self) -> int:
        return self.model._default_manager.aggregate(last=Max("pk"))["last"] or 0


@dataclass
class Tail:
    """`look()` again and again, from one thread."""

    events: _Place = field(default_factory=lambda: _Place(Event))
    notices: _Place = field(default_factory=lambda: _Place(Notice))
    newest: int = 0

    def start(self) -> None:
        """Begins here: what happened before is told by resume.py."""
        self.events.start()
        self.notices.start()
        self.newest = self.events.floor

    def look(self) -> dict[int, Change] | None:
        """What changed, by ticket; None when it is too much to be told one by one."""
        events, notices = self.events.fresh(), self.notices.fresh()
        if events is None or notices is None:
            self.newest = max(self.newest, self.events.floor)
            return None
        self.newest = max([self.newest, *events])
        happened: list[tuple[Any, ...]] = []
        if events:
            rows = Event.objects.filter(pk__in=events, stream_kind="ticket")
            happened = list(rows.values_list("stream_id", "kind", "changes"))
        told = list(Notice.objects.filter(pk__in=notices).values_list("ticket_id", "topic")) if notices else []
        return changes_of(happened, told)

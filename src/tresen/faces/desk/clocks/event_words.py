"""What the timeline says of clocks."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.kit.times import exact
from tresen.service.sla.metrics import metric_of
from tresen.spine.events.models import Event


def _told(event: Event) -> list[str]:
    metric, due = metric_of(str(event.changes.get("metric"))), parse_datetime(str(event.changes.get("due_at", "")))
    if metric is None or due is None:
        return []
    words = _("%(what)s is due %(when)s") if event.kind == "clock.warned" else _("%(what)s was due %(when)s")
    return [words % {"what": metric.label, "when": exact(due)}]


WORDS: dict[str, Callable[[Event], list[str]]] = {"clock.warned": _told, "clock.breached": _told}

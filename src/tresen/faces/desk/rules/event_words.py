"""What the timeline says of rules by time, and of colleagues that a rule told."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.spine.events.models import Event


def _came_due(event: Event) -> list[str]:
    return [_("the time of the rule “%(name)s” had come") % {"name": event.changes.get("name", "")}]


def _notified(event: Event) -> list[str]:
    n = len(event.changes.get("agents") or [])
    return [ngettext("%(n)s colleague told", "%(n)s colleagues told", n) % {"n": n}]


WORDS: dict[str, Callable[[Event], list[str]]] = {"rule.came_due": _came_due, "rule.notified": _notified}

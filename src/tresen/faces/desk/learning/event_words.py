"""What the timeline says of what was filled in without anybody."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from tresen.faces.desk.learning.reading import label_of
from tresen.spine.events.models import Event


def _made(event: Event) -> list[str]:
    filled = event.changes.get("filled") or {}
    return [
        _("%(field)s filled in by likeness to earlier tickets (%(percent)s %% sure)")
        % {"field": label_of(field), "percent": percent}
        for field, percent in filled.items()
    ]


def _refused(event: Event) -> list[str]:
    return [_("proposal refused: %(field)s") % {"field": label_of(str(event.changes.get("field")))}]


def _spam(event: Event) -> list[str]:
    return [_("marked as spam") if event.kind == "spam.marked" else _("marked as no spam")]


WORDS: dict[str, Callable[[Event], list[str]]] = {
    "proposals.made": _made,
    "proposal.refused": _refused,
    "spam.marked": _spam,
    "spam.unmarked": _spam,
}

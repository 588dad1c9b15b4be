"""What the timeline says of procedures."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from tresen.spine.events.models import Event


def _begun(event: Event) -> list[str]:
    return [_("procedure begun: %(name)s") % {"name": event.changes.get("procedure", "")}]


def _finished(event: Event) -> list[str]:
    if event.changes.get("by_customer"):
        told = {"name": event.changes.get("procedure", "")}
        return [_("the customer followed a guide first, which did not help: %(name)s") % told]
    words = {
        "solved": _("procedure led to a solution: %(name)s"),
        "handed": _("procedure ended, to be handed over: %(name)s"),
        "stopped": _("procedure stopped: %(name)s"),
    }  # fmt: skip
    return [words.get(str(event.changes.get("outcome")), "%(name)s") % {"name": event.changes.get("procedure", "")}]


WORDS: dict[str, Callable[[Event], list[str]]] = {"procedure.begun": _begun, "procedure.finished": _finished}

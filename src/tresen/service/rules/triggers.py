"""When a rule looks: at what happens to a ticket, or so long after a moment of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tresen.core.tickets.choices import UNDELIVERED
from tresen.spine.events.models import Event


def _always(event: Event) -> bool:
    return True


def _by_a_person(event: Event) -> bool:
    return not event.changes.get("quiet")


def _by_an_agent(event: Event) -> bool:
    return event.actor_kind == "agent"


def _ours(event: Event) -> bool:
    return not _of_a_supplier(event)


def _of_a_supplier(event: Event) -> bool:
    return str(event.changes.get("metric", "")).startswith("supplier-")


def _of(metric: str) -> Callable[[Event], bool]:
    return lambda event: event.changes.get("metric") == metric


def _came_back(event: Event) -> bool:
    return (event.changes.get("delivery") or [""])[-1] in UNDELIVERED


def _badly(event: Event) -> bool:
    return bool(event.changes.get("is_newly_bad"))


@dataclass(frozen=True)
class Trigger:
    """Something that happens, by the kinds of its events; `fits` looks closer."""

    slug: str
    label: Any
    kinds: tuple[str, ...]
    fits: Callable[[Event], bool] = _always

    @property
    def is_promise(self) -> bool:
        """It speaks of a promised time."""
        return self.kinds[0].startswith("clock.")


TRIGGERS = {
    one.slug: one
    for one in (
        Trigger("created", _("a ticket was made"), ("ticket.created",)),
        Trigger("changed", _("something on it was changed"), ("ticket.changed", "ticket.assigned", "change.undone")),
        Trigger("customer", _("the customer wrote"), ("message.received", "message.accepted"), _by_a_person),
        Trigger("answered", _("an agent answered"), ("reply.added",), _by_an_agent),
        Trigger("note", _("a note was written"), ("note.added",)),
        Trigger("partner", _("a partner wrote on a side thread"), ("side.received", "side.accepted"), _by_a_person),
        Trigger("warned", _("a promised time runs short"), ("clock.warned",), _ours),
        Trigger("breached", _("a promised time has run out"), ("clock.breached",), _ours),
        Trigger(
            "warned_first_response",
            _("the time for a first response runs short"),
            ("clock.warned",),
            _of("first_response"),
        ),
        Trigger(
            "breached_first_response",
            _("the time for a first response has run out"),
            ("clock.breached",),
            _of("first_response"),
        ),
        Trigger(
            "warned_next_response",
            _("the time for a next response runs short"),
            ("clock.warned",),
            _of("next_response"),
        ),
        Trigger(
            "breached_next_response",
            _("the time for a next response has run out"),
            ("clock.breached",),
            _of("next_response"),
        ),
        Trigger("warned_resolution", _("the time to solve it runs short"), ("clock.warned",), _of("resolution")),
        Trigger("breached_resolution", _("the time to solve it has run out"), ("clock.breached",), _of("resolution")),
        Trigger("warned_level", _("the time on its level runs short"), ("clock.warned",), _of("level")),
        Trigger("breached_level", _("the time on its level has run out"), ("clock.breached",), _of("level")),
        Trigger("supplier_warned", _("the time of a supplier runs short"), ("clock.warned",), _of_a_supplier),
        Trigger("supplier_breached", _("the time of a supplier has run out"), ("clock.breached",), _of_a_supplier),
        Trigger("level", _("it was handed to another level"), ("ticket.escalated", "ticket.returned")),
        Trigger("woken", _("it woke from its sleep"), ("ticket.woken",)),
        Trigger("rated", _("the customer rated our help"), ("survey.rated",)),
        Trigger("rated_badly", _("the customer rated our help badly"), ("survey.rated",), _badly),
        Trigger("undelivered", _("a reply did not arrive"), ("delivery.changed",), _came_back),
    )
}


def triggers_of(event: Event) -> list[str]:
    """The triggers that this event is; one that names a promise stands behind the one for any."""
    return [slug for slug, one in TRIGGERS.items() if event.kind in one.kinds and one.fits(event)]


@dataclass(frozen=True)
class Moment:
    """A moment of a ticket from which a rule by time counts."""

    slug: str
    label: Any
    column: str


MOMENTS = {
    one.slug: one
    for one in (
        Moment("created", _("since it was made"), "created_at"),
        Moment("turn", _("since its turn has changed"), "ball_since"),
        Moment("message", _("since the last message"), "last_message_at"),
        Moment("changed", _("since the last change"), "updated_at"),
        Moment("solved", _("since it was solved"), "solved_at"),
    )
}

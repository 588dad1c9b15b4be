"""`record()`: writes the event and walks the reactions, in the caller's transaction."""

from __future__ import annotations

import logging
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, models, transaction

from tresen.kit import clock
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

log = logging.getLogger("tresen.events")
# A lock that came too late, a serialization failure, a lost connection: nothing in this transaction can go on.
BROKEN = (OperationalError, InterfaceError, InternalError)


def record(
    kind: str, *, stream: models.Model, by: Actor, changes: dict[str, Any] | None = None, cause: Event | None = None,
    undo: dict[str, Any] | None = None,
) -> Event:  # fmt: skip
    """Writes one event of `stream` and lets everyone react who listens to this kind (`REACTIONS` in wiring, in order).

    `undo`: what taking it back needs beyond `changes`.

    Must be called inside a transaction, once per intention. A reaction that raises costs only itself: it is rolled
    back to its savepoint and becomes a job that tries again. Only what breaks the transaction itself goes up (BROKEN).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the change")
    cause_id = cause.pk if cause else by.cause_id
    root_id = (cause.root_id or cause.pk) if cause else by.root_id or cause_id
    event = Event.objects.create(
        kind=kind, stream_kind=stream._meta.model_name or "", stream_id=stream.pk, at=clock.now(),
        actor_kind=by.kind, actor_id=by.id, actor_name=by.name[:200], cause_id=cause_id, root_id=root_id,
        changes=changes or {}, undo=undo or None,
    )  # fmt: skip
    event.stream_row = stream
    reactions = table("REACTIONS")
    for reaction in reactions.get(kind, []) if reactions else []:
        _react(event, reaction)
    return event


def reaction_name(reaction: Any) -> str:
    """The dotted name under which a reaction is found again."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


def _react(event: Event, reaction: Any) -> None:
    try:
        with transaction.atomic():
            reaction(event)
    except BROKEN:
        raise
    except Exception as fault:
        from tresen.spine.events.jobs import react_again

        name = reaction_name(reaction)
        log.exception("reaction %s to event %s failed; it is tried again as a job", name, event.pk)
        react_again.enqueue(event_id=event.pk, reaction=name, error=str(fault)[:500])

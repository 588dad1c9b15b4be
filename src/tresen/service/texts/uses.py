"""How often texts are used: once for each message that left with one, once for each time a macro was applied."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from tresen.core.tickets.choices import UNSENT
from tresen.core.tickets.models import Message
from tresen.kit import clock
from tresen.service.texts.models import KeptText, Macro, SavedReply, WaitingUse
from tresen.spine.events.models import Event


def note_use(message: Message, *, replies: Iterable[SavedReply] = (), macros: Iterable[Macro] = ()) -> None:
    """These texts stand in that message. Counted at once, or when a reply that can still be taken back has left."""
    rows = [WaitingUse(message=message, saved_reply=reply) for reply in {r.pk: r for r in replies}.values()]
    rows += [WaitingUse(message=message, macro=macro) for macro in {m.pk: m for m in macros}.values()]
    if not rows:
        return
    WaitingUse.objects.bulk_create(rows)
    if message.delivery not in UNSENT:
        _count(message.pk)


def count_applied(macro: Macro, *, times: int = 1) -> None:
    """A macro was applied to tickets without a message."""
    _add(Macro, macro.pk, times)


def count_use(event: Event) -> None:
    """Reaction to `reply.added`: what stands in the message that left is counted, once however often called."""
    if message := event.changes.get("message"):
        _count(message)


def _count(message_id: int) -> None:
    rows = list(WaitingUse.objects.select_for_update().filter(message=message_id))
    for row in rows:
        if row.saved_reply_id:
            _add(SavedReply, row.saved_reply_id, 1)
        if row.macro_id:
            _add(Macro, row.macro_id, 1)
    if rows:
        WaitingUse.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _add(kind: type[KeptText], key: int, times: int) -> None:
    kind._default_manager.filter(pk=key).update(used_count=F("used_count") + times, used_at=clock.now())

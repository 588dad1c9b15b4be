"""What endpoints can hear of, and what a call says: which ticket, what kind, which fields; no word of a message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tresen.core.tickets.changes import FIELDS
from tresen.core.tickets.field_values import keys_in
from tresen.spine.events.models import Event

KINDS: dict[str, Any] = {
    "ticket.created": _("a ticket was made"),
    "ticket.changed": _("fields of a ticket were changed"),
    "ticket.assigned": _("a ticket was given to somebody"),
    "ticket.escalated": _("a ticket was handed up to another level"),
    "ticket.returned": _("a ticket was handed back with the answer"),
    "oncall.called": _("somebody on call was called"),
    "oncall.acknowledged": _("a call was acknowledged"),
    "message.received": _("the customer wrote"),
    "reply.added": _("a reply left"),
    "survey.rated": _("the customer rated our help"),
    "ticket.merged": _("a ticket was merged into another"),
    "ticket.deleted": _("a ticket was put into the bin"),
    "clock.warned": _("a promised time runs short"),
    "clock.breached": _("a promised time has run out"),
}
# Of a call to somebody on call: which one, of which rota, and how it went; no name of a person.
# Of a rating: how it was asked and what it was, no word that was written with it.
OF_RATINGS = ("scale", "rating", "is_bad")
CALLS = ("oncall.called", "oncall.acknowledged")
OF_CALLS = ("alert", "rota", "unanswered", "joined", "seconds", "deed")
# What is called besides: by a rule, and to try it.
BY_RULE, TRIAL = "rule.called", "webhook.tried"


def body_of(kind: str, at: datetime, data: dict[str, Any]) -> str:
    """The body of a call, as it stays."""
    said = {"type": kind, "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def facts_of(event: Event, number: str) -> dict[str, Any]:
    """What a call says of an event of a ticket."""
    besides = {name: event.changes[name] for name in OF_CALLS if event.kind in CALLS and name in event.changes}
    if event.kind == "survey.rated":
        besides = {name: event.changes[name] for name in OF_RATINGS}
    changed = [name for name in (*FIELDS, *keys_in(event.changes)) if name in event.changes]
    return {"event": event.pk, "ticket": number, "actor": event.actor_kind, "changed": changed, **besides}

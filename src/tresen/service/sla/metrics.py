"""What can be promised. Each metric says of a ticket from when to when its clock lives, or its clocks, where there may
be several at once (one for each supplier); the table METRICS of the wiring names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tresen.core.tickets.choices import UNSENT, Channel, MessageKind
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.side_models import SideThread
from tresen.kit.wiring import table
from tresen.service.sla.reckoning import ALWAYS_REST, SUPPLIER

# Who speaks with somebody has answered him.
SPOKEN = (Channel.PHONE, Channel.VISIT, Channel.CHAT)
MOST_LOOKED_AT = 50
# What can bring an answer that is owed, or give it.
WRITTEN = frozenset(
    {"reply.added", "reply.planned", "reply.taken_back", "message.received", "message.accepted", "message.arrived",
     "message.moved", "message.returned", "merge.arrived", "merge.undone", "split.undone", "ticket.split",
     "change.undone"}
)  # fmt: skip

# What can begin or end the time that a supplier has.
ASKED = frozenset(
    {"side.written", "side.received", "side.accepted", "side.settled", "message.moved", "merge.arrived", "merge.undone",
     "ticket.split", "split.undone", "change.undone", "delivery.changed"}
)  # fmt: skip
# Fields by which something is promised from now on that was asked for before, or a clock ends: all are looked at then.
DECIDING = frozenset({"status", "priority", "type", "organisation", "brand"})


@dataclass(frozen=True)
class Period:
    """The life of a clock: since when, and until when if it is over."""

    started_at: datetime
    stopped_at: datetime | None


def _as_said(reason: str) -> str:
    return reason


@dataclass(frozen=True)
class Metric:
    """One thing that can be promised. `period` gives its clock's present life, None when there is none to keep;
    `asks`: the kinds of events after which it must be looked at anew, all of them when empty. `named`: under which
    name a policy promises it to this ticket, and `names`: all such names with their labels, where that is not the
    slug. `each`: it has any number of clocks at once, these, by slugs that begin with its own and a dash. `counts`:
    what a reason means for it (Ball, solved, bin). `kept_at`: when the promise that counts from a moment was kept, None
    where what was asked then is no longer asked of this ticket; without it, a clock whose life is over was kept."""

    slug: str
    label: Any
    period: Callable[[Ticket], Period | None]
    asks: frozenset[str] = frozenset()
    named: Callable[[Ticket], str] | None = None
    names: Callable[[], list[tuple[str, Any]]] | None = None
    each: Callable[[Ticket], dict[str, Period]] | None = None
    counts: Callable[[str], str] = _as_said
    kept_at: Callable[[Ticket, datetime], datetime | None] | None = None

    def promised(self, ticket: Ticket) -> str:
        """The name of its target."""
        return self.named(ticket) if self.named else self.slug

    def has(self, slug: str) -> bool:
        """Whether a clock of that slug is one of its own."""
        return slug == self.slug or (self.each is not None and slug.startswith(f"{self.slug}-"))


def _first_response(ticket: Ticket) -> Period | None:
    if ticket.channel in SPOKEN:
        return None
    return Period(ticket.created_at, ticket.first_response_at or _finished_at(ticket))


def _resolution(ticket: Ticket) -> Period:
    return Period(ticket.created_at, _finished_at(ticket))


def _finished_at(ticket: Ticket) -> datetime | None:
    return ticket.solved_at or ticket.closed_at


def _next_response(ticket: Ticket) -> Period | None:
    """From the first message that nobody has answered; what was written before the first answer belongs to that."""
    since = ticket.created_at if ticket.channel in SPOKEN else ticket.first_response_at
    asked: datetime | None = None
    answered_at: datetime | None = None
    for kind, at in _newest(ticket, since) if since else ():
        is_answer = kind == MessageKind.REPLY
        if is_answer and asked:
            break
        asked, answered_at = (asked, at) if is_answer else (at, answered_at)
    return Period(asked, answered_at or _finished_at(ticket)) if asked else None


def _answered_at(ticket: Ticket, asked_at: datetime) -> datetime | None:
    """When a message of that moment was answered; None for one that went to another ticket, or is none of his."""
    return next((at for kind, at in reversed(_newest(ticket, asked_at)) if kind == MessageKind.REPLY), None)


def _newest(ticket: Ticket, since: datetime) -> list[tuple[str, datetime]]:
    """The newest messages between us and the other side, later than that: kind and time."""
    seen = ticket.messages.filter(is_held=False, is_automatic=False, is_side=False).exclude(delivery__in=UNSENT)
    seen = seen.exclude(kind=MessageKind.REPLY, agent=None)  # what a rule answers keeps no promise
    told = seen.filter(created_at__gt=since).exclude(kind=MessageKind.NOTE).order_by("-created_at", "-pk")
    return list(told.values_list("kind", "created_at")[:MOST_LOOKED_AT])


def _on_level(ticket: Ticket) -> Period:
    return Period(ticket.level_since or ticket.created_at, _finished_at(ticket))


def _level_name(ticket: Ticket) -> str:
    return f"level-{ticket.level}"


def _level_names() -> list[tuple[str, Any]]:
    said = _("On level %(n)s: %(name)s")
    return [(f"level-{row.number}", said % {"n": row.number, "name": row.name}) for row in Level.objects.all()]


def supplier_slug(side: int) -> str:
    """The clock of a side thread."""
    return f"supplier-{side}"


def _suppliers(ticket: Ticket) -> dict[str, Period]:
    """A clock for each side thread whose partner owes an answer, from the message on that he has not answered."""
    rows = SideThread.objects.filter(thread__ticket=ticket, waits_since__isnull=False).order_by("pk")
    over = _finished_at(ticket)
    return {supplier_slug(key): Period(since, over) for key, since in rows.values_list("pk", "waits_since") if since}


def _suppliers_turn(reason: str) -> str:
    """Whoever else has the ball: a supplier owes his answer all the same, until the ticket is solved."""
    return reason if reason in ALWAYS_REST else SUPPLIER


FIRST_RESPONSE = Metric("first_response", _("First response"), _first_response)
NEXT_RESPONSE = Metric("next_response", _("Next response"), _next_response, WRITTEN, kept_at=_answered_at)
RESOLUTION = Metric("resolution", _("Resolution"), _resolution)
LEVEL = Metric("level", _("On this level"), _on_level, named=_level_name, names=_level_names)
SUPPLIERS = Metric(
    "supplier", _("Supplier"), lambda ticket: None, ASKED, each=_suppliers, counts=_suppliers_turn,
    names=lambda: [("supplier", _("Answer of a supplier"))],
)  # fmt: skip
SHIPPED = [FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, LEVEL, SUPPLIERS]


def metrics() -> list[Metric]:
    """All of them, in the order in which they are shown."""
    return [metric for part in table("SLA_METRICS") for metric in part]


def targets() -> list[tuple[str, Any]]:
    """Everything that a policy can promise: names and labels."""
    return [
        pair for metric in metrics() for pair in (metric.names() if metric.names else [(metric.slug, metric.label)])
    ]


def metric_of(slug: str) -> Metric | None:
    """The metric of that name; None for one of a plugin that is gone."""
    return next((metric for metric in metrics() if metric.has(slug)), None)

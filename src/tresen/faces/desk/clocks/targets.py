"""The clocks of a ticket as the desk shows them: chips with the time that is left, and why they rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.core.tickets.choices import Ball
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.kit.times import exact, span_words
from tresen.service.sla.metrics import metric_of
from tresen.service.sla.models import ClockStrip

# Beyond that a time of day says more than hours.
NEAR = timedelta(hours=20)


@dataclass(frozen=True)
class Target:
    """One chip. `state`: run, soon, over, paused, met, missed; `at` is the moment it speaks of, `near` whether the
    time until then says more than the time of day; `spent` is what is left or missing, in words."""

    slug: str
    label: Any
    state: str
    title: str
    at: datetime | None = None
    near: bool = True
    reason: str = ""
    spent: str = ""
    # A later one rests for the same reason, and says so.
    shares: bool = False


def strip_of(ticket: Ticket) -> ClockStrip | None:
    """The row that was read with the ticket; None where nothing was promised."""
    try:
        found: ClockStrip = ticket.clock_strip
    except ObjectDoesNotExist:
        return None
    return found


def targets_of(ticket: Ticket) -> list[Target]:
    """All chips of a ticket, in the order of the metrics."""
    strip, now = strip_of(ticket), clock.now()
    found = [read_target(entry, now) for entry in strip.clocks] if strip else []
    later = [{one.reason for one in found[n + 1 :]} for n in range(len(found))]
    return [replace(one, shares=bool(one.reason) and one.reason in later[n]) for n, one in enumerate(found)]


def target_of(ticket: Ticket, slug: str) -> Target | None:
    """The chip of one clock that is not over."""
    strip, now = strip_of(ticket), clock.now()
    return next((read_target(entry, now) for entry in strip.clocks if entry["metric"] == slug), None) if strip else None


def read_target(entry: dict[str, Any], now: datetime) -> Target:
    """The chip of a clock, as the strip keeps it."""
    slug = entry["metric"]
    metric = metric_of(slug)
    label = metric.label if metric else slug
    due, warn, stopped = (_moment(entry[name]) for name in ("due_at", "warn_at", "stopped_at"))
    left = timedelta(seconds=entry["left_seconds"] or 0)
    title = _("%(what)s: %(span)s of open time") % {"what": label, "span": span_words(entry["minutes"] * 60)}
    if due:
        title += ". " + _("Due %(when)s") % {"when": exact(due)}
    if stopped:
        missed = bool(entry["breached_at"])
        return Target(slug, label, "missed" if missed else "met", title, due, spent=span_words(left.total_seconds()))
    if entry["rests"] and not (due and due < now):
        reason = rest_words(entry["rests"])
        return Target(slug, label, "paused", title, reason=reason, spent=span_words(left.total_seconds()))
    if due is None:
        return Target(slug, label, "run", title)
    state = "over" if due < now else "soon" if warn and warn <= now else "run"
    return Target(slug, label, state, title, due, near=abs(due - now) < NEAR)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def rest_words(reason: str) -> str:
    """Why a clock rests."""
    words = {Ball.CUSTOMER: _("customer"), Ball.THIRD_PARTY: _("third party"), Ball.DATE: _("date")}
    return words.get(Ball(reason), "") if reason in Ball.values else ""

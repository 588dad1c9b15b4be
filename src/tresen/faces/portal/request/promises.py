"""What is promised to the person who asked, and what was said last. Pure: the strip of the clocks in, sentences out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.core.tickets.nudging import BETWEEN, MOST, may_again
from tresen.kit import times

# Metrics of the clocks (service/sla/metrics.py) that are promises to the customer; the others are the desk's own.
ANSWERS = ("first_response", "next_response")
RESOLUTION = "resolution"


@dataclass(frozen=True)
class Promise:
    """A sentence; `is_late` where it was not kept."""

    text: str
    is_late: bool


def promises_of(clocks: Iterable[Mapping[str, Any]], now: datetime) -> list[Promise]:
    """Of the clocks of a ticket that run (those that rest promise no moment): the answer first, then the solution. Of
    several answers that are owed the earliest counts."""
    running: dict[str, tuple[datetime, bool]] = {}
    for row in clocks:
        what = "answer" if row["metric"] in ANSWERS else "solution" if row["metric"] == RESOLUTION else ""
        missed = parse_datetime(row["breached_at"] or "")
        due = missed or parse_datetime(row["due_at"] or "")
        if not what or row["stopped_at"] or row["rests"] or due is None:
            continue
        found = (due, missed is not None or due <= now)
        running[what] = min(found, running.get(what, found))
    return [_sentence(what, *running[what], now) for what in ("answer", "solution") if what in running]


def _sentence(what: str, due: datetime, is_late: bool, now: datetime) -> Promise:
    facts = {"when": times.when(due, now)}
    if what == "answer":
        late = _("We promised an answer by %(when)s. We are late, and we are sorry. Your request is not forgotten.")
        return Promise((late if is_late else _("We answer by %(when)s.")) % facts, is_late)
    late = _("It was to be solved by %(when)s. We are late, and we are sorry. We go on until it is.")
    return Promise((late if is_late else _("It is to be solved by %(when)s.")) % facts, is_late)


@dataclass(frozen=True)
class Hurry:
    """Asking for more speed: whether it is offered, and what is said of its limits."""

    may: bool
    text: str


def hurry_of(asked: list[datetime], now: datetime) -> Hurry:
    """What stands beside a request on which it is our turn; `asked`: when it was asked for before."""
    if may_again(asked, now):
        limits = _("Whoever takes care of it is told at once. You can ask once a day, and %(most)s times in all.")
        return Hurry(True, limits % {"most": MOST})
    said = _("You have asked for more speed (%(when)s), and we know.") % {"when": times.when(asked[-1], now)}
    if len(asked) >= MOST:
        last = _("That was the last time for this request. If it cannot wait, please call us or write here.")
        return Hurry(False, f"{said} {last}")
    again = _("You can ask again from %(when)s.") % {"when": times.when(asked[-1] + BETWEEN, now)}
    return Hurry(False, f"{said} {again}")

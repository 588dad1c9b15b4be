"""What a search line may ask of clocks: `due<2h`, `due:today`, `breached:yes`, `warned:first-response`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tresen.core.people.principals import Principal
from tresen.core.tickets.field_values import NO, YES
from tresen.kit.language import LANGUAGES
from tresen.service.search.conditions import Condition, Inverse, Linked, One
from tresen.service.search.facts import Facts, Relation
from tresen.service.search.field_kinds import Moment, Offer, Wanted, begin_with
from tresen.service.search.fields import SearchField
from tresen.service.search.values import folded
from tresen.service.sla.metrics import metric_of, metrics
from tresen.service.sla.models import Clock, ClockStrip


@dataclass(frozen=True)
class OfStrip:
    """The condition holds of the row with a ticket's clocks; a ticket without clocks has none."""

    part: Condition

    def q(self) -> Q:
        """As a filter over tickets."""
        return Q(pk__in=ClockStrip.objects.filter(self.part.q()).order_by().values("ticket"))

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        strip = ClockStrip.objects.filter(ticket=facts.ticket).first()
        return strip is not None and self.part.holds(cast(Facts, SimpleNamespace(ticket=strip)))


class Due(Moment):
    """When the next thing is due on a ticket: less than two hours from now is `<2h`; none where no clock runs."""

    def __init__(self) -> None:
        super().__init__("due_at", ahead=True)

    def condition(self, wanted: Wanted) -> Condition:
        """In, before or after the written times."""
        return One(tuple(_of_strip(self._one(value, wanted)) for value in wanted.values))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Some usual ones."""
        return begin_with([Offer("today", _("today")), Offer("2h", _("two hours"))], typed)


def _of_strip(part: Condition) -> Condition:
    return Inverse(OfStrip(part.part)) if isinstance(part, Inverse) else OfStrip(part)


@dataclass(frozen=True)
class Told:
    """Whether such clocks run on a ticket: `yes`, `no`, or the promise by its name, one of SLA_METRICS."""

    clocks: Callable[[], QuerySet[Clock]]
    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """One of the written values holds."""
        return One(tuple(self._one(value, wanted) for value in wanted.values))

    def _one(self, value: str, wanted: Wanted) -> Condition:
        word, promises = folded(value), promises_by_name()
        if word in YES | NO:
            there = Linked(_relation(self.clocks, ""))
            return there if word in YES else Inverse(there)
        if word not in promises:
            raise wanted.unknown(value, ["yes", "no", *(_written(metric.slug) for metric in metrics())])
        return Linked(_relation(self.clocks, promises[word]))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Any, none, and each promise."""
        named = [Offer(_written(metric.slug), str(metric.label)) for metric in metrics()]
        return begin_with([Offer("yes", _("yes")), Offer("no", _("no")), *named], typed)


def _written(slug: str) -> str:
    return slug.replace("_", "-")


@cache
def promises_by_name() -> dict[str, str]:
    """Every way to write a promise: its name, or what it is called in one of the three languages."""
    found = {folded(_written(metric.slug)): metric.slug for metric in metrics()}
    for language in LANGUAGES:
        with override(language):
            for metric in metrics():
                found.setdefault(folded("-".join(str(metric.label).split())), metric.slug)
    return found


@cache  # one object each: a ticket in memory is asked once for all rules
def _relation(clocks: Callable[[], QuerySet[Clock]], slug: str) -> Relation:
    def rows() -> QuerySet[Clock]:
        metric = metric_of(slug)
        if metric is None:
            return clocks()
        return clocks().filter(**({"metric__startswith": f"{slug}-"} if metric.each else {"metric": slug}))

    return Relation(rows, "ticket_id", "id")


CLOCK_FIELDS: list[Any] = [
    SearchField("due", gettext_lazy("Due"), Due(), ("sla", "fallig", "termin")),
    SearchField("breached", gettext_lazy("Target missed"), Told(Clock.objects.overdue),
                ("overdue", "uberschritten", "przekroczone")),
    SearchField("warned", gettext_lazy("Target at risk"), Told(Clock.objects.at_risk),
                ("at-risk", "gefahrdet", "zagrozone")),
]  # fmt: skip

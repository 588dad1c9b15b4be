"""What a search line may ask of clocks: `due<2h`, `due:today`, `breached:yes`."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.principals import Principal
from tresen.service.search.conditions import Condition, Inverse, Linked, One
from tresen.service.search.facts import Facts, Relation
from tresen.service.search.field_kinds import Moment, Offer, Wanted, begin_with
from tresen.service.search.fields import SearchField
from tresen.service.search.values import folded
from tresen.service.sla.models import Clock, ClockStrip

_OVERDUE = Relation(lambda: Clock.objects.filter(stopped_at__isnull=True, breached_at__isnull=False), "ticket_id", "id")
YES, NO = frozenset({"yes", "ja", "tak"}), frozenset({"no", "nein", "nie"})


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
class YesOrNo:
    """Whether there are such rows beside a ticket."""

    relation: Relation
    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """There are some, or none."""
        there, parts = Linked(self.relation), []
        for value in wanted.values:
            word = folded(value)
            if word not in YES | NO:
                raise wanted.unknown(value, ["yes", "no"])
            parts.append(there if word in YES else Inverse(there))
        return One(tuple(parts))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Both."""
        return begin_with([Offer("yes", _("yes")), Offer("no", _("no"))], typed)


CLOCK_FIELDS: list[Any] = [
    SearchField("due", gettext_lazy("Due"), Due(), ("sla", "fallig", "termin")),
    SearchField("breached", gettext_lazy("Target missed"), YesOrNo(_OVERDUE),
                ("overdue", "uberschritten", "przekroczone")),
]  # fmt: skip

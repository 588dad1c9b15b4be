"""What a search line may ask of ratings: `rating<=2`, `rating:bad`, `rating:none`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.principals import Principal
from tresen.service.search.conditions import Condition, Inverse, Linked, One
from tresen.service.search.facts import Relation
from tresen.service.search.field_kinds import Offer, Wanted, begin_with
from tresen.service.search.fields import SearchField
from tresen.service.search.values import folded
from tresen.service.surveys.models import Asked
from tresen.service.surveys.scales import SCALES

COMPARED = {"<": "rating__lt", "<=": "rating__lte", ">": "rating__gt", ">=": "rating__gte", ":": "rating"}
WORDS = {
    "good": "good", "gut": "good", "dobra": "good", "bad": "bad", "schlecht": "bad", "zla": "bad",
    "none": "none", "keine": "none", "brak": "none", "any": "any", "irgendeine": "any", "jakakolwiek": "any",
}  # fmt: skip
HIGHEST = max(scale.high for scale in SCALES.values())


def _good() -> Q:
    return _of_scales(lambda scale: Q(rating__gte=scale.good_from))


def _bad() -> Q:
    return _of_scales(lambda scale: Q(rating__lte=scale.bad_to))


def _of_scales(part: Callable[[Any], Q]) -> Q:
    found = Q()
    for scale in SCALES.values():
        found |= Q(scale=scale.name) & part(scale)
    return found


@cache  # one object each: a ticket in memory is asked once for all rules
def _relation(operator: str, value: str) -> Relation:
    rated = {"good": _good, "bad": _bad, "any": Q}
    wanted = rated[value]() if value in rated else Q(**{COMPARED[operator]: int(value)})

    def rows() -> QuerySet[Asked]:
        return Asked.objects.filter(wanted, rating__isnull=False)

    return Relation(rows, "ticket_id", "id")


@dataclass(frozen=True)
class RatingKind:
    """A number as it was given, whatever the scale, which can be compared; or good, bad, any, none."""

    compares: bool = True

    def condition(self, wanted: Wanted) -> Condition:
        """One of the written values holds."""
        return One(tuple(self._one(value, wanted) for value in wanted.values))

    def _one(self, value: str, wanted: Wanted) -> Condition:
        word = WORDS.get(folded(value))
        if word and wanted.operator == ":":
            return Inverse(Linked(_relation(":", "any"))) if word == "none" else Linked(_relation(":", word))
        if not (value.isascii() and value.isdigit() and int(value[:3]) <= HIGHEST and len(value) < 3):
            raise wanted.unknown(value, ["good", "bad", "any", "none", *(str(n) for n in range(HIGHEST + 1))])
        return Linked(_relation(wanted.operator, value))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """The words, which hold for every scale."""
        named = {"good": _("a good one"), "bad": _("a bad one"), "any": _("any"), "none": _("none")}
        return begin_with([Offer(word, label) for word, label in named.items()], typed)


RATING_FIELDS: list[Any] = [
    SearchField("rating", gettext_lazy("Rating"), RatingKind(), ("bewertung", "ocena")),
]

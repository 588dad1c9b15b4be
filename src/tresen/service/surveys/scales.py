"""What can be asked, and how it is counted. Pure: scales and numbers in, figures out.

CSAT: how satisfied, 1 to 5; the share of 4 and 5 counts. NPS: would one recommend us, 0 to 10; the share of 9 and 10
less that of 0 to 6 counts. CES: how easy was it, 1 to 7; the average counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class ScaleName(models.TextChoices):
    CSAT = "csat", _("Satisfaction: 1 to 5 (CSAT)")
    NPS = "nps", _("Recommendation: 0 to 10 (NPS)")
    CES = "ces", _("Effort: 1 to 7 (CES)")


@dataclass(frozen=True)
class Scale:
    """One of them: its ends, up to where a rating is bad, from where it is good, and words for ratings."""

    name: str
    low: int
    high: int
    bad_to: int
    good_from: int
    question: Any
    words: Mapping[int, Any]

    @property
    def values(self) -> range:
        """Every rating there is, the worst first."""
        return range(self.low, self.high + 1)

    def is_bad(self, rating: int) -> bool:
        """Somebody should look after it."""
        return rating <= self.bad_to

    def is_good(self, rating: int) -> bool:
        """It counts as satisfied, as a promoter, as easy."""
        return rating >= self.good_from

    def word(self, rating: int) -> str:
        """What the rating says, in the language of the moment; empty where the number says it all."""
        return str(self.words.get(rating, ""))

    def default_question(self, language: str) -> str:
        """What is asked where nobody has written another question."""
        with translation.override(language):
            return str(self.question)


SCALES: dict[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale(
            ScaleName.CSAT, 1, 5, 2, 4, _("How satisfied are you with our help?"),
            {1: _("very dissatisfied"), 2: _("dissatisfied"), 3: _("so-so"), 4: _("satisfied"),
             5: _("very satisfied")},
        ),
        Scale(
            ScaleName.NPS, 0, 10, 6, 9, _("How likely are you to recommend us to others?"),
            {0: _("not at all likely"), 10: _("very likely")},
        ),
        Scale(
            ScaleName.CES, 1, 7, 3, 5, _("How easy was it to get your matter settled?"),
            {1: _("very hard"), 7: _("very easy")},
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What a set of ratings comes to. `main` is the number the scale is known by: percent for CSAT, -100 to 100 for
    NPS, the average for CES; None where nobody has rated."""

    asked: int
    rated: int
    average: float | None
    main: float | None
    # How many gave each rating, the worst first.
    spread: list[tuple[int, int]]

    @property
    def rate(self) -> int | None:
        """Of a hundred people who were asked, so many have rated."""
        return round(100 * self.rated / self.asked) if self.asked else None


def figures(scale: Scale, counts: Mapping[int, int], asked: int) -> Figures:
    """The figures of so many ratings of each kind, of so many people who were asked."""
    spread = [(value, counts.get(value, 0)) for value in scale.values]
    rated = sum(count for _value, count in spread)
    if not rated:
        return Figures(asked, 0, None, None, spread)
    average = sum(value * count for value, count in spread) / rated
    good = sum(count for value, count in spread if scale.is_good(value))
    bad = sum(count for value, count in spread if scale.is_bad(value))
    main = {ScaleName.CSAT: 100 * good / rated, ScaleName.NPS: 100 * (good - bad) / rated}.get(
        ScaleName(scale.name), average
    )
    return Figures(max(asked, rated), rated, average, main, spread)


def counted(ratings: Iterable[int]) -> dict[int, int]:
    """How often each rating was given."""
    found: dict[int, int] = {}
    for rating in ratings:
        found[rating] = found.get(rating, 0) + 1
    return found

"""The figures as charts: positions of bars, worked out here so that the page needs neither script nor style."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.service.surveys.results import Line, Results
from tresen.service.surveys.scales import Figures, Scale, ScaleName

HEIGHT, STEP, BAR = 120, 36, 24
TITLES = {
    "ticket__brand": gettext_lazy("By brand"), "team": gettext_lazy("By team"), "category": gettext_lazy("By category"),
    "level": gettext_lazy("By level"), "agent": gettext_lazy("By agent"),
}  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands, how high it is, and what it says."""

    x: int
    y: float
    height: float
    middle: int
    label: str
    said: str
    is_bad: bool = False


def shown(scale: Scale, told: Figures) -> str:
    """The number that a scale is known by: `87 %`, `+42`, `5.6`; a dash where nobody has rated."""
    if told.main is None:
        return "–"
    if scale.name == ScaleName.CSAT:
        return _("%(n)s %%") % {"n": round(told.main)}
    return f"{round(told.main):+d}" if scale.name == ScaleName.NPS else decimal(told.main)


def decimal(value: float | None) -> str:
    """With one digit behind the sign of the language."""
    from django.utils.formats import number_format

    return "–" if value is None else str(number_format(value, 1))


def name_of(scale: Scale) -> str:
    """What that number is called."""
    return {
        ScaleName.CSAT: _("are satisfied (4 or 5)"), ScaleName.NPS: _("NPS: promoters less detractors"),
        ScaleName.CES: _("on average, of 7 (CES)"),
    }[ScaleName(scale.name)]  # fmt: skip


def spread(results: Results) -> list[Bar]:
    """How often each rating was given."""
    most = max((count for _value, count in results.whole.spread), default=0) or 1
    bars = []
    for place, (value, count) in enumerate(results.whole.spread):
        height = round(HEIGHT * count / most, 1)
        x = place * STEP + (STEP - BAR) // 2
        bars.append(Bar(x, HEIGHT - height, height, x + BAR // 2, str(value), str(count), results.scale.is_bad(value)))
    return bars


def course(results: Results) -> list[Bar]:
    """The number of the scale over time; NPS, which can be below nothing, is drawn from -100 to 100."""
    scale = results.scale
    low, high = {ScaleName.CSAT: (0, 100), ScaleName.NPS: (-100, 100)}.get(ScaleName(scale.name), (0, scale.high))
    bars = []
    for place, (begin, told) in enumerate(results.course):
        height = 0.0 if told.main is None else round(HEIGHT * (told.main - low) / (high - low), 1)
        x = place * STEP + (STEP - BAR) // 2
        bars.append(Bar(x, HEIGHT - height, height, x + BAR // 2, _when(begin, results), shown(scale, told)))
    return bars


def _when(begin: date, results: Results) -> str:
    return date_format(begin, "j.n." if results.is_by_week else "n/y")


@dataclass(frozen=True)
class Row:
    """A line of a table of figures."""

    name: str
    main: str
    average: str
    rated: int
    asked: int
    rate: str


def row(scale: Scale, line: Line) -> Row:
    """A line in words."""
    told = line.figures
    rate = "–" if told.rate is None else _("%(n)s %%") % {"n": told.rate}
    return Row(line.name, shown(scale, told), decimal(told.average), told.rated, told.asked, rate)


def divisions(results: Results) -> list[tuple[Any, list[Row]]]:
    """Each with its title."""
    return [(TITLES[key], [row(results.scale, line) for line in lines]) for key, lines in results.divisions.items()]


def width(bars: list[Bar]) -> int:
    """Of the whole chart."""
    return max(len(bars), 1) * STEP

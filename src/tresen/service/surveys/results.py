"""What came of surveys: figures of a time, together and by brand, team, category, level and agent, and the words.

People are counted by the day on which they were asked, so that a rate never counts answers to questions of another
time. Tickets in the bin or merged into others are out, with what was said of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils import timezone

from tresen.core.people.models import Agent, Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Category
from tresen.service.surveys.models import Asked, AskedQuerySet
from tresen.service.surveys.scales import SCALES, Figures, Scale, ScaleName, figures

MOST_WORDS = 50
# Up to so many days the course of time is drawn by weeks, beyond by months.
WEEKS_UP_TO = 100


@dataclass(frozen=True)
class Wanted:
    """Of which time and what. `categories`: with all below."""

    first: date
    last: date
    scale: str = ""
    brand: int | None = None
    team: int | None = None
    categories: frozenset[int] = frozenset()
    level: int | None = None
    agent: int | None = None


@dataclass(frozen=True)
class Line:
    """The figures of one brand, team …"""

    name: str
    figures: Figures


@dataclass(frozen=True)
class Results:
    """What a page of results shows."""

    scale: Scale
    scales: list[Scale]
    whole: Figures
    course: list[tuple[date, Figures]]
    is_by_week: bool
    # Title of a division by its key, with its lines; a division with one line says nothing and is left out.
    divisions: dict[str, list[Line]] = field(default_factory=dict)


def rows_for(principal: Principal, wanted: Wanted) -> AskedQuerySet:
    """Who was asked in that time, as far as the principal may see figures of them, on any scale."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(wanted.first, time(), zone)
    end = datetime.combine(wanted.last + timedelta(days=1), time(), zone)
    rows = Asked.objects.in_results_of(principal).counting().filter(asked_at__gte=begin, asked_at__lt=end)
    asked = {"ticket__brand": wanted.brand, "team": wanted.team, "level": wanted.level, "agent": wanted.agent}
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    if wanted.agent is not None:
        rows = by_agents(rows, principal)
    return rows.filter(category__in=wanted.categories) if wanted.categories else rows


def by_agents(rows: AskedQuerySet, principal: Principal) -> AskedQuerySet:
    """Those of which he may see whose they are: of the teams that he leads; all for who manages people."""
    return rows if principal.may("set_people") else rows.filter(team__in=principal.teams_with("lead"))


def results(principal: Principal, wanted: Wanted) -> Results:
    """The figures."""
    rows = rows_for(principal, wanted)
    there = Counter(dict(rows.values_list("scale").annotate(Count("pk")).order_by()))
    scales = [SCALES[name] for name in ScaleName.values if name in there]
    usual = there.most_common(1)[0][0] if there else ScaleName.CSAT.value
    scale = SCALES[wanted.scale if wanted.scale in there else usual]
    of_scale = rows.filter(scale=scale.name)
    cells = list(_counts(of_scale, "ticket__brand", "team", "category", "level"))
    agents = list(_counts(by_agents(of_scale, principal), "agent"))
    is_by_week = (wanted.last - wanted.first).days <= WEEKS_UP_TO
    return Results(
        scale, scales, _figures(scale, cells), _course(of_scale, scale, is_by_week), is_by_week,
        {key: lines for key, lines in _divided(scale, cells, agents).items() if len(lines) > 1},
    )  # fmt: skip


def _counts(rows: AskedQuerySet, *keys: str) -> QuerySet[Asked, dict[str, Any]]:
    return rows.order_by().values(*keys, "rating").annotate(n=Count("pk"))


def _figures(scale: Scale, cells: Iterable[dict[str, Any]]) -> Figures:
    counts: Counter[int] = Counter()
    asked = 0
    for cell in cells:
        asked += cell["n"]
        if cell["rating"] is not None:
            counts[cell["rating"]] += cell["n"]
    return figures(scale, counts, asked)


def _grouped(
    scale: Scale, cells: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], Hashable]
) -> dict[Any, Figures]:
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return {name: _figures(scale, group) for name, group in groups.items()}


def _course(rows: AskedQuerySet, scale: Scale, is_by_week: bool) -> list[tuple[date, Figures]]:
    begin = TruncWeek("asked_at") if is_by_week else TruncMonth("asked_at")
    cells = _counts(rows.annotate(begin=begin), "begin")
    found = _grouped(scale, cells, lambda cell: timezone.localtime(cell["begin"]).date())
    return sorted(found.items())


def _divided(scale: Scale, cells: Sequence[dict[str, Any]], agents: Sequence[dict[str, Any]]) -> dict[str, list[Line]]:
    names: dict[str, dict[Any, str]] = {
        "ticket__brand": {row.pk: row.name for row in Brand.objects.all()},
        "team": {row.pk: row.name for row in Team.objects.all()},
        "category": {row.pk: row.trail for row in Category.objects.all()},
        "level": {row.number: row.name for row in Level.objects.all()},
        "agent": {row.pk: row.user.name for row in Agent.objects.select_related("user")},
    }
    found = {}
    for key, known in names.items():
        groups = _grouped(scale, agents if key == "agent" else cells, lambda cell, key=key: cell[key])  # type: ignore[misc]
        lines = [Line(known.get(value, str(value)), told) for value, told in groups.items() if value is not None]
        found[key] = sorted(lines, key=lambda line: (-line.figures.rated, line.name))
    return found


def said(principal: Principal, wanted: Wanted, scale: Scale) -> list[Asked]:
    """The newest words, with the tickets that they are about."""
    rows = rows_for(principal, wanted).filter(scale=scale.name).exclude(words="").exclude(rating=None)
    return list(rows.select_related("ticket", "team", "contact").order_by("-rated_at", "-pk")[:MOST_WORDS])

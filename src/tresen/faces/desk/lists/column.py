"""The views of the column: built-in ones, teams', saved ones, in the order and look this agent has chosen."""

from __future__ import annotations

from functools import cached_property, lru_cache

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Team
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.desk.lists.counting import Counts, count_all
from tresen.faces.desk.lists.reading import teams_of
from tresen.faces.desk.lists.table import BY_SLUG, VIEWS, View, as_chosen, team_view, with_look
from tresen.kit.prepared import prepared
from tresen.service.search.compiling import compile_query
from tresen.service.search.conditions import All, Condition, Inverse, One, Written
from tresen.service.search.memory import names_read_once
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query
from tresen.service.search.tree import Query
from tresen.service.views.models import PREFIX, SavedView
from tresen.service.views.services import Choice, choices_of

# More saved ones than this are found on the page of all views, not in the column.
MOST_SHOWN = 30
_NONE_TITLE = gettext_lazy("Nothing is there at present")
_NONE_TEXT = gettext_lazy("Tickets that the search line of this view asks for will stand here: %(query)s")


class Column:
    """What one agent has in the column; read once a request."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """What the agent has chosen, by view."""
        return choices_of(self.principal.agent) if self.principal.agent else {}

    @cached_property
    def built_in(self) -> list[View]:
        """The views of the table."""
        return self._placed([as_chosen(view, self.choices.get(view.slug)) for view in VIEWS])

    @cached_property
    def saved(self) -> list[View]:
        """The saved views this agent has."""
        with names_read_once():
            return self._placed([saved_view(row, self.principal) for row in _shown.rows(self.principal)])

    @cached_property
    def teams(self) -> list[View]:
        """The views of the own teams."""
        return [as_chosen(view, self.choices.get(view.slug)) for view in map(team_view, teams_of(self.principal))]

    @cached_property
    def _counts(self) -> Counts:
        return count_all(self.principal, [*self.built_in, *self.teams, *self.saved])

    @property
    def counts(self) -> dict[str, int]:
        """How many tickets each view has, by its short name."""
        return self._counts.views

    @cached_property
    def _badges(self) -> Counts:
        """What the rail says. A page without the column of views has nothing else to count."""
        if "_counts" in self.__dict__:
            return self._counts
        return count_all(self.principal, [BY_SLUG["waiting"]])

    @property
    def waiting(self) -> int:
        """On how many tickets a customer waits for this agent."""
        return self._badges.views.get("waiting", 0)

    @property
    def unread(self) -> int:
        """How many notifications wait."""
        return self._badges.unread

    @property
    def troubles(self) -> int:
        """How many disturbances and planned works last now."""
        return self._badges.troubles

    def _placed(self, views: list[View]) -> list[View]:
        """In the chosen order; what was never moved comes after, as it stands by itself."""
        places = {slug: choice.place for slug, choice in self.choices.items() if choice.place is not None}
        return sorted(views, key=lambda view: places.get(view.slug, len(places) + 1000))

    def find(self, slug: str) -> View | None:
        """The view of that short name: `mine`, `team-netz`, `saved-7`; None when there is none."""
        if slug in BY_SLUG:
            return next(view for view in self.built_in if view.slug == slug)
        if slug.startswith(PREFIX):
            return self._find_saved(slug.removeprefix(PREFIX))
        if not slug.startswith("team-"):
            return None
        if own := [view for view in self.teams if view.slug == slug]:
            return own[0]
        team = Team.objects.visible_to(self.principal).filter(slug=slug.removeprefix("team-")[:40]).first()
        return as_chosen(team_view(team), self.choices.get(slug)) if team else None

    def _find_saved(self, key: str) -> View | None:
        if not (key.isascii() and key.isdigit() and len(key) < 16):
            return None
        row = SavedView.objects.visible_to(self.principal).kept().select_related("team").filter(pk=int(key)).first()
        return saved_view(row, self.principal) if row else None


@prepared
def _shown(principal: Principal) -> QuerySet[SavedView]:
    rows = SavedView.objects.visible_to(principal).kept().select_related("team")
    return rows.order_by("name", "pk")[:MOST_SHOWN]


def column_of(request: HttpRequest) -> Column:
    """The column of whoever asks, the same one for the whole request."""
    column: Column | None = getattr(request, "_desk_column", None)
    if column is None:
        column = Column(principal_of(request))
        request._desk_column = column  # type: ignore[attr-defined]
    return column


@lru_cache(maxsize=1024)
def _tree(line: str, principal: Principal) -> Query:
    """Nothing but the line and which fields its reader may use decides it."""
    return parse_query(line, principal, typing=False)


def saved_view(row: SavedView, principal: Principal) -> View:
    """A saved view as the list takes it. One whose line means nothing any more says why and holds nothing."""
    fault, found, is_cheap = "", Q(pk__in=()), False
    words: tuple[str, ...] = ()
    try:
        tree = _tree(row.query, principal)
        condition = compile_query(tree, principal)
        found, words, is_cheap = condition.q(), tree.words, not _asks_texts(condition)
    except QueryError as wrong:
        fault = str(wrong)
    view = View(
        row.slug, row.name, row.icon, lambda _principal: found, _NONE_TITLE, _NONE_TEXT % {"query": row.query},
        none_icon=row.icon, saved=row, words=words, fault=fault, is_counted=is_cheap,
    )  # fmt: skip
    return with_look(view, sort=row.sort, grouping=row.grouping, columns=row.columns)


def _asks_texts(condition: Condition) -> bool:
    """Texts have to be looked through: too much for a number beside a view on every page."""
    match condition:
        case All(parts) | One(parts):
            return any(map(_asks_texts, parts))
        case Inverse(part):
            return _asks_texts(part)
    return isinstance(condition, Written)

"""Changes to saved views, and what an agent chooses for the views of the column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.field_models import CustomField
from tresen.kit import clock
from tresen.kit.prepared import prepared
from tresen.service.search.compiling import compile_query
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query
from tresen.service.views.choices import (
    DEFAULT_COLUMNS,
    ICON_NAMES,
    MOST_OWN_COLUMNS,
    OWN,
    Audience,
    Column,
    Grouping,
    Sort,
    own_slug,
)
from tresen.service.views.models import SavedView, ViewChoice
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_OWN = 100
MOST_PLACES = 200
KEPT_DELETED = timedelta(days=30)
FIELDS = ("name", "query", "audience", "team", "sort", "grouping", "columns", "icon")
_LISTS: dict[str, Sequence[str]] = {
    "audience": Audience.values, "grouping": Grouping.values, "icon": ICON_NAMES,
}  # fmt: skip


class WrongView(ValueError):
    """A field cannot have that value; `field` names it, `detail` is for the person (may be empty)."""

    def __init__(self, field: str, detail: str = "") -> None:
        super().__init__(detail or f"wrong value for {field}")
        self.field, self.detail = field, detail


class StaleView(Exception):
    """Somebody else has changed the view since it was read; `view` is as it is now."""

    def __init__(self, view: SavedView) -> None:
        super().__init__("the view has changed")
        self.view = view


def check_line(query: str, principal: Principal) -> None:
    """Raises QueryError unless the line can be understood and asks for something."""
    tree = parse_query(query, principal, typing=False)
    compile_query(tree, principal)
    if not tree.parts:
        raise QueryError("empty", "")


@transaction.atomic
def create_view(*, by: Actor, principal: Principal, set: dict[str, Any]) -> SavedView:
    """A new view of the principal's own, with FIELDS. Event `view.created`. Raises WrongView."""
    agent = principal.agent
    if agent is None or SavedView.objects.filter(owner=agent, deleted_at=None).count() >= MOST_OWN:
        raise WrongView("name")
    at = clock.now()
    view = SavedView(owner=agent, created_at=at, updated_at=at)
    for field in FIELDS:
        if field in set or field in ("name", "query"):
            _put(view, field, set.get(field, ""), principal)
    _check_team(view)
    view.save()
    record("view.created", stream=view, by=by, changes={"name": [None, view.name], "audience": [None, view.audience]})
    return view


@transaction.atomic
def update_view(
    view: SavedView, *, by: Actor, principal: Principal, set: dict[str, Any], expected_version: int | None = None
) -> SavedView:
    """Changes FIELDS. Event `view.changed`, none when nothing changes. Raises StaleView, WrongView."""
    locked = SavedView.objects.select_for_update(of=("self",)).select_related("team").get(pk=view.pk)
    if expected_version is not None and locked.version != expected_version:
        raise StaleView(locked)
    changes: dict[str, Any] = {}
    for field, value in set.items():
        old = getattr(locked, field, None)
        _put(locked, field, value, principal)
        if (new := getattr(locked, field)) != old:
            changes[field] = [_shown(old), _shown(new)]
    _check_team(locked)
    if changes:
        locked.version += 1
        locked.updated_at = clock.now()
        locked.save()
        record("view.changed", stream=locked, by=by, changes=changes)
    return locked


@transaction.atomic
def delete_view(view: SavedView, *, by: Actor) -> None:
    """The view leaves every column; it can be restored for 30 days. Event `view.deleted`; twice does nothing."""
    locked = SavedView.objects.select_for_update().get(pk=view.pk)
    if locked.deleted_at is None:
        locked.deleted_at = clock.now()
        locked.save(update_fields=["deleted_at"])
        record("view.deleted", stream=locked, by=by, changes={"name": [locked.name, None]})


@transaction.atomic
def restore_view(view: SavedView, *, by: Actor) -> None:
    """A deleted view is there again as it was. Event `view.restored`; twice does nothing."""
    locked = SavedView.objects.select_for_update().get(pk=view.pk)
    if locked.deleted_at is not None:
        locked.deleted_at = None
        locked.save(update_fields=["deleted_at"])
        record("view.restored", stream=locked, by=by, changes={"name": [None, locked.name]})


def sweep_views() -> int:
    """Those deleted more than 30 days ago are gone for good; answers how many."""
    return SavedView.objects.filter(deleted_at__lt=clock.now() - KEPT_DELETED).delete()[0]


def _put(view: SavedView, field: str, value: Any, principal: Principal) -> None:
    if field not in FIELDS:
        raise WrongView(field)
    if field in ("name", "query"):
        text = " ".join(str(value).replace("\0", "").split()) if field == "name" else str(value).strip()
        if not text or len(text) > (60 if field == "name" else 500):
            raise WrongView(field)
        if field == "query":
            try:
                check_line(text, principal)
            except QueryError as fault:
                raise WrongView("query", str(fault)) from fault
        setattr(view, field, text)
    elif field == "columns":
        view.columns = tidy_columns(value)
    elif field == "sort":
        view.sort = _checked_sort(value)
    elif field == "team":
        if value is not None and not isinstance(value, Team):
            raise WrongView("team")
        view.team = value
    elif value not in _LISTS[field]:
        raise WrongView(field)
    else:
        setattr(view, field, str(value))


def _check_team(view: SavedView) -> None:
    if view.audience != Audience.TEAM:
        view.team = None
    elif view.team is None:
        raise WrongView("team")


def _shown(value: Any) -> Any:
    return value.name if isinstance(value, Team) else value


def tidy_columns(wanted: Iterable[str]) -> list[str]:
    """The columns in their order, behind them some of the desk's own fields; the usual ones are said as an empty list.
    Raises WrongView."""
    chosen = frozenset(wanted)
    own = {slug for name in chosen if (slug := own_slug(name))}
    fields = CustomField.objects.filter(slug__in=own) if own else ()
    tidy = [column for column in Column.values if column in chosen] + [OWN + field.slug for field in fields]
    if len(tidy) < len(chosen) or len(own) > MOST_OWN_COLUMNS:
        raise WrongView("columns")
    return [] if tuple(tidy) == DEFAULT_COLUMNS else tidy


def _checked_sort(value: Any) -> str:
    slug = own_slug(str(value))
    if value in Sort.values or (slug and CustomField.objects.filter(slug=slug).exists()):
        return str(value)
    raise WrongView("sort")


@dataclass(frozen=True)
class Choice:
    """What an agent has chosen for a view; empty values: as the view has it."""

    place: int | None = None
    sort: str = ""
    grouping: str = ""
    columns: tuple[str, ...] = ()


def choices_of(agent: Agent) -> dict[str, Choice]:
    """The agent's choices by the view's short name, in one query."""
    rows = _choices.rows(agent.pk)
    return {row.slug: Choice(row.place, row.sort, row.grouping, tuple(row.columns)) for row in rows}


@prepared
def _choices(agent: int) -> QuerySet[ViewChoice]:
    return ViewChoice.objects.filter(agent=agent)


@transaction.atomic
def choose_look(agent: Agent, slug: str, *, sort: str, grouping: str, columns: Iterable[str]) -> None:
    """How a built-in view looks for this agent. A private bookmark: no event. Raises WrongView."""
    sort = sort and _checked_sort(sort)
    if grouping not in Grouping.values:
        raise WrongView("grouping")
    tidy = tidy_columns(columns)
    ViewChoice.objects.update_or_create(
        agent=agent, slug=slug[:60], defaults={"sort": sort, "grouping": grouping, "columns": tidy}
    )


@transaction.atomic
def choose_places(agent: Agent, slugs: Sequence[str]) -> None:
    """The views of the column stand in this order for this agent. A private bookmark: no event."""
    known = {row.slug: row for row in ViewChoice.objects.select_for_update().filter(agent=agent)}
    wanted = {slug[:60]: place for place, slug in enumerate(slugs[:MOST_PLACES])}
    fresh = [ViewChoice(agent=agent, slug=slug, place=place) for slug, place in wanted.items() if slug not in known]
    for slug, row in known.items():
        row.place = wanted.get(slug)
    ViewChoice.objects.bulk_update(known.values(), ["place"])
    ViewChoice.objects.bulk_create(fresh)

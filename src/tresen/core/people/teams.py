"""Changes to teams. Every one is a function here; nobody else saves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from tresen.core.people.models import ClosedAnswers, Team
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = ("name", "slug", "description", "is_active", "level", "closed_answers", "closed_days")
MOST_DAYS = 3650
MOST_LEVELS = 9
LENGTHS = {"name": 80, "slug": 40, "description": 200}
# What NFKD leaves whole, so that "Obsługa" is "obsluga".
LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss"})


class WrongTeam(ValueError):
    """A field cannot have that value; `field` names it, `taken` says that another team has it."""

    def __init__(self, field: str, *, taken: bool = False) -> None:
        super().__init__(f"wrong value for {field}")
        self.field, self.taken = field, taken


class StaleTeam(Exception):
    """Somebody else has changed the team since it was read; `team` is as it is now."""

    def __init__(self, team: Team) -> None:
        super().__init__("the team has changed")
        self.team = team


def hold_teams(teams: Iterable[Team]) -> list[Team]:
    """They as they are now, locked until the transaction ends: for whoever puts people into them. Before any agent is
    held (see staffing.py)."""
    held = Team.objects.select_for_update(no_key=True).filter(pk__in=[team.pk for team in teams])
    return list(held.order_by("pk"))


@transaction.atomic
def create_team(*, name: str, slug: str = "", description: str = "", by: Actor) -> Team:
    """A new team; its short name is made from the name when none is given. Event `team.created`. Raises WrongTeam."""
    team = Team(description=description.strip()[:200])
    _put(team, "name", name)
    _put(team, "slug", slug or _free_slug(team.name))
    _save(team)
    record("team.created", stream=team, by=by, changes={"name": [None, team.name]})
    return team


@transaction.atomic
def update_team(team: Team, *, set: dict[str, Any], by: Actor, expected: dict[str, Any] | None = None) -> Team:
    """Changes FIELDS. Event `team.changed`, none when nothing changes.

    `expected`: the values the change is based on. Raises StaleTeam when one of them is another now, WrongTeam
    (for `is_active` while a mailbox, a brand or a category sends its tickets here).
    """
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if any(getattr(locked, field) != old for field, old in (expected or {}).items()):
        raise StaleTeam(locked)
    changes: dict[str, Any] = {}
    for field, value in set.items():
        old = getattr(locked, field, None)
        _put(locked, field, value)
        if (new := getattr(locked, field)) != old:
            changes[field] = [old, new]
    if changes.get("is_active") == [True, False] and _is_needed(locked):
        raise WrongTeam("is_active")
    if changes:
        _save(locked)
        record("team.changed", stream=locked, by=by, changes=changes)
    return locked


def _is_needed(team: Team) -> bool:
    """A mailbox, a brand or a category in use sends its tickets here."""
    # Of the mail channel and of the tickets, seen through their relations only.
    users: list[Any] = [getattr(team, name, None) for name in ("mailboxes", "brands", "categories")]
    return any(rows is not None and rows.filter(is_active=True).exists() for rows in users)


def _put(team: Team, field: str, value: Any) -> None:
    if field not in FIELDS:
        raise WrongTeam(field)
    if field == "is_active":
        team.is_active = bool(value)
        return
    if field in ("closed_answers", "closed_days", "level"):
        most = MOST_DAYS if field == "closed_days" else MOST_LEVELS
        fits = value in ClosedAnswers.values if field == "closed_answers" else _is_number(value, most)
        if not fits:
            raise WrongTeam(field)
        setattr(team, field, value)
        return
    text = " ".join(str(value).split())
    if field == "slug" and text != slugify(text):
        raise WrongTeam("slug")
    if (not text and field != "description") or len(text) > LENGTHS[field]:
        raise WrongTeam(field)
    setattr(team, field, text)


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _free_slug(name: str) -> str:
    wanted = slugify(name.translate(LETTERS))[:36] or "team"
    taken = {team.slug for team in Team.objects.filter(slug__startswith=wanted)}
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _save(team: Team) -> None:
    for field in ("name", "slug"):
        if Team.objects.exclude(pk=team.pk).filter(**{field: getattr(team, field)}).exists():
            raise WrongTeam(field, taken=True)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as fault:  # somebody else took it in this moment
        raise WrongTeam("name", taken=True) from fault

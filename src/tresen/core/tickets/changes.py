"""How one field of a ticket changes, and what follows from it within the ticket. Pure but for reading defaults."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tresen.core.people.models import Agent, Brand, Contact, Language, Organisation, Team
from tresen.core.people.teams import MOST_LEVELS
from tresen.core.tickets.belonging import WrongOwner, change_owner
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.choices import Ball, Impact, Priority, StatusCategory, TicketType, Urgency
from tresen.core.tickets.custom_fields import WrongEntry, change_values, missing_at_start, missing_to_solve
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.first_team import team_wanted
from tresen.core.tickets.level_models import LevelStay
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.priority_settings import priority_of
from tresen.spine.events.actors import Actor

FIELDS = (
    "subject", "status", "ball", "impact", "urgency", "priority", "type", "team", "assignee", "tags", "requester",
    "organisation", "brand", "category", "level", "language", "fields",
)  # fmt: skip
# Whose values are rows; events show their names.
ROWS = ("team", "assignee", "requester", "organisation", "brand", "category")
CHOICES: dict[str, list[Any]] = {
    "ball": Ball.values, "impact": Impact.values, "urgency": Urgency.values, "priority": Priority.values,
    "type": TicketType.values, "language": Language.values,
}  # fmt: skip
# Whose it is: what follows from these follows a new one, unless somebody has set it by hand.
OWNER = frozenset({"requester", "organisation", "brand"})
# Whose turn it is when a status says nothing else.
BALL_OF = {
    StatusCategory.NEW: Ball.US, StatusCategory.OPEN: Ball.US, StatusCategory.WAITING: Ball.CUSTOMER,
    StatusCategory.ON_HOLD: Ball.THIRD_PARTY, StatusCategory.SOLVED: Ball.CUSTOMER,
    StatusCategory.CLOSED: Ball.CUSTOMER,
}  # fmt: skip


class WrongValue(ValueError):
    """A field cannot have that value; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"wrong value for {field}")
        self.field = field


class Needed(WrongValue):
    """A custom field must be filled in first."""


class Changes(dict[str, Any]):
    """{field: [old, new]} as it stands in the event, with `team_by` where a category brought a team along.
    `undo` holds what the way back needs beyond that: the keys of rows ({field: [old, new]}), where status or turn
    changed, the `moments` before, and who `follows` it since."""

    def __init__(self) -> None:
        super().__init__()
        self.undo: dict[str, Any] = {}


MOMENTS = ("ball_since", "solved_at", "closed_at")


def shown(value: Any) -> Any:
    """How a value stands in the event: a name for rows (a short one for those with names in several languages), the
    value itself for the rest."""
    if isinstance(value, Status | Category):
        return value.slug
    if isinstance(value, Team | Agent | Contact | Organisation | Brand):
        return str(value)
    return value


def value_now(ticket: Ticket, field: str) -> Any:
    """The value of a field as it is compared with what somebody saw: tags are a sorted list of names."""
    if field == "tags":
        return sorted(tag.name for tag in ticket.tags.all())
    if field.startswith(KEY):
        return ticket.fields.get(field.removeprefix(KEY))
    return getattr(ticket, field)


def apply_changes(ticket: Ticket, wanted: dict[str, Any], *, at: datetime, keeps: bool = True) -> Changes:
    """Sets the fields on the (locked, unsaved) ticket and says what changed. Raises WrongValue.

    Tags and the time on a level that is over are rows, saved at once; not so without `keeps`, on a ticket in memory.
    """
    if unknown := [field for field in wanted if field not in FIELDS]:
        raise WrongValue(unknown[0])
    changes = Changes()
    wanted = _with_team(ticket, wanted, changes)
    follows = bool(wanted.keys() & OWNER) and ticket.priority == priority_of(ticket)
    moments = {name: _moment(ticket, name) for name in MOMENTS}

    def put(field: str, value: Any) -> None:
        old = getattr(ticket, field)
        if old != value:
            changes[field] = [changes[field][0] if field in changes else shown(old), shown(value)]
            if field in ROWS:
                first = changes.undo[field][0] if field in changes.undo else _key(old)
                changes.undo[field] = [first, _key(value)]
            setattr(ticket, field, value)

    for field in ("subject", "ball", "impact", "urgency", "type", "priority", "language"):
        if field in wanted:
            put(field, _checked(field, wanted[field]))
    before = (ticket.team, ticket.assignee)
    _change_people(ticket, wanted, put)
    _change_level(ticket, wanted, put, before, at, keeps)
    try:
        people = change_owner(ticket, wanted, put, at=at)
    except WrongOwner as fault:
        raise WrongValue(fault.field) from fault
    if people:
        changes.undo["people"] = people
    if "priority" not in wanted and (changes.keys() & {"impact", "urgency"} or (follows and changes.keys() & OWNER)):
        put("priority", priority_of(ticket))
    _change_category(ticket, wanted, put)
    if "status" in wanted:
        _change_status(ticket, wanted, put, at)
    if "ball" in changes:
        ticket.ball_since = at
    if "tags" in wanted and keeps:
        _change_tags(ticket, wanted["tags"], changes)
    if "fields" in wanted:
        try:
            changes.update(change_values(ticket, wanted["fields"]))
        except WrongEntry as fault:
            raise WrongValue(KEY + fault.slug) from fault
    if "status" in changes or "ball" in changes:
        changes.undo["moments"] = moments
    return changes


def refuse_unfinished(ticket: Ticket, wanted: dict[str, Any], by: Actor) -> None:
    """Raises Needed for the custom field that an agent must fill in before he solves the ticket."""
    if missing := missing_to_solve(ticket, wanted, by):
        raise Needed(KEY + missing)


def refuse_unstarted(ticket: Ticket, asks: Iterable[CustomField]) -> None:
    """Raises Needed for the first of the custom fields that must be filled in to make the ticket and is not."""
    if missing := missing_at_start(asks, ticket):
        raise Needed(KEY + missing)


def _key(row: Any) -> int | None:
    return row.pk if row is not None else None


def _moment(ticket: Ticket, name: str) -> str | None:
    at = getattr(ticket, name)
    return at.isoformat() if at else None


def _checked(field: str, value: Any) -> Any:
    if field == "subject":
        subject = " ".join(str(value).split())[:300]
        if not subject:
            raise WrongValue("subject")
        return subject
    if value not in CHOICES[field]:
        raise WrongValue(field)
    return value


def _with_team(ticket: Ticket, wanted: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """What is wanted, with the team that a category brings along. Whoever has the ticket keeps it."""
    brought = team_wanted(ticket, wanted)
    if brought is None:
        return wanted
    changes["team_by"] = brought.told
    holder = {"assignee": ticket.assignee} if ticket.assignee and ticket.assignee.user.is_active else {}
    return {**holder, **wanted, "team": brought.team}


def _change_people(ticket: Ticket, wanted: dict[str, Any], put: Any) -> None:
    if "team" in wanted:
        team = wanted["team"]
        if team is not None and not team.is_active and team != ticket.team:
            raise WrongValue("team")
        put("team", team)
        holder = ticket.assignee
        if "assignee" not in wanted and holder and team and not holder.teams.filter(pk=team.pk).exists():
            put("assignee", None)
    if "assignee" in wanted:
        agent = wanted["assignee"]
        if agent is not None and not agent.user.is_active:
            raise WrongValue("assignee")
        put("assignee", agent)


def _change_level(
    ticket: Ticket, wanted: dict[str, Any], put: Any, before: tuple[Any, Any], at: datetime, keeps: bool
) -> None:  # fmt: skip
    """That of a new team, unless another is wanted; how long it was on the old one is kept. `before`: the team and
    the assignee that it had there."""
    team, old = before
    is_another = ticket.team is not None and ticket.team != team
    level = wanted.get("level", ticket.team.level if is_another and ticket.team else ticket.level)
    if level == ticket.level:
        return
    if not isinstance(level, int) or not 1 <= level <= MOST_LEVELS:
        raise WrongValue("level")
    since, ticket.level_since = ticket.level_since or ticket.created_at, at
    if since < at and keeps:
        LevelStay.objects.create(
            ticket=ticket, level=ticket.level, team=team, agent=old, started_at=since, ended_at=at
        )  # fmt: skip
    put("level", level)


def _change_category(ticket: Ticket, wanted: dict[str, Any], put: Any) -> None:
    """One in use, of the ticket's brand or of all; another brand takes that of the old one away."""
    if not wanted.keys() & {"category", "brand"}:
        return
    category: Category | None = wanted.get("category", ticket.category)
    fits = category is None or category.brand_id in (None, ticket.brand_id)
    in_use = category is None or category.is_active or category == ticket.category
    if "category" in wanted and not (fits and in_use):
        raise WrongValue("category")
    put("category", category if fits else None)


def _change_status(ticket: Ticket, wanted: dict[str, Any], put: Any, at: datetime) -> None:
    status = wanted["status"]
    if not isinstance(status, Status) or (not status.is_active and status != ticket.status):
        raise WrongValue("status")
    before = ticket.status_category
    put("status", status)
    ticket.status_category = status.category
    if status.category == before:
        return
    if "ball" not in wanted:
        put("ball", str(BALL_OF[StatusCategory(status.category)]))
    if status.category == StatusCategory.SOLVED:
        ticket.solved_at = at
    elif status.category == StatusCategory.CLOSED:
        ticket.closed_at, ticket.solved_at = at, ticket.solved_at or at
    else:
        ticket.solved_at = ticket.closed_at = None


def _change_tags(ticket: Ticket, wanted: list[Tag], changes: Changes) -> None:
    old = {tag.pk: tag.name for tag in ticket.tags.all()}
    new = {tag.pk: tag.name for tag in wanted}
    if old != new:
        ticket.tags.set(wanted)
        changes["tags"] = [sorted(old.values()), sorted(new.values())]
        changes.undo["tags"] = [sorted(old), sorted(new)]

"""The desk's roles: made, changed, deleted. Who has one is the matter of agents.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from tresen.core.people.accounts import drop_sessions
from tresen.core.people.invitations import renew_if_raised
from tresen.core.people.models import Agent, Role, User
from tresen.core.people.refusals import InUse
from tresen.core.people.rights import ALL_RIGHTS
from tresen.core.people.teams import LETTERS
from tresen.kit.fingerprint import refuse_if_changed
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import take_over
from tresen.spine.events.services import record

FIELDS = ("name", "description", "rights")
MOST_ROLES = 100
LONGEST = 60


class WrongRole(ValueError):
    """A role cannot be like that; `field` names what is wrong: name, rights, or role for one that cannot be changed."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def role_values(role: Role) -> dict[str, Any]:
    """What a form shows of a role, for its mark."""
    return {"name": str(role) if role.is_built_in else role.name, "description": role.description,
            "rights": sorted(role.held)}  # fmt: skip


@transaction.atomic
def create_role(*, name: str, description: str = "", rights: Iterable[str] = (), by: Actor) -> Role:
    """A role of the desk's own. Event `role.created`. Raises WrongRole."""
    keys = list(Role.objects.select_for_update().values_list("key", flat=True))
    if len(keys) >= MOST_ROLES:
        raise WrongRole("name")
    role = Role(key=_key(name, keys), name=_name(name, None), description=_line(description), rights=_kept(rights))
    role.save(force_insert=True)
    facts = {"name": [None, role.name], "rights": [[], sorted(role.held)]}
    record("role.created", stream=role, by=by, changes=facts)
    return role


@transaction.atomic
def change_role(role: Role, *, set: dict[str, Any], by: Actor, expected: str = "") -> list[Agent]:
    """Changes name (of an own one), description, rights; whose invitation was renewed (see
    invitations.renew_if_raised). Event `role.changed`.

    With other rights the sessions of all who have it end. Raises ChangedMeanwhile, WrongRole (an administrator always
    has every right), KeyError.
    """
    locked = Role.objects.select_for_update().get(pk=role.pk)
    refuse_if_changed(role_values(locked), expected)
    if locked.key == Role.ADMIN:
        raise WrongRole("role")
    before, renewed = sorted(locked.held), list[Agent]()
    wanted: dict[str, Any] = {}
    for field, value in set.items():
        if field not in FIELDS:
            raise KeyError(field)
        if field != "name" or not locked.is_built_in:
            wanted[field] = _name(value, locked) if field == "name" else _read(field, value)
    changes = {field: [getattr(locked, field), value] for field, value in wanted.items()}
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    take_over(locked, changes)
    locked.save()
    if "rights" in changes:
        changes["rights"] = [before, sorted(locked.held)]
        if changes["rights"][0] == changes["rights"][1]:
            del changes["rights"]
        else:
            changes["sessions"] = [_end_sessions(locked), 0]
            holders = Agent.objects.select_related("user").filter(user__in=holders_of(locked)).order_by("pk")
            renewed = [agent for agent in holders if renew_if_raised(agent, by=by)]
    if changes:
        record("role.changed", stream=locked, by=by, changes={"name": str(locked), **changes})
    return renewed


@transaction.atomic
def delete_role(role: Role, *, by: Actor) -> None:
    """It is gone for good. Event `role.deleted`. Raises InUse with the names of those who have it, WrongRole for one
    that is built in."""
    locked = Role.objects.select_for_update().get(pk=role.pk)
    if locked.is_built_in:
        raise WrongRole("role")
    if holders := list(holders_of(locked).values_list("name", flat=True)):
        raise InUse(holders)
    record("role.deleted", stream=locked, by=by, changes={"name": locked.name})
    locked.delete()


def holders_of(role: Role) -> Any:
    """The accounts of those who have the role, anywhere or in one team, by name."""
    has_it = Q(agent__role=role) | Q(agent__memberships__role=role)
    return User.objects.filter(has_it).distinct().order_by("name")


def _end_sessions(role: Role) -> int:
    return sum(drop_sessions(user) for user in holders_of(role))


def _read(field: str, value: Any) -> Any:
    return _kept(value) if field == "rights" else _line(value)


def _kept(rights: Iterable[str]) -> dict[str, bool]:
    wanted = set(rights)
    if not wanted <= ALL_RIGHTS:
        raise WrongRole("rights")
    return dict.fromkeys(sorted(wanted), True)


def _line(text: str) -> str:
    return " ".join(str(text).split())[:200]


def _name(text: str, role: Role | None) -> str:
    name = _line(text)
    taken = {str(other).casefold() for other in Role.objects.all() if role is None or other.pk != role.pk}
    if not name or len(name) > LONGEST or name.casefold() in taken:
        raise WrongRole("name")
    return name


def _key(name: str, taken: Iterable[str]) -> str:
    base, used = slugify(name.translate(LETTERS))[:36] or "role", set(taken)
    return next(key for n in range(1, len(used) + 2) if (key := base if n == 1 else f"{base}-{n}") not in used)

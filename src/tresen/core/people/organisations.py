"""Changes to organisations. Every one is a function here; nobody else saves."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from tresen.core.people.models import Organisation
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = ("name", "domains", "notes", "is_vip")
DOMAIN = re.compile(r"^(?!-)[^\s@/\\:\x00-\x1f]{1,63}(\.[^\s@/\\:\x00-\x1f]{1,63})+$")


class WrongOrganisation(ValueError):
    """A field cannot have that value; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"wrong value for {field}")
        self.field = field


class StaleOrganisation(Exception):
    """Somebody else has changed the organisation since it was read; `organisation` is as it is now."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__("the organisation has changed")
        self.organisation = organisation


@transaction.atomic
def create_organisation(
    *, name: str, domains: list[str] | None = None, notes: str = "", is_vip: bool = False, by: Actor
) -> Organisation:
    """A new organisation. `domains`: who writes from there is put into it. Event `organisation.created`.

    Raises WrongOrganisation.
    """
    checked = _checked({"name": name, "domains": domains or [], "notes": notes, "is_vip": is_vip})
    organisation = Organisation.objects.create(**checked)
    record("organisation.created", stream=organisation, by=by, changes={"name": [None, organisation.name]})
    return organisation


@transaction.atomic
def update_organisation(
    organisation: Organisation, *, set: dict[str, Any], by: Actor, expected: dict[str, Any] | None = None
) -> Organisation:
    """Changes name, domains, notes, is_vip. Event `organisation.changed`, none when nothing changes.

    `expected`: the values the change is based on. Raises StaleOrganisation when one of them is another now,
    WrongOrganisation.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if any(getattr(locked, field) != old for field, old in (expected or {}).items()):
        raise StaleOrganisation(locked)
    if changes := changed_fields(locked, _checked(set), FIELDS):
        take_over(locked, changes)
        locked.save()
        record("organisation.changed", stream=locked, by=by, changes=changes)
    return locked


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for field in values:
        if field not in FIELDS:
            raise WrongOrganisation(field)
    clean = dict(values)
    if "name" in clean:
        clean["name"] = " ".join(str(clean["name"]).split())[:160]
        if not clean["name"]:
            raise WrongOrganisation("name")
    if "domains" in clean:
        clean["domains"] = list(dict.fromkeys(str(d).strip().lower().removeprefix("@") for d in clean["domains"]))
        if any(len(d) > 253 or not DOMAIN.match(d) for d in clean["domains"]):
            raise WrongOrganisation("domains")
    return clean

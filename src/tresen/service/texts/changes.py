"""What a macro changes on a ticket: kept as plain words, checked when it is written, read anew when it is used.

A macro holds a status by its short name, categories, teams, agents and checklists by their key (`me`: who uses it),
tags by name. What is gone or out of use by the time somebody uses it is left out and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tresen.core.people.models import Agent, Team
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import CHOICES, WrongValue
from tresen.core.tickets.field_values import KEY, usable
from tresen.core.tickets.models import Status
from tresen.core.tickets.staged import BESIDE, MAX_LINE, MAX_TAGS, ME, STAGED_FIELDS, TAGS, lines_of
from tresen.service.texts.models import Macro
from tresen.spine.events.models import Event


def clean_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as they are kept. Raises WrongValue for a field or a value that there is not."""
    own = usable(changes)
    for name in changes:
        if name not in STAGED_FIELDS and (name not in own or len(lines_of({name: own[name]})[0]) >= MAX_LINE):
            raise WrongValue(name)
    kept = {name: _checked(name, changes[name]) for name in STAGED_FIELDS if name in changes and changes[name] != []}
    return {**kept, **own}


def _checked(name: str, value: Any) -> Any:
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise WrongValue(name)
        return value
    if name in ("add_tags", "remove_tags"):
        if not isinstance(value, list) or len(value) > MAX_TAGS or not all(isinstance(tag, str) for tag in value):
            raise WrongValue(name)
        return list(dict.fromkeys(shown for tag in value if (shown := " ".join(tag.replace("\0", "").split())[:40])))
    if name == "status":
        known = isinstance(value, str) and Status.objects.active().filter(slug=value).exists()
    elif (value is None and name not in BESIDE) or (name == "assignee" and value == ME):
        known = True
    else:
        rows: Any = {
            "category": Category.objects, "team": Team.objects, "assignee": Agent.objects,
            "checklist": ChecklistTemplate.objects,
        }[name]  # fmt: skip
        known = isinstance(value, int) and not isinstance(value, bool) and rows.active().filter(pk=value).exists()
    if not known:
        raise WrongValue(name)
    return value


def rows_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as `update_ticket` takes them, for a rule, which may set whatever is in use; what is gone, `me`, and
    what is no field is left out."""
    rows: Any = {"status": Status, "category": Category, "team": Team, "assignee": Agent}
    found: dict[str, Any] = usable(changes)
    for name, value in changes.items():
        if name in BESIDE or name.startswith(KEY):
            continue
        if name not in rows or value is None:
            found[name] = value
        elif value != ME:
            row = rows[name].objects.active().filter(**{"slug" if name == "status" else "pk": value}).first()
            found |= {name: row} if row is not None else {}
    return found


def follow_tag(event: Event) -> None:
    """Reaction to `tag.renamed`, `tag.merged` and `tag.deleted`: macros name the tag as it is called now, or not at
    all."""
    old, new = event.changes["name"]
    with transaction.atomic():
        for macro in Macro.objects.select_for_update().exclude(changes={}).order_by("pk"):
            changes = {k: _renamed(value, old, new) if k in TAGS else value for k, value in macro.changes.items()}
            if changes != macro.changes:
                macro.changes = {name: value for name, value in changes.items() if value != []}
                macro.save(update_fields=["changes"])


def _renamed(value: Any, old: str, new: str | None) -> Any:
    if not isinstance(value, list):
        return value
    renamed = [new if tag == old else tag for tag in value]
    return list(dict.fromkeys(tag for tag in renamed if tag is not None))

"""Writing saved replies and macros, putting them away. One intention = one function here = one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from tresen.core.people.models import Agent, Team
from tresen.kit.fingerprint import refuse_if_changed
from tresen.service.texts.changes import clean_changes
from tresen.service.texts.filling import clean_texts
from tresen.service.texts.models import KeptText, Macro, MacroKind, SavedReply
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

Kept = TypeVar("Kept", bound=KeptText)
FIELDS = ("name", "folder", "owner", "team", "texts", "is_active")
OWN_FIELDS: dict[type[KeptText], tuple[str, ...]] = {SavedReply: ("shortcut",), Macro: ("kind", "changes")}


class NothingToDo(ValueError):
    """A saved reply without a text, a macro with neither text nor changes."""


def fields_of(kind: type[KeptText]) -> tuple[str, ...]:
    """What can be said of a saved reply, or of a macro."""
    return FIELDS + OWN_FIELDS[kind]


def present_values(kept: KeptText) -> dict[str, Any]:
    """What a form shows, for its mark; rows by their key."""
    found = {name: getattr(kept, name) for name in fields_of(type(kept))}
    return {name: value.pk if isinstance(value, Agent | Team) else value for name, value in found.items()}


def create_saved_reply(*, set: Mapping[str, Any], by: Actor) -> SavedReply:
    """A new saved reply; `set`: see FIELDS and OWN_FIELDS. Event `saved_reply.created`. Raises WrongText, WrongValue,
    NothingToDo."""
    return _create(SavedReply(), set, "saved_reply.created", by=by)


def change_saved_reply(reply: SavedReply, *, set: Mapping[str, Any], by: Actor, expected: str = "") -> SavedReply:
    """Other words, another circle, or archived (`is_active`). Event `saved_reply.changed`, none when nothing changes.
    Raises WrongText, WrongValue, NothingToDo, ChangedMeanwhile."""
    return _change(reply, set, expected, "saved_reply.changed", by=by)


def create_macro(*, set: Mapping[str, Any], by: Actor) -> Macro:
    """A new macro; `set`: see FIELDS and OWN_FIELDS. Event `macro.created`. Raises WrongText, WrongValue,
    NothingToDo."""
    return _create(Macro(), set, "macro.created", by=by)


def change_macro(macro: Macro, *, set: Mapping[str, Any], by: Actor, expected: str = "") -> Macro:
    """As `change_saved_reply`. Event `macro.changed`."""
    return _change(macro, set, expected, "macro.changed", by=by)


@transaction.atomic
def _create(kept: Kept, wanted: Mapping[str, Any], event: str, *, by: Actor) -> Kept:
    _fill(kept, wanted).save()
    record(event, stream=kept, by=by, changes={"name": kept.name})
    return kept


@transaction.atomic
def _change(kept: Kept, wanted: Mapping[str, Any], expected: str, event: str, *, by: Actor) -> Kept:
    locked: Kept = type(kept)._default_manager.select_for_update().get(pk=kept.pk)
    if changes := _apply(locked, wanted, expected):
        record(event, stream=locked, by=by, changes=changes)
    return locked


def _apply(locked: KeptText, wanted: Mapping[str, Any], expected: str) -> dict[str, Any]:
    before = present_values(locked)
    refuse_if_changed(before, expected)
    after = present_values(_fill(locked, wanted))
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        locked.save(update_fields=changed)
    # Texts of people are never in events: of these only that they changed.
    return {name: [before[name], after[name]] if name not in ("texts", "changes") else True for name in changed}


def _fill(kept: Kept, wanted: Mapping[str, Any]) -> Kept:
    for name in wanted:
        if name not in fields_of(type(kept)):
            raise KeyError(name)
    for name in ("name", "folder", "shortcut"):
        if name in wanted:
            most = kept._meta.get_field(name).max_length  # type: ignore[union-attr]
            setattr(kept, name, " ".join(str(wanted[name]).replace("\0", "").split())[:most])
    if "shortcut" in wanted:
        kept.shortcut = kept.shortcut.lstrip("/").replace(" ", "-")  # type: ignore[attr-defined]
    for name in ("owner", "team", "is_active"):
        if name in wanted:
            setattr(kept, name, wanted[name])
    if "kind" in wanted:
        kept.kind = MacroKind(wanted["kind"]).value  # type: ignore[attr-defined]
    if "texts" in wanted:
        kept.texts = clean_texts(wanted["texts"])
    if "changes" in wanted:
        kept.changes = clean_changes(wanted["changes"])  # type: ignore[attr-defined]
    if not kept.name or not (kept.texts or getattr(kept, "changes", None)):
        raise NothingToDo
    return kept

"""Rules name tags: when one is renamed, joined with another or taken away, they name it as it is called now."""

from __future__ import annotations

from typing import Any

from tresen.core.people.principals import SYSTEM
from tresen.core.people.refusals import NameTaken
from tresen.service.rules.actions import WrongActions
from tresen.service.rules.models import Rule
from tresen.service.rules.services import BY, NoMe, WrongRule, change_rule
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query
from tresen.service.search.tree import Field, leaves
from tresen.service.search.values import quoted
from tresen.spine.events.models import Event

TAG = "tag"


def follow_tag(event: Event) -> None:
    """Reaction to `tag.renamed`, `tag.merged` and `tag.deleted`. A rule that cannot be changed so stays as it is, and
    says in the settings what is gone."""
    old, new = event.changes["name"]
    for rule in Rule.objects.order_by("pk"):
        wanted = {"condition": _line(rule.condition, old, new), "actions": _actions(rule.actions, old, new)}
        if wanted == {"condition": rule.condition, "actions": rule.actions}:
            continue
        try:
            change_rule(rule, set=wanted, by=BY)
        except (QueryError, NoMe, WrongRule, WrongActions, NameTaken):
            continue


def _actions(actions: list[dict[str, Any]], old: str, new: str | None) -> list[dict[str, Any]]:
    found = []
    for kept in actions:
        if kept["do"] in ("add_tags", "remove_tags"):
            names = [new if name.casefold() == old.casefold() else name for name in kept["value"]]
            kept = {**kept, "value": list(dict.fromkeys(name for name in names if name))}
            if not kept["value"]:
                continue
        found.append(kept)
    return found or actions


def _line(line: str, old: str, new: str | None) -> str:
    try:
        query = parse_query(line, SYSTEM, typing=False)
    except QueryError:
        return line
    asked = [leaf for leaf in leaves(query.parts) if isinstance(leaf, Field) and leaf.name == TAG]
    for leaf in reversed(asked):
        names = [new if value.casefold() == old.casefold() else value for value in leaf.values]
        left = list(dict.fromkeys(name for name in names if name))
        if left and left != list(leaf.values):
            start, end = leaf.span
            typed = line[start:end]
            begin = typed[: len(typed) - len(typed.lstrip("-"))]
            line = f"{line[:start]}{begin}{TAG}:{','.join(map(quoted, left))}{line[end:]}"
    return line

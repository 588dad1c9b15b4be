"""The table of what rules can do (RULE_ACTIONS in the wiring), and lists of actions as a rule keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tresen.core.tickets.automation import Action, WrongAction
from tresen.kit.wiring import table

MOST_ACTIONS = 20


class WrongActions(ValueError):
    """The action at place `at` cannot be so; `field` names its input, empty where there is no such action."""

    def __init__(self, at: int, field: str) -> None:
        super().__init__(f"action {at}: {field}")
        self.at, self.field = at, field


def known_actions() -> dict[str, Action]:
    """All of them by kind, in the order of the table."""
    return {action.kind: action for action in table("RULE_ACTIONS")}


def clean_actions(typed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The list as it is kept. Raises WrongActions."""
    known, found = known_actions(), []
    if not 0 < len(typed) <= MOST_ACTIONS:
        raise WrongActions(0, "")
    for at, values in enumerate(typed):
        action = known.get(str(values.get("do", "")))
        if action is None:
            raise WrongActions(at, "")
        try:
            found.append({"do": action.kind, **action.clean(values)})
        except WrongAction as fault:
            raise WrongActions(at, fault.field) from fault
    return found


def said(actions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What they do, a few words each; those of a plugin that is gone by their kind."""
    known = known_actions()
    return [known[kept["do"]].say(kept) if kept["do"] in known else str(kept["do"]) for kept in actions]

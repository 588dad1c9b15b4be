"""The one table of actions: palette, key help, key hints on buttons and the page of the documentation come from it.

An action is found on the page as the first visible element with `data-action="<name>"` (the tag `{% action %}` writes
it); where there is none, the event `key:<name>` is sent on document, and an island may do it; where nobody does, `url`
is opened. A package adds its own by a line in the wiring table ACTIONS: the dotted path of a list of Action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from tresen.kit.addresses import address
from tresen.kit.wiring import table


def _always(_request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class Screen:
    """Where an action applies: a heading for it, and the selector of what must be on the page."""

    name: str
    label: Any
    selector: str


ANYWHERE = Screen("anywhere", _("Anywhere"), "body")


@dataclass(frozen=True)
class Action:
    """What a person can do: by key, by its button, or by its name in the palette.

    `name`   what elements and scripts call it; `label` says it as a person would, in every language
    `key`    the key it has at first: "j", "g n" (one after the other), "Mod+Enter"; empty for none
    `where`  the screen it applies to; `url` the name of an address that does it from everywhere
    `heard`  a script does it on `key:<name>`; no element need carry it
    `may`    whether this person may do it at all; `words` other words it is found by
    """

    name: str
    label: Any
    key: str = ""
    where: Screen = ANYWHERE
    icon: str = "bolt"
    url: str = ""
    may: Callable[[HttpRequest], bool] = _always
    heard: bool = False
    words: Any = ""

    @property
    def address(self) -> str:
        """Where it leads, when it is a place; empty also where that screen is not installed."""
        if not self.url or self.url.startswith("/"):
            return self.url
        name, *parts = self.url.split()
        try:
            return address(name, *parts)
        except NoReverseMatch:
            return ""


@cache
def all_actions() -> tuple[Action, ...]:
    """Every action of the wiring table ACTIONS, in its order. Raises ValueError when a name or a key is used twice."""
    found = tuple(action for group in table("ACTIONS") for action in group)
    for what, used in (("name", [a.name for a in found]), ("key", [a.key for a in found if a.key])):
        twice = {one for one in used if used.count(one) > 1}
        if twice:
            raise ValueError(f"Two actions share a {what}: {', '.join(sorted(twice))}.")
    return found


def actions_for(request: HttpRequest) -> list[Action]:
    """The actions that whoever asks may do."""
    return [action for action in all_actions() if action.may(request)]

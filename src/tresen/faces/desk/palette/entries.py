"""What the palette shows, and what it was asked. A package adds a source by a line in the wiring table PALETTE:
the dotted path of a function that takes an Asked and gives entries, best first; one group heading for each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tresen.faces.desk.access import StaffRequest


@dataclass(frozen=True)
class Asked:
    """What was typed where. `only`: `>` actions, `#` numbers, `@` people, or everything.

    `screens` are those on the page (kit/actions.Screen names), `ticket` the number of the open one, `recent` the names
    of actions and the numbers of tickets this browser used last.
    """

    request: StaffRequest
    text: str
    only: str = ""
    screens: frozenset[str] = frozenset()
    ticket: str = ""
    recent: tuple[str, ...] = ()

    def wants(self, kind: str) -> bool:
        """Whether this kind of entry is looked for: "actions", "numbers" or "people"."""
        return self.only in {"", kind}


@dataclass(frozen=True)
class Entry:
    """One line. It leads to `url`, runs an `action` of the table, or posts `values` to `post`."""

    label: str
    group: Any
    icon: str = "bolt"
    url: str = ""
    action: str = ""
    heard: bool = False
    post: str = ""
    values: dict[str, str] = field(default_factory=dict)
    note: str = ""
    caps: tuple[str, ...] = ()
    hue: str = ""
    lang: str = ""

    @property
    def values_json(self) -> str:
        """What is posted, for the script."""
        return json.dumps(self.values)

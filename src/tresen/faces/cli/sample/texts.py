"""Saved replies and macros of the sample desk, from `content/texts.toml`."""

from __future__ import annotations

import tomllib
from typing import Any

from tresen.core.people.models import LANGUAGES
from tresen.faces.cli.sample.house import BY, House
from tresen.faces.cli.sample.stories import CONTENT
from tresen.service.texts.services import create_macro, create_saved_reply


def add_texts(house: House) -> None:
    """Makes them on a desk whose house is built."""
    with open(CONTENT / "texts.toml", "rb") as file:
        tables = tomllib.load(file)
    for table in tables["reply"]:
        create_saved_reply(set={**_shared(table, house), "shortcut": table["shortcut"]}, by=BY)
    for table in tables["macro"]:
        changes = dict(table["changes"])
        if "team" in changes:
            changes["team"] = house.teams[changes["team"]].pk
        if changes.get("assignee") == "":
            changes["assignee"] = None
        create_macro(set={**_shared(table, house), "kind": table.get("kind", "reply"), "changes": changes}, by=BY)


def _shared(table: dict[str, Any], house: House) -> dict[str, Any]:
    return {
        "name": table["name"], "folder": table.get("folder", ""),
        "team": house.teams[table["team"]] if "team" in table else None,
        "owner": house.agents[table["owner"]] if "owner" in table else None,
        "texts": {code: table[code] for code, _name in LANGUAGES if code in table},
    }  # fmt: skip

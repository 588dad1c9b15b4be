"""The time zones a person can choose from."""

from __future__ import annotations

import zoneinfo
from functools import cache

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_names() -> tuple[str, ...]:
    """Names of places (`Europe/Warsaw`) and `UTC`, sorted; none of the old abbreviations."""
    places = {name for name in zoneinfo.available_timezones() if name.split("/")[0] in AREAS and "/" in name}
    return (*sorted(places), "UTC")


def zone_named(typed: str) -> str | None:
    """The zone that somebody means: its name in any spelling (`europe/isle of man`), or the place alone where only one
    zone has it (`new york`). None for anything else."""
    return _spellings().get(_folded(typed))


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


@cache
def _spellings() -> dict[str, str]:
    places: dict[str, list[str]] = {}
    for name in zone_names():
        places.setdefault(_folded(name.rpartition("/")[2]), []).append(name)
    alone = {place: names[0] for place, names in places.items() if len(names) == 1}
    return alone | {_folded(name): name for name in zone_names()}


def is_zone(name: str) -> bool:
    """Whether this is one of them."""
    return name in zone_names()

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


def zone_choices() -> list[tuple[str, str]]:
    """For a select: the name and how it reads (`Europe/Isle of Man`)."""
    return [(name, name.replace("_", " ")) for name in zone_names()]


def is_zone(name: str) -> bool:
    """Whether this is one of them."""
    return name in zone_names()

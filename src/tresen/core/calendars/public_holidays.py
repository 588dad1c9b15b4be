"""Public holidays by country and region, from the library `holidays`, which is loaded when first asked."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache


class UnknownPlace(ValueError):
    """The library knows no such country, or the country no such region."""


@lru_cache(maxsize=2000)
def holidays_of(country: str, subdivision: str, year: int, language: str = "") -> dict[date, str]:
    """The public holidays of one year with their names, in the reader's language where the library speaks it, else in
    the country's own.

    `country`: two letters as in ISO 3166-1; `subdivision`: as in ISO 3166-2 without the country, or empty.
    Raises UnknownPlace.
    """
    import holidays

    if country not in places():
        raise UnknownPlace(f"no country {country[:20]!r}")
    if subdivision and subdivision not in places()[country]:
        raise UnknownPlace(f"no region {subdivision[:20]!r} of {country}")
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    if language:
        spoken = {name[:2]: name for name in found.supported_languages}  # en is en_US there
        chosen = spoken.get(language) or found.default_language
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=chosen)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


@lru_cache(maxsize=1)
def places() -> dict[str, list[str]]:
    """The countries the library knows, each with its regions."""
    import holidays

    return dict(sorted(holidays.list_supported_countries(include_aliases=False).items()))


@lru_cache(maxsize=1)
def country_names() -> list[tuple[str, str]]:
    """Every country the library knows: its code and its English name, sorted by that."""
    from holidays.registry import COUNTRIES

    words = {entry[1]: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry[0]) for entry in COUNTRIES.values()}
    return sorted(((code, words.get(code, code)) for code in places()), key=lambda pair: pair[1])


@lru_cache(maxsize=300)
def regions(country: str) -> list[tuple[str, str]]:
    """The regions of a country: code and name as people there write it; none for a country nobody knows."""
    import holidays

    if country not in places():
        return []
    names = {code: name for name, code in holidays.country_holidays(country, years=2026).subdivisions_aliases.items()}
    return sorted(((code, names.get(code, code)) for code in places()[country]), key=lambda pair: pair[1])

"""What a calendar file (RFC 5545) says, for a mail that says nothing else."""

from __future__ import annotations

import re

FOLD = re.compile(r"\r?\n[ \t]")
PROPERTY = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\n]{0,500})?):(.*)")
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\dZ?)?")
ZONE = re.compile(r"TZID=\"?([^;:\"]{1,60})", re.IGNORECASE)
ESCAPED = re.compile(r"\\([nN,;\\])")
MOST_LINES = 20_000
LONGEST = 100_000


def text_of_invitation(calendar: str) -> str:
    """Title, time, place and description of the first event; "" when there is none. Words of its own it has none, so
    that it reads in any language."""
    facts: dict[str, str] = {}
    inside = False
    for line in FOLD.sub("", calendar[: 4 * LONGEST]).split("\n")[:MOST_LINES]:
        line = line.rstrip("\r")
        if line.upper() in ("BEGIN:VEVENT", "BEGIN:VTODO"):
            inside = True
        elif line.upper() in ("END:VEVENT", "END:VTODO", "BEGIN:VALARM"):
            break
        found = PROPERTY.match(line) if inside else None
        if found:
            name = found[1].upper()
            facts.setdefault(name, _moment(found[3], found[2]) if name.startswith("DT") else _unescaped(found[3]))
    times = " – ".join(filter(None, (facts.get("DTSTART", ""), facts.get("DTEND", ""))))
    head = [facts.get("SUMMARY", ""), times, facts.get("LOCATION", "")]
    return "\n\n".join(filter(None, ("\n".join(filter(None, head)), facts.get("DESCRIPTION", "").strip())))[:LONGEST]


def _moment(value: str, parameters: str) -> str:
    found = MOMENT.match(value.strip())
    if not found:
        return ""
    day = f"{found[1]}-{found[2]}-{found[3]}"
    zone = ZONE.search(parameters)
    name = "UTC" if value.strip().endswith("Z") else zone[1] if zone else ""
    return f"{day} {found[4]}:{found[5]}" + (f" {name}" if name else "") if found[4] else day


def _unescaped(value: str) -> str:
    return ESCAPED.sub(lambda mark: "\n" if mark[1] in "nN" else mark[1], value).strip()

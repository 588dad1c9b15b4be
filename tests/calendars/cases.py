"""Random questions to a calendar, the awkward ones more often than life asks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

# Ten zones and the days on which their clocks change in 2026, with a morning in the middle of winter.
ZONES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"), "Europe/Warsaw": ("2026-03-29", "2026-10-25"),
    "Europe/London": ("2026-03-29", "2026-10-25"), "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/Santiago": ("2026-04-05", "2026-09-06"), "Africa/Cairo": ("2026-04-24", "2026-10-30"),
    "Asia/Beirut": ("2026-03-29", "2026-10-25"), "Asia/Kolkata": ("2026-01-26", "2026-08-15"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"), "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
}  # fmt: skip
PLACES = [("DE", "BY"), ("DE", "SN"), ("DE", None), ("PL", None), ("PL", "02")]
# What surrounds holidays of both countries, and a year's end.
FESTIVE = ("2026-04-02", "2026-04-30", "2026-05-13", "2026-06-03", "2026-11-10", "2026-12-23", "2026-12-30")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHIFTS = [
    [["08:00", "17:00"]], [["08:00", "12:00"], ["13:00", "17:00"]], [["22:00", "06:00"]], [["00:00", "24:00"]],
    [["18:30", "24:00"]], [["24:00", "05:15"]], [["09:00", "12:00"], ["11:00", "13:30"]], [["06:00", "06:00"]],
    [["01:30", "03:30"]], [["02:30", "02:45"]], [["00:00", "00:30"], ["23:30", "00:15"]],
]  # fmt: skip


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def calendar(random: Random, zone: str) -> dict[str, Any]:
    """Office hours, shifts over midnight and what nobody would think of."""
    if random.random() < 0.3:
        usual = random.choice(SHIFTS)
        weekly = {day: usual for day in DAYS[: random.randint(3, 7)]}
    else:
        weekly = {day: random.choice(SHIFTS) for day in DAYS if random.random() < 0.7}
    if random.random() < 0.3:
        weekly[random.choice(DAYS)] = [[some_time(random), some_time(random)] for _ in range(random.randint(1, 3))]
    if not any(weekly.values()):
        weekly["wed"] = [["08:00", "17:00"]]
    made: dict[str, Any] = {"timezone": zone, "weekly": weekly}
    if random.random() < 0.4:
        country, subdivision = random.choice(PLACES)
        made |= {"country": country} | ({"subdivision": subdivision} if subdivision else {})
    if random.random() < 0.4:
        around = datetime.fromisoformat(random.choice([*ZONES[zone], *FESTIVE]))
        made["holidays"] = [
            (around + timedelta(days=random.randint(-3, 4))).date().isoformat() for _ in range(random.randint(1, 3))
        ]
    return made


def some_time(random: Random) -> str:
    return f"{random.randrange(24):02d}:{random.choice([0, 1, 15, 30, 59]):02d}"


def start(random: Random, zone: str) -> datetime:
    """A whole minute near a change of clocks, a holiday, or anywhere in the year."""
    day = random.choice([*ZONES[zone], random.choice(FESTIVE), f"2026-{random.randint(1, 12):02d}-15"])
    near = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return near + timedelta(minutes=random.randint(-3 * 1440, 2 * 1440))


def pauses(random: Random, begin: datetime) -> list[list[str]]:
    """None, one or several; they may overlap, be empty, or lie before the start."""
    found = []
    for _ in range(random.choice([0, 0, 1, 2, 4])):
        at = begin + timedelta(minutes=random.randint(-600, 4000))
        found.append([instant(at), instant(at + timedelta(minutes=random.choice([0, 1, 30, 75, 600, 3000])))])
    return found


def question(random: Random) -> dict[str, Any]:
    """One question in the shape of the contract."""
    zone = random.choice(sorted(ZONES))
    begin = start(random, zone)
    return {
        "calendar": calendar(random, zone), "start": instant(begin), "pauses": pauses(random, begin),
        "minutes": random.choice([1, 30, 60, 240, 480, random.randint(1, 3000)]),
    }  # fmt: skip

"""What a question to a calendar costs: through `tresen clock due --lines`, its start included."""

from __future__ import annotations

import json
import subprocess
import sys
import time

QUESTIONS = 10_000
ZONES = ("Europe/Berlin", "Europe/Warsaw", "America/New_York", "Asia/Kolkata")
SHIFTS = ([["08:00", "12:00"], ["13:00", "17:00"]], [["22:00", "06:00"]], [["09:30", "18:00"]], [["00:00", "24:00"]])


def measure_clocks() -> dict[str, float]:
    """Questions answered a second, each with a calendar of its own. Raises RuntimeError when one was not answered."""
    asked = "".join(json.dumps(_question(number)) + "\n" for number in range(QUESTIONS))
    command = [sys.executable, "-m", "tresen.faces.cli.main", "clock", "due", "--lines"]
    began = time.perf_counter()
    ended = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - began
    if ended.returncode or ended.stdout.count('"due"') != QUESTIONS:
        raise RuntimeError("tresen clock due did not answer every question")
    return {"questions to a calendar": round(QUESTIONS / seconds, 1)}


def _question(number: int) -> dict[str, object]:
    """Two weeks of one desk or another, all different."""
    shift = SHIFTS[number % len(SHIFTS)]
    closed = f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    calendar = {
        "timezone": ZONES[number // 4 % len(ZONES)], "weekly": {day: shift for day in ("mon", "tue", "wed", "thu")},
        "holidays": [closed], "country": "PL" if number % 3 else "DE",
    }  # fmt: skip
    start = f"2026-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}T15:{number % 60:02d}:00Z"
    return {"calendar": calendar, "start": start, "minutes": 60 + number % 2000}

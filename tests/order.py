"""The order in which the files of a run are dealt out to its workers: what lasts long first, waiting beside working.

Stories of real processes and browsers wait much and compute little, the others the other way round: dealt out in turns,
the processors are never idle, and at the end no worker is left alone with a long file.
"""

from __future__ import annotations

import pytest

# A file that names one of these starts processes; then about how many seconds a test lasts that uses one of those.
STORIES = {"Instance", "RunningDesk", "SampleDesk", "Dovecot"}
STORY_STARTS = 6.0
EACH = {"new_instance": 8.0, "chromium": 1.5}
EACH_STORY, EACH_OTHER = 0.7, 0.1

File = tuple[float, list[pytest.Item]]


def dealt_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """The same tests, those of a file together and in their own order."""
    files: dict[object, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [(_seconds(tests), tests) for tests in files.values() if _waits(tests)]
    working = [(EACH_OTHER * len(tests), tests) for tests in files.values() if not _waits(tests)]
    dealt = sorted([*_places(waiting), *_places(working)], key=lambda one: one[0])
    return [test for _place, tests in dealt for test in tests]


def _waits(tests: list[pytest.Item]) -> bool:
    named = vars(getattr(tests[0], "module", None) or object).keys() & STORIES
    return bool(named) or any("chromium" in getattr(test, "fixturenames", ()) for test in tests)


def _seconds(tests: list[pytest.Item]) -> float:
    """About how long such a file lasts."""
    used = [[EACH[name] for name in EACH if name in getattr(test, "fixturenames", ())] for test in tests]
    return STORY_STARTS + sum(max(found, default=EACH_STORY) for found in used)


def _places(files: list[File]) -> list[File]:
    """Each file with how much of the work lies before it, from 0 to 1; the longest first."""
    whole, before, placed = sum(seconds for seconds, _tests in files), 0.0, []
    for seconds, tests in sorted(files, key=lambda one: -one[0]):
        placed.append((before / whole, tests))
        before += seconds
    return placed

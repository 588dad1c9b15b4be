"""Writes docs/measured.md after `make test-full`: what each promise was tested with, what came out, how long it took.

A test adds figures with pytest's own `record_property("mails per second", 312)`.
"""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

TARGET = Path(__file__).resolve().parents[1] / "docs" / "measured.md"
SAFETY = Path(__file__).parent / "safety"
NUMBER = re.compile(r"test_([sr])0*(\d+)_")
ROW = re.compile(r"^\| ([SR])(\d+) \| (.+?) \| .* (\w+) \|$", re.MULTILINE)
HEAD = """# Measured

The safety tests in full size, written by `make test-full`. The numbers are those of the page of promises;
`make test` runs the same stories with about a tenth of them. Each row says when it was measured last.

Python {python}, {cores} cores.

| test | story | outcome | seconds | measured | when |
| --- | --- | --- | --- | --- | --- |
"""


class MeasuredTable:
    """A pytest plugin that collects the outcome of every safety test and writes the table at the end."""

    def __init__(self, database: str) -> None:
        """`database` is the word for the engine that stands above the table."""
        self.database = database
        self.reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the report of the test itself; its set-up only when that was the end of it."""
        if report.when == "call" or (report.when == "setup" and report.outcome != "passed"):
            self.reports.append(report)

    def is_whole(self) -> bool:
        """Every file of the promises has been run, so that what is not among the reports is gone."""
        run = {Path(report.nodeid.partition("::")[0]).name for report in self.reports}
        return run >= {path.name for path in SAFETY.glob("test_*.py") if NUMBER.search(path.name)}

    def pytest_sessionfinish(self) -> None:
        """Write the table, in the order of the numbers."""
        stories: dict[tuple[str, int, str], list[pytest.TestReport]] = {}
        for report in self.reports:
            if key := story_of(report):
                stories.setdefault(key, []).append(report)
        if stories:
            head = HEAD.format(python=platform.python_version(), cores=os.cpu_count())
            when = f"{datetime.now(UTC).date().isoformat()}, {self.database}"
            rows = {(*key, self.database): table_row(key, reports, when) for key, reports in stories.items()}
            known = rows_of(TARGET.read_text(encoding="utf-8"))
            if self.is_whole():
                known = {key: row for key, row in known.items() if key[3] != self.database}
            rows = {**known, **rows}
            TARGET.write_text(head + "".join(rows[key] for key in sorted(rows)), encoding="utf-8")


def rows_of(table: str) -> dict[tuple[str, int, str, str], str]:
    """The rows that are there, by letter, number, story and database: a run of some tests, or on the other database,
    leaves the others."""
    return {(row[1], int(row[2]), row[3], row[4]): f"{row[0]}\n" for row in ROW.finditer(table)}


def story_of(report: pytest.TestReport) -> tuple[str, int, str] | None:
    """Letter, number and story of one test, the same for all its parameters; None where it belongs to no promise. The
    test's own number goes before that of its file."""
    path, _, name = report.nodeid.partition("::")
    found = NUMBER.match(f"{name}_") or NUMBER.search(Path(path).name)
    if not found:
        return None
    story = re.sub(r"^test ([rs]\d+ )?", "", name.partition("[")[0].replace("_", " "))
    return found.group(1).upper(), int(found.group(2)), story


def table_row(key: tuple[str, int, str], reports: list[pytest.TestReport], when: str) -> str:
    """The line of one story: passed when all its cases passed; the seconds are those of all of them."""
    letter, number, story = key
    failed = [report for report in reports if report.outcome != "passed"]
    outcome = f"{len(failed)} of {len(reports)} {failed[0].outcome}" if failed else "passed"
    figures = [f"{len(reports)} cases"] if len(reports) > 1 else []
    figures += [f"{what}: {value}" for report in reports for what, value in report.user_properties]
    seconds = sum(report.duration for report in reports)
    return f"| {letter}{number} | {story} | {outcome} | {seconds:.1f} | {', '.join(figures)} | {when} |\n"

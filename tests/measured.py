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
NUMBER = re.compile(r"test_([sr])0*(\d+)_")
HEAD = """# Measured

The safety tests in full size, written by `make test-full`. The numbers are those of the page of promises;
`make test` runs the same stories with about a tenth of them.

{date}, Python {python}, {database}, {cores} cores.

| test | story | outcome | seconds | measured |
| --- | --- | --- | --- | --- |
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

    def pytest_sessionfinish(self) -> None:
        """Write the table, in the order of the numbers."""
        rows = sorted((row for report in self.reports if (row := table_row(report))), key=lambda row: row[0])
        if rows:
            head = HEAD.format(
                date=datetime.now(UTC).date().isoformat(),
                python=platform.python_version(),
                database=self.database,
                cores=os.cpu_count(),
            )
            TARGET.write_text(head + "".join(line for _, line in rows))


def table_row(report: pytest.TestReport) -> tuple[tuple[str, int, str], str] | None:
    """Sort key and table line of one test; None for a test that belongs to no promise."""
    path, _, name = report.nodeid.partition("::")
    found = NUMBER.search(Path(path).name)
    if not found:
        return None
    letter, number = found.group(1).upper(), int(found.group(2))
    story = re.sub(r"^test ([sr]\d+ )?", "", name.replace("_", " "))
    figures = ", ".join(f"{what}: {value}" for what, value in report.user_properties)
    line = f"| {letter}{number} | {story} | {report.outcome} | {report.duration:.1f} | {figures} |\n"
    return (letter, number, story), line

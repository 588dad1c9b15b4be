"""`tresen bench` fails where a figure is more than it may be, and prints its figures all the same."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from click.testing import CliRunner

from tresen.faces.cli import bench as module
from tresen.faces.cli.bench_rules import RULES

HOLD: dict[str, dict[str, float]] = {
    "live": {"MB with streams": 250.0, "times a page without streams": 1.2, "streams": 500},
    "rules": {f"{RULES} rules, ms": 6.0},
    "learning": {
        "tresen learn, seconds of the processor": 60.0, "tresen learn, MB": 1000.0, "judging a ticket, ms": 5.0,
        "learning, MB": 5000.0,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("lists", "more", "broken"),
    [
        (9.0, {}, []),
        (9.0, {"rules": {f"{RULES} rules, ms": 20.1}}, ["1000 rules, ms"]),
        (25.5, {}, ["list"]),
        (26.0, {"rules": {f"{RULES} rules, ms": 21.0}}, ["list", "1000 rules, ms"]),
        (9.0, {"live": {"MB with streams": 250.1}}, ["MB with streams"]),
        (9.0, {"live": {"times a page without streams": 1.201}}, ["times a page without streams"]),
        (9.0, {"live": {"MB with streams": 400.0, "times a page without streams": 2.0, "streams": 1000}}, []),
        (
            9.0,
            {"learning": {"tresen learn, seconds of the processor": 61.0}},
            ["tresen learn, seconds of the processor"],
        ),
        (
            9.0,
            {"learning": {"tresen learn, MB": 1000.1, "judging a ticket, ms": 5.1}},
            ["tresen learn, MB", "judging a ticket, ms"],
        ),
    ],
)
def test_a_broken_bound_is_said_and_ends_in_a_fault(
    monkeypatch: pytest.MonkeyPatch, lists: float, more: dict[str, dict[str, float]], broken: list[str]
) -> None:
    screens = {"list": {"cpu_p50_ms": lists}, "start page": {"cpu_p50_ms": 500.0}}
    parts = {part: figures | more.get(part, {}) for part, figures in HOLD.items()}
    found = {"screens": screens, "tickets_loaded_per_second": 1.0, **parts}
    said: dict[str, Any] = {"_own_folder": nullcontext, "set_up": lambda: None, "_measure": lambda **given: found}
    for name, value in said.items():
        monkeypatch.setattr(module, name, value)
    ended = CliRunner().invoke(module.bench, [])
    assert ended.exit_code == bool(broken), ended.output
    told = [line for line in ended.stderr.splitlines() if line.startswith("bound broken: ")]
    assert [name for name in broken if any(f": {name} " in line for line in told)] == broken and len(told) == len(
        broken
    )
    assert {part: json.loads(ended.stdout.splitlines()[-1])[part] for part in parts} == parts
    assert ended.stdout.count("too much") == len(broken)


def test_a_public_page_has_a_bound_in_time_and_one_in_bytes() -> None:
    pages = {
        "public article": {"cpu_p50_ms": 30.1, "bytes": 61_441},
        "home of the portal": {"cpu_p50_ms": 30, "bytes": 9},
    }
    broken = module.broken_bounds({"screens": pages})
    assert broken == [("public article", 30.1, 30), ("public article, bytes", 61_441, 61_440)]

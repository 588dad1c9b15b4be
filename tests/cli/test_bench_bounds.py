"""`tresen bench` fails where a figure is more than it may be, and prints its figures all the same."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from click.testing import CliRunner

from tresen.faces.cli import bench as module
from tresen.faces.cli.bench_rules import RULES


@pytest.mark.parametrize(
    ("rules", "lists", "broken"),
    [(6.0, 9.0, []), (20.1, 9.0, ["1000 rules, ms"]), (6.0, 25.5, ["list"]), (21.0, 26.0, ["list", "1000 rules, ms"])],
)
def test_a_broken_bound_is_said_and_ends_in_a_fault(
    monkeypatch: pytest.MonkeyPatch, rules: float, lists: float, broken: list[str]
) -> None:
    screens = {"list": {"cpu_p50_ms": lists}, "start page": {"cpu_p50_ms": 500.0}}
    found = {"screens": screens, "tickets_loaded_per_second": 1.0, "rules": {f"{RULES} rules, ms": rules}}
    said: dict[str, Any] = {"_own_folder": nullcontext, "set_up": lambda: None, "_measure": lambda **given: found}
    for name, value in said.items():
        monkeypatch.setattr(module, name, value)
    ended = CliRunner().invoke(module.bench, [])
    assert ended.exit_code == bool(broken), ended.output
    told = [line for line in ended.stderr.splitlines() if line.startswith("bound broken: ")]
    assert [name for name in broken if any(f": {name} " in line for line in told)] == broken and len(told) == len(
        broken
    )
    assert json.loads(ended.stdout.splitlines()[-1])["rules"] == found["rules"]
    assert ended.stdout.count("too much") == len(broken)

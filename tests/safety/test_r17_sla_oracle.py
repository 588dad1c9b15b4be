"""R17: clocks are minute-exact: the command line against a counter of minutes that was written apart (P19)."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.calendars import brute_force
from tests.calendars.cases import question

LEAST_A_SECOND = 2000


def ask(questions: list[dict[str, Any]]) -> list[dict[str, str]]:
    """`tresen clock due --lines`, on a machine whose own clock stands elsewhere and that has no database."""
    environment = {**os.environ, "TZ": "America/Caracas", "TRESEN_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    ended = subprocess.run(
        [sys.executable, "-m", "tresen.faces.cli.main", "clock", "due", "--lines"],
        input="".join(json.dumps(asked) + "\n" for asked in questions), env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.stderr == ""
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_r17_every_answer_is_that_of_the_counter_of_minutes(
    full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    seed = 20261128
    print(f"seed {seed}")
    random = Random(seed)
    questions = [question(random) for _ in range(10_000 if full_size else 250)]
    answers = ask(questions)
    assert len(answers) == len(questions)
    wrong = []
    for asked, answered in zip(questions, answers, strict=True):
        counted = brute_force.due(asked)
        if counted is None:
            counted, answered = "not within 400 days", {"due": later_than_the_table(asked, answered)}
        if answered.get("due") != counted:
            wrong.append((asked, answered, counted))
    assert not wrong, json.dumps(wrong[0])
    record_property("questions", len(questions))
    record_property("seed", seed)


def later_than_the_table(asked: dict[str, Any], answered: dict[str, str]) -> str:
    """What the counter cannot reach must be an error or lie more than a year away."""
    far = "error" in answered or int(answered["due"][:4]) > int(asked["start"][:4])
    return "not within 400 days" if far else answered["due"]


@pytest.mark.full
def test_r17_the_command_answers_fast_enough(record_property: Callable[[str, object], None]) -> None:
    random = Random(7)
    questions = [question(random) for _ in range(10_000)]
    before = used_by_children()
    answers = ask(questions)
    a_second = len(questions) / (used_by_children() - before)
    assert all("due" in answered or "error" in answered for answered in answers)
    record_property("questions a second of processor time", round(a_second))
    assert a_second >= LEAST_A_SECOND


def used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

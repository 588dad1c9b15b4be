"""R17: clocks are minute-exact: the command line against a counter of minutes that was written apart (P19)."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.calendars import brute_force
from tests.calendars.cases import ZONES, calendar, instant, question, start
from tresen.core.calendars.opening import NeverDue
from tresen.core.calendars.questions import read_opening
from tresen.service.sla.reckoning import Reading, Segment, moved_on, read_clock

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


def test_r17_a_clock_that_lived_through_changes_is_that_of_the_counter_of_minutes(
    full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    """The ball goes round, and priority, policy and calendar are changed on the way; what counts is who had the ball
    when, by the calendar and the target that count in the end."""
    seed = 20261129
    print(f"seed {seed}")
    random = Random(seed)
    lives = 10_000 if full_size else 150
    for _ in range(lives):
        asked, reading, rests_since = live(random)
        counted = brute_force.due(asked)
        if rests_since is not None and (counted is None or counted > rests_since):
            counted = None  # it rests, and had not run out before
        found = reading.due_at and reading.due_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        later = counted is None and found is not None and int(found[:4]) > int(asked["start"][:4])
        assert found == counted or (later and rests_since is None), (asked, found, counted)
    record_property("lives", lives)


def live(random: Random) -> tuple[dict[str, Any], Reading, str | None]:
    """A clock's life: the question that comes to the same, what the clock says at its end, since when it rests."""
    zone = random.choice(sorted(ZONES))
    begin = at = start(random, zone)
    segments, pauses_for = [Segment(at, None, "us")], ["customer", "third_party"]
    for _ in range(random.randint(0, 7)):
        at += timedelta(minutes=random.choice([0, 1, 10, 90, 600, 1500]))
        segments = moved_on(segments, random.choice(["us", "customer", "third_party", "date", "solved", "us"]), at)
        zone = random.choice([zone, zone, *ZONES])  # another calendar
        pauses_for = random.choice([pauses_for, ["customer"], ["customer", "date"], []])  # another policy
    made, minutes = calendar(random, zone), random.choice([1, 30, 480, random.randint(1, 2500)])
    asked = {"calendar": made, "start": instant(begin), "minutes": minutes}
    resting = [s for s in segments if s.reason == "solved" or s.reason in pauses_for]
    asked["pauses"] = [[instant(s.started_at), instant(s.ended_at)] for s in resting if s.ended_at]
    try:
        reading = read_clock(
            segments, read_opening(made), minutes, warn_percent=75, pauses_for=pauses_for, at=at + timedelta(hours=1)
        )
    except NeverDue:
        reading = Reading(None, None, timedelta(0), "")
    return asked, reading, instant(segments[-1].started_at) if segments[-1] in resting else None

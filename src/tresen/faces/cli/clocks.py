"""`tresen clock`: when would it be due? Touches no database."""

from __future__ import annotations

import sys

import click
import orjson

from tresen.core.calendars.questions import answer


@click.group()
def clock() -> None:
    """Clocks of service levels: when would it be due?"""


@clock.command()
@click.option("--lines", is_flag=True, help="Read one JSON question a line and print one answer a line.")
def due(lines: bool) -> None:
    """Reads a calendar, a start and minutes as JSON from standard input and prints when those minutes of open time are
    over, as {"due": "…Z"} or {"error": "…"}. Without --lines all of the input is one question.

    Example: tresen clock due --lines < questions.jsonl
    """
    questions = sys.stdin.buffer if lines else [sys.stdin.buffer.read()]
    faults = 0
    for question in questions:
        found = answer(question)
        faults += "error" in found
        sys.stdout.buffer.write(orjson.dumps(found) + b"\n")
        sys.stdout.buffer.flush()
    sys.exit(1 if faults else 0)

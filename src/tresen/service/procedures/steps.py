"""The steps of a procedure: what is asked, and where each answer leads. Pure.

An answer leads to a later step, or to an end; never back, so that every way comes to an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

MOST_STEPS = 30
MOST_ANSWERS = 5
SOLVED, HANDED = "solved", "handed"
ENDS = (SOLVED, HANDED)


class Way(TypedDict):
    """An answer; `go`: the number of a later step (from 0, as text), `solved` or `handed`."""

    label: str
    go: str


class Step(TypedDict):
    """A question with a hint and its answers."""

    ask: str
    hint: str
    ways: list[Way]


class WrongSteps(ValueError):
    """`step`: which one (from 0). `why`: none, many, ask, ways, back."""

    def __init__(self, step: int, why: str) -> None:
        super().__init__(f"step {step}: {why}")
        self.step, self.why = step, why


def checked(steps: Sequence[Step]) -> list[Step]:
    """The steps as they are kept. Raises WrongSteps."""
    if not steps:
        raise WrongSteps(0, "none")
    if len(steps) > MOST_STEPS:
        raise WrongSteps(MOST_STEPS, "many")
    found: list[Step] = []
    for number, step in enumerate(steps):
        ask = " ".join(step["ask"].split())[:300]
        ways = [
            Way(label=label, go=way["go"]) for way in step["ways"] if (label := " ".join(way["label"].split())[:120])
        ]
        if not ask:
            raise WrongSteps(number, "ask")
        if not 1 <= len(ways) <= MOST_ANSWERS:
            raise WrongSteps(number, "ways")
        for way in ways:
            leads_on = way["go"].isascii() and way["go"].isdigit() and number < int(way["go"]) < len(steps)
            if way["go"] not in ENDS and not leads_on:
                raise WrongSteps(number, "back")
        found.append(Step(ask=ask, hint=step["hint"].strip()[:1000], ways=ways))
    return found

"""The steps of a procedure: what is asked, and where each answer leads. Pure.

An answer leads to a later step, or to an end; never back, so that every way comes to an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict

MOST_STEPS = 30
MOST_ANSWERS = 5
MOST_ASKED, MOST_HINT, MOST_LABEL = 300, 1000, 120
SOLVED, HANDED = "solved", "handed"
ENDS = (SOLVED, HANDED)


class Way(TypedDict):
    """An answer; `go`: the number of a later step (from 0, as text), `solved` or `handed`. `also`: the label in other
    languages, by their codes."""

    label: str
    go: str
    also: NotRequired[dict[str, str]]


class Words(TypedDict):
    """A question with its hint in another language; what is empty is read as it is written first."""

    ask: str
    hint: str


class Step(TypedDict):
    """A question with a hint and its answers. `also`: both in other languages, by their codes."""

    ask: str
    hint: str
    ways: list[Way]
    also: NotRequired[dict[str, Words]]


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
        ask = _line(step["ask"], MOST_ASKED)
        ways = [_kept_way(way) for way in step["ways"] if _line(way["label"], MOST_LABEL)]
        if not ask:
            raise WrongSteps(number, "ask")
        if not 1 <= len(ways) <= MOST_ANSWERS:
            raise WrongSteps(number, "ways")
        for way in ways:
            leads_on = way["go"].isascii() and way["go"].isdigit() and number < int(way["go"]) < len(steps)
            if way["go"] not in ENDS and not leads_on:
                raise WrongSteps(number, "back")
        found.append(_with_others(Step(ask=ask, hint=step["hint"].strip()[:MOST_HINT], ways=ways), step))
    return found


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _kept_way(way: Way) -> Way:
    kept = Way(label=_line(way["label"], MOST_LABEL), go=way["go"])
    also = {code: _line(label, MOST_LABEL) for code, label in sorted(way.get("also", {}).items()) if label.strip()}
    return Way(**kept, also=also) if also else kept


def _with_others(kept: Step, step: Step) -> Step:
    also: dict[str, Words] = {}
    for code, words in sorted(step.get("also", {}).items()):
        ask, hint = _line(words["ask"], MOST_ASKED), words["hint"].strip()[:MOST_HINT]
        if ask or hint:
            also[code] = Words(ask=ask, hint=hint)
    return Step(**kept, also=also) if also else kept


def in_language(steps: Sequence[Step], code: str) -> list[Step]:
    """The steps as they read in that language; what is not written in it stays as it is."""
    found: list[Step] = []
    for step in steps:
        words = step.get("also", {}).get(code, Words(ask="", hint=""))
        ways = [Way(label=way.get("also", {}).get(code) or way["label"], go=way["go"]) for way in step["ways"]]
        found.append(Step(ask=words["ask"] or step["ask"], hint=words["hint"] or step["hint"], ways=ways))
    return found

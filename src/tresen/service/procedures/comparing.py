"""What two versions of a procedure do not have in common, step by step. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tresen.service.procedures.steps import ENDS, Step, Way, in_language


@dataclass(frozen=True)
class StepChange:
    """`old` and `new`: the step's number in either version, from 0; None where it is not there."""

    old: int | None
    new: int | None

    @property
    def kind(self) -> str:
        """new, gone or changed."""
        return "new" if self.old is None else "gone" if self.new is None else "changed"


@dataclass(frozen=True)
class Said:
    """A step as it reads: its answers with the question they lead to, or the end; `others`: all its words in the other
    languages in which any of it is written."""

    ask: str
    hint: str
    ways: list[tuple[str, str]]
    others: dict[str, tuple[str, ...]]


def compare(old: Sequence[Step], new: Sequence[Step]) -> list[StepChange]:
    """The steps that differ, in the order of the newer version. A step is known by its question, else by its place;
    where an answer leads is compared by what is asked there, so that a step put in between changes no other."""
    found: list[StepChange] = []
    asked, asks = [step["ask"] for step in old], [step["ask"] for step in new]
    for kind, i, j, k, m in SequenceMatcher(None, asked, asks, autojunk=False).get_opcodes():
        pairs = [(n, k + n - i) for n in range(i, min(j, i + m - k))]
        if kind == "equal":
            pairs = [(a, b) for a, b in pairs if said(old, a) != said(new, b)]
        found += [StepChange(a, b) for a, b in pairs]
        if kind != "equal":
            found += [StepChange(None, b) for b in range(k + len(pairs), m)]
            found += [StepChange(a, None) for a in range(i + len(pairs), j)]
    return found


def said(steps: Sequence[Step], number: int) -> Said:
    """A step as it reads."""
    step = steps[number]
    codes = sorted({*step.get("also", {}), *(code for way in step["ways"] for code in way.get("also", {}))})
    others = {}
    for code in codes:
        there = in_language([step], code)[0]
        others[code] = (there["ask"], there["hint"], *(way["label"] for way in there["ways"]))
    return Said(step["ask"], step["hint"], [(way["label"], _to(steps, way)) for way in step["ways"]], others)


def _to(steps: Sequence[Step], way: Way) -> str:
    return way["go"] if way["go"] in ENDS else steps[int(way["go"])]["ask"]

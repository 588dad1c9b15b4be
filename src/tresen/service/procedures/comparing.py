"""What two versions of a procedure do not have in common, step by step. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tresen.service.procedures.steps import ENDS, Step, Way


@dataclass(frozen=True)
class StepChange:
    """`old` and `new`: the step's number in either version, from 0; None where it is not there."""

    old: int | None
    new: int | None

    @property
    def kind(self) -> str:
        """new, gone or changed."""
        return "new" if self.old is None else "gone" if self.new is None else "changed"


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


def said(steps: Sequence[Step], number: int) -> tuple[str, str, list[tuple[str, str]]]:
    """A step as it reads: question, hint, and its answers with the question they lead to, or the end."""
    step = steps[number]
    return step["ask"], step["hint"], [(way["label"], _to(steps, way)) for way in step["ways"]]


def _to(steps: Sequence[Step], way: Way) -> str:
    return way["go"] if way["go"] in ENDS else steps[int(way["go"])]["ask"]

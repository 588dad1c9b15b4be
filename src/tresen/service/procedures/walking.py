"""Where somebody stands in a procedure, told by his answers alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tresen.service.procedures.steps import ENDS, Step


class NoSuchWay(ValueError):
    """There is no such answer."""


@dataclass(frozen=True)
class Walk:
    """`passed`: each step that was answered, with the number of its answer. `step`: what is asked now, None at an end;
    `end`: solved or handed, empty on the way."""

    passed: tuple[tuple[int, int], ...]
    step: int | None
    end: str

    @property
    def last(self) -> int:
        """The step that is asked, or that was asked last."""
        return self.step if self.step is not None else self.passed[-1][0]


def walk(steps: Sequence[Step], ways: Sequence[int]) -> Walk:
    """Follows these answers from the first step on. Raises NoSuchWay."""
    at: int | None = 0
    passed: list[tuple[int, int]] = []
    end = ""
    for way in ways:
        if at is None or not 0 <= way < len(steps[at]["ways"]):
            raise NoSuchWay
        passed.append((at, way))
        go = steps[at]["ways"][way]["go"]
        at, end = (None, go) if go in ENDS else (int(go), "")
    return Walk(tuple(passed), at, end)

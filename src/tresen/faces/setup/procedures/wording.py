"""A step of a procedure in words, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tresen.core.people.models import LANGUAGES
from tresen.kit.differences import Piece, differences
from tresen.service.procedures.comparing import StepChange, compare, said
from tresen.service.procedures.steps import HANDED, SOLVED, Step


@dataclass(frozen=True)
class Shown:
    """A step that differs: which, how, and the pieces of what it says, thing by thing."""

    change: StepChange
    title: str
    parts: list[tuple[Any, list[Piece]]]


def shown_changes(old: Sequence[Step], new: Sequence[Step]) -> list[Shown]:
    """Every step that differs."""
    return [Shown(one, _title(one), _parts(old, new, one)) for one in compare(old, new)]


def _title(change: StepChange) -> str:
    number = change.new if change.new is not None else change.old
    return _("Step %(n)s") % {"n": (number or 0) + 1}


def _parts(old: Sequence[Step], new: Sequence[Step], change: StepChange) -> list[tuple[Any, list[Piece]]]:
    before = _words(old, change.old) if change.old is not None else {}
    after = _words(new, change.new) if change.new is not None else {}
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in {**before, **after})
    return [(label, differences(one, other)) for label, one, other in pairs if one != other]


def _words(steps: Sequence[Step], number: int) -> dict[str, str]:
    step, names = said(steps, number), dict(LANGUAGES)
    lines = "\n".join(f"{label} → {place_of(to)}" for label, to in step.ways)
    others = {str(names.get(code, code)): "\n".join(filter(None, words)) for code, words in step.others.items()}
    return {_("Question"): step.ask, _("Hint"): step.hint, _("Answers"): lines, **others}


def place_of(to: str) -> str:
    """Where an answer leads, in words: an end, or the question asked there."""
    ends = {SOLVED: _("It is solved"), HANDED: _("Hand it over")}
    return str(ends.get(to, to))

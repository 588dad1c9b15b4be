"""What a service wants done once work begins: steps on the ticket, and tickets for other teams. Pure.

Their texts know names in double braces (kit/placeholders.py): who asked for what, and the answers, `{{answer.device}}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from tresen.core.catalog.fields import SILENT, Field
from tresen.kit.placeholders import Place, fill, unknown_names

MOST_STEPS, MOST_CHILDREN = 50, 10
MOST_STEP, MOST_SUBJECT, MOST_TEXT = 200, 200, 4000
NAMES: dict[str, Any] = {
    "contact.name": _("who asked"),
    "organisation.name": _("organisation of who asked"),
    "brand.name": _("name of the brand"),
    "service.name": _("name of the service"),
    "ticket.number": _("number of the ticket"),
    "ticket.subject": _("subject of the ticket"),
    "answers": _("all that was answered"),
}


class Child(TypedDict):
    """A ticket for another team. `team`, `category`: their keys, None for none."""

    subject: str
    text: str
    team: int | None
    category: int | None


class WrongTask(ValueError):
    """A task cannot be kept. `kind`: steps or children; `place`: which (from 0). `why`: many, subject, text, names
    (`unknown` says which)."""

    def __init__(self, kind: str, place: int, why: str, unknown: Sequence[str] = ()) -> None:
        super().__init__(f"{kind} {place}: {why} {list(unknown)}")
        self.kind, self.place, self.why, self.unknown = kind, place, why, list(unknown)


def names_for(fields: Iterable[Field]) -> dict[str, Any]:
    """The names that texts of a service with these fields know."""
    answers = {f"answer.{field['key']}": field["labels"] for field in fields if field["kind"] not in SILENT}
    return {**NAMES, **answers}


def checked_steps(steps: Sequence[str], known: Iterable[str]) -> list[str]:
    """The steps as they are kept. Raises WrongTask."""
    kept = [line for step in steps if (line := " ".join(step.replace("\0", "").split())[:MOST_STEP])]
    if len(kept) > MOST_STEPS:
        raise WrongTask("steps", MOST_STEPS, "many")
    for place, step in enumerate(kept):
        if unknown := unknown_names(step, set(known)):
            raise WrongTask("steps", place, "names", unknown)
    return kept


def checked_children(children: Sequence[Child], known: Iterable[str]) -> list[Child]:
    """The tickets for others as they are kept. Raises WrongTask."""
    if len(children) > MOST_CHILDREN:
        raise WrongTask("children", MOST_CHILDREN, "many")
    kept: list[Child] = []
    for place, child in enumerate(children):
        subject = " ".join(child["subject"].replace("\0", "").split())[:MOST_SUBJECT]
        text = child["text"].replace("\0", "").replace("\r\n", "\n").strip()
        if not subject:
            raise WrongTask("children", place, "subject")
        if len(text) > MOST_TEXT:
            raise WrongTask("children", place, "text")
        if unknown := unknown_names(f"{subject}\n{text}", set(known)):
            raise WrongTask("children", place, "names", unknown)
        kept.append(Child(subject=subject, text=text, team=child["team"], category=child["category"]))
    return kept


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """A step or a subject with its values, in one line."""
    return fill(text, values, place=Place.HEADER)


def filled_text(text: str, values: Mapping[str, str]) -> str:
    """A text with its values."""
    return fill(text, values, place=Place.TEXT)

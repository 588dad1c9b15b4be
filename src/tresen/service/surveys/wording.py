"""The words of a survey, by language: what the desk has written, else what is shipped."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tresen.kit.placeholders import Place, fill, unknown_names
from tresen.service.surveys.models import Survey
from tresen.service.surveys.scales import SCALES

# Above the question in the mail, the question, and what stands there once somebody has rated.
KINDS = ("intro", "question", "thanks")
LENGTHS = {"intro": 1000, "question": 200, "thanks": 400}
NAMES = ("ticket.subject", "ticket.number", "brand.name", "contact.name")


class WrongText(ValueError):
    """A text has names that there are not."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(", ".join(unknown))
        self.unknown = unknown


def default_words(kind: str, scale: str, language: str) -> str:
    """What counts where nobody has written anything."""
    if kind == "question":
        return SCALES[scale].default_question(language)
    with translation.override(language):
        if kind == "intro":
            return _("your request “{{ticket.subject}}” ({{ticket.number}}) is solved. How was it?")
        return _("Thank you. Your rating helps us to get better.")


def words(survey: Survey, kind: str, language: str, *, scale: str = "", values: dict[str, str] | None = None) -> str:
    """One of the KINDS in that language. `scale`: how it was asked, where that is another by now."""
    asked = scale or survey.scale
    own = survey.texts.get(language, {}).get(kind, "")
    if kind == "question" and asked != survey.scale:
        own = ""
    return fill(own or default_words(kind, asked, language), values or {}, place=Place.TEXT)


def check_words(text: str) -> None:
    """Raises WrongText."""
    if unknown := unknown_names(text, NAMES):
        raise WrongText(unknown)


def values_of(asked: Any) -> dict[str, str]:
    """What the names stand for; each on one line."""
    ticket = asked.ticket
    name = "" if "@" in asked.contact.name else asked.contact.name
    found = {"ticket.subject": ticket.subject, "ticket.number": ticket.shown_number, "brand.name": ticket.brand.name,
             "contact.name": name}  # fmt: skip
    return {
        key: " ".join("".join(c if c.isprintable() else " " for c in value).split()) for key, value in found.items()
    }

"""Words by language, as they are read and as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tresen.core.people.models import LANGUAGES
from tresen.kit.linking import linked


class Said(NamedTuple):
    """What a reader is told; `lang` names its language where that is not his own."""

    text: str
    lang: str

    @property
    def linked(self) -> SafeString:
        """The text for a page, escaped, its web addresses as links."""
        return linked(self.text)


def said_in(words: Mapping[str, str], main: str) -> Said:
    """The words in the reader's language, else in the main one, else in any that has some."""
    wanted = (get_language() or "en")[:2]
    for code in (wanted, main, *(code for code, _name in LANGUAGES)):
        if text := words.get(code):
            return Said(text, "" if code == wanted else code)
    return Said("", "")


def clean_line(text: str, most: int) -> str:
    """One line without what cannot be seen."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable())[:most].strip()


def clean_lines(text: str, most: int) -> str:
    """Plain text with the line ends we use everywhere, without what cannot be seen."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or c.isprintable())[:most].strip()

"""What was answered, in words: beside a ticket, and as the text of its first message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from tresen.core.catalog.fields import SILENT, Field, Kind
from tresen.core.catalog.models import Request
from tresen.core.tickets.category_models import in_language


def told(fields: Sequence[Field], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What each field is called and what was answered, in the reader's language; what has no answer is left out."""
    return [
        (in_language(field["labels"]), in_words(field, answers[field["key"]]))
        for field in fields
        if field["key"] in answers and field["kind"] not in SILENT
    ]


def in_words(field: Field, answer: Any) -> str:
    """An answer as one reads it."""
    match field["kind"]:
        case Kind.YES_NO:
            return _("yes") if answer else _("no")
        case Kind.NUMBER:
            return formats.number_format(answer, use_l10n=True)
        case Kind.DATE:
            return formats.date_format(date.fromisoformat(answer), "DATE_FORMAT")
        case Kind.CHOICE | Kind.CHOICES:
            names = {option["key"]: in_language(option["names"]) for option in field["options"]}
            chosen = answer if isinstance(answer, list) else [answer]
            return ", ".join(names.get(str(one), str(one)) for one in chosen)
        case Kind.FILE:
            return ", ".join(answer)
    return str(answer)


def as_text(service_name: str, answered: Sequence[tuple[str, str]], more: str = "") -> str:
    """The same as the text of a message, with what was written besides."""
    lines = [service_name, ""]
    for label, text in answered:
        named = label if label.endswith(("?", ":", "!", ".")) else f"{label}:"
        lines += [named, *text.split("\n"), ""] if "\n" in text or len(text) > 80 else [f"{named} {text}"]
    return "\n".join([*lines, *(["", more] if more else [])]).strip()


def subject_of(service_name: str, fields: Sequence[Field], answers: Mapping[str, Any]) -> str:
    """The name of the service, with the answers that belong into the subject."""
    named = [
        in_words(field, answers[field["key"]]) for field in fields if field["in_subject"] and field["key"] in answers
    ]
    return " ".join(f"{service_name}: {', '.join(named)}"[:200].split()) if named else service_name[:200]


def answers_of(request: Request) -> list[tuple[str, str]]:
    """What was answered in a request, in the reader's language."""
    return told(request.form.fields, request.answers)


def said(fields: Sequence[Field], answers: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """The same as `told` in that language."""
    with translation.override(language or translation.get_language()):
        return told(fields, answers)

"""Changes that go along with what is written, in words: each can be taken out before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.staged import lines_of, meaning_of, read_lines
from tresen.faces.desk.ticket.event_words import Names
from tresen.faces.desk.ticket.fields import LABELS, show_value
from tresen.service.texts.applying import SOURCES

_MOST = 100


@dataclass(frozen=True)
class StagedChange:
    """One of them: the line that is sent, and what it says. A hidden one only tells where a text came from."""

    value: str
    label: str
    hidden: bool = False


def staged_changes(lines: Iterable[str], principal: Principal) -> list[StagedChange]:
    """The lines in words; those that mean nothing to this agent are left out."""
    listed = list(lines)
    changes = read_lines(listed)
    values, names = meaning_of(changes, principal).values, Names()
    shown = {name: value for name, value in changes.items() if name in values}
    sources = [line for line in dict.fromkeys(listed) if line.partition("=")[0] in SOURCES]
    return [
        *(StagedChange(line, _label(line, values, names)) for line in lines_of(shown)),
        *(StagedChange(line, "", hidden=True) for line in sources),
    ]


def _label(line: str, values: dict[str, Any], names: Names) -> str:
    name, _equals, value = line.partition("=")
    if name.startswith(KEY):
        told = " ".join(names.shown(name, values[name]).split())[:_MOST]
        return _("%(field)s → %(value)s") % {"field": names.label(name), "value": told}
    if name == "add_tags":
        return f"+ {value}"
    if name == "remove_tags":
        return f"− {value}"
    if name == "checklist":
        return _checklist_label(values[name])
    nobody = {"assignee": _("Nobody yet"), "team": _("No team"), "category": _("No category")}
    shown = nobody[name] if values[name] is None else show_value(name, values[name])
    return _("%(field)s → %(value)s") % {"field": LABELS[name], "value": shown}


def _checklist_label(kept: ChecklistTemplate) -> str:
    steps = ngettext("%(n)s step", "%(n)s steps", len(kept.steps)) % {"n": len(kept.steps)}
    return _("+ checklist “%(name)s”, %(steps)s") % {"name": kept.name, "steps": steps}


def gone_labels(names: Iterable[str]) -> list[str]:
    """The fields whose value a macro can no longer set, by their names."""
    words = Names()
    return [words.label(name) for name in names]

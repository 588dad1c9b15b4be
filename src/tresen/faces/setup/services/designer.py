"""The form of a service as it is put together: a row a field, moved and taken away by buttons, kept by one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from tresen.core.catalog.answer_forms import AskedFields
from tresen.core.catalog.fields import (
    ASKED_ABOUT,
    CODES,
    LINES,
    MOST_FIELDS,
    MOST_HELP,
    MOST_LABEL,
    MOST_OPTIONS,
    MOST_PLACEHOLDER,
    MOST_VALUE,
    SILENT,
    WITH_OPTIONS,
    Condition,
    Field,
    How,
    Kind,
    Option,
    Pattern,
    WrongForm,
    key_for,
    new_field,
)
from tresen.core.people.models import LANGUAGES
from tresen.core.tickets.category_models import in_language

EMPTY_OPTIONS = 2
WITH_RANGE = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.CHOICES, Kind.FILE})
IN_SUBJECT = LINES | {Kind.CHOICE, Kind.CHOICES}


@dataclass
class FieldRow:
    """A field as it is typed, and what is wrong with it."""

    n: int
    field: Field
    before: list[Field]
    error: str = ""

    @property
    def kind(self) -> Kind:
        """What sort of field it is."""
        return Kind(self.field["kind"])

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return in_language(self.field["labels"]) or str(self.kind.label)

    @property
    def texts(self) -> list[tuple[str, str, str, str, str]]:
        """Each language: code, name, label, help, placeholder."""
        return [
            (code, name, self.field["labels"].get(code, ""), self.field["helps"].get(code, ""),
             self.field["placeholders"].get(code, ""))
            for code, name in LANGUAGES
        ]  # fmt: skip

    @property
    def options(self) -> list[tuple[int, str, list[tuple[str, str]]]]:
        """What can be chosen, with some empty places: number, key, and the name in each language."""
        empty = [Option(key="", names={})] * min(EMPTY_OPTIONS, MOST_OPTIONS - len(self.field["options"]))
        rows = [*self.field["options"], *empty]
        return [(n, row["key"], [(code, row["names"].get(code, "")) for code in CODES]) for n, row in enumerate(rows)]

    @property
    def has_options(self) -> bool:
        """Whether it has something to choose from."""
        return self.kind in WITH_OPTIONS

    @property
    def has_range(self) -> bool:
        """Whether it has a least and a most."""
        return self.kind in WITH_RANGE

    @property
    def range_words(self) -> tuple[str, str]:
        """What these are called."""
        return {
            Kind.NUMBER: (_("At least"), _("At most")),
            Kind.CHOICES: (_("Choose at least"), _("Choose at most")),
            Kind.FILE: (_("At least so many files"), _("At most so many files")),
        }.get(self.kind, (_("At least so many letters"), _("At most so many letters")))

    @property
    def is_silent(self) -> bool:
        """Whether it is only read."""
        return self.kind in SILENT

    @property
    def has_placeholder(self) -> bool:
        """Whether an example can stand in it."""
        return self.kind in LINES | {Kind.LONG_TEXT}

    @property
    def has_pattern(self) -> bool:
        """Whether it can be asked to look like something."""
        return self.kind == Kind.TEXT

    @property
    def patterns(self) -> list[tuple[str, Any]]:
        """What it can look like."""
        return list(Pattern.choices)

    @property
    def can_be_in_subject(self) -> bool:
        """Whether its answer fits into a subject."""
        return self.kind in IN_SUBJECT

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """When it can be shown, as one chooses it: `key|how|value`; a value that is typed is empty there."""
        found = [("", _("always"))]
        for asked in self.before:
            if asked["kind"] in ASKED_ABOUT and asked["key"]:
                found += _conditions_on(asked)
        when = self.field["when"]
        if when and not any(value.startswith(f"{when['field']}|{when['how']}|") for value, _label in found):
            full = f"{when['field']}|{when['how']}|{when['value']}"
            found.append((full, _("after a field that stands below, or is gone")))
        return found

    @property
    def chosen_condition(self) -> str:
        """Which of them it is."""
        when = self.field["when"]
        if when is None:
            return ""
        full = f"{when['field']}|{when['how']}|{when['value']}"
        return full if full in dict(self.conditions) else f"{when['field']}|{when['how']}|"

    @property
    def condition_value(self) -> str:
        """What was typed for it."""
        when = self.field["when"]
        return when["value"] if when and self.chosen_condition.endswith("|") else ""


def _conditions_on(asked: Field) -> list[tuple[str, str]]:
    key, name = asked["key"], in_language(asked["labels"]).rstrip("?:")
    if asked["kind"] == Kind.YES_NO:
        told = [("yes", _("yes")), ("no", _("no"))]
        return [(f"{key}|is|{value}", _("“%(field)s”: %(value)s") % {"field": name, "value": w}) for value, w in told]
    if asked["kind"] in WITH_OPTIONS:
        how = How.CONTAINS if asked["kind"] == Kind.CHOICES else How.IS
        told = [(one["key"], in_language(one["names"])) for one in asked["options"] if one["key"]]
        return [
            (f"{key}|{how}|{value}", _("“%(field)s”: %(value)s") % {"field": name, "value": w}) for value, w in told
        ]
    found = [(f"{key}|is|", _("“%(field)s” is …") % {"field": name})]
    if asked["kind"] != Kind.NUMBER:
        found.append((f"{key}|contains|", _("“%(field)s” contains …") % {"field": name}))
    return found


class FieldRows:
    """All fields of the page."""

    def __init__(self, fields: list[Field]) -> None:
        self.rows = [FieldRow(n, field, fields[:n]) for n, field in enumerate(fields)]

    @classmethod
    def typed(cls, data: QueryDict) -> FieldRows:
        """What was sent, after what was asked for: `add` a field of a kind, move one `up` or `down`, `drop` one."""
        fields = [_typed_field(data, n) for n in range(MOST_FIELDS) if data.get(f"kind-{n}") in Kind.values]
        _name_all(fields)
        place = _number(data.get("up") or data.get("down") or data.get("drop"))
        if "add" in data and data["add"] in Kind.values and len(fields) < MOST_FIELDS:
            fields.append(new_field(data["add"], {}))
        elif "drop" in data and 0 <= place < len(fields):
            del fields[place]
        elif "up" in data and 0 < place < len(fields):
            fields[place - 1], fields[place] = fields[place], fields[place - 1]
        elif "down" in data and 0 <= place < len(fields) - 1:
            fields[place + 1], fields[place] = fields[place], fields[place + 1]
        return cls(fields)

    @property
    def fields(self) -> list[Field]:
        """As the service takes them."""
        return [row.field for row in self.rows]

    @property
    def has_room(self) -> bool:
        """Whether one more may be added."""
        return len(self.rows) < MOST_FIELDS

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        """What can be added."""
        return list(Kind.choices)

    def preview(self) -> Any:
        """The form as the customer sees it; its `asked` are the fields."""
        form: Any = forms.Form(auto_id="seen_%s", use_required_attribute=False)
        shown = [field for field in self.fields if field["labels"] or field["helps"]]
        form.asked = AskedFields(form, shown, file_field=lambda: forms.FileField(required=False))
        return form

    def show(self, fault: WrongForm) -> None:
        """Says at the field what is wrong with it."""
        words = {
            "many": _("These are too many fields."), "kind": _("There is no such kind of field."),
            "label": _("Write what is asked."), "options": _("Name at least one choice, none twice."),
            "range": _("The least is not above the most, and none below 0 but for numbers."),
            "pattern": _("There is no such pattern."), "key": _("Two fields have the same short name."),
            "condition": _("It can wait only for an earlier field, and for an answer that this field has."),
        }  # fmt: skip
        if self.rows:
            self.rows[min(fault.place, len(self.rows) - 1)].error = words[fault.why]


def _typed_field(data: QueryDict, n: int) -> Field:
    kind = data.get(f"kind-{n}", "")
    texts = {
        name: {code: _text(data, f"{name}-{n}-{code}", most) for code in CODES}
        for name, most in (("label", MOST_LABEL), ("help", MOST_HELP), ("placeholder", MOST_PLACEHOLDER))
    }
    options = [
        Option(
            key=_text(data, f"option-{n}-{o}", 60),
            names={code: _text(data, f"option-{n}-{o}-{code}", MOST_VALUE) for code in CODES},
        )
        for o in range(MOST_OPTIONS)
        if f"option-{n}-{o}" in data
    ]
    field, how, value = (*_text(data, f"when-{n}", 300).split("|", 2), "", "", "")[:3]
    value = value or _text(data, f"value-{n}", MOST_VALUE)
    return new_field(
        kind, _filled(texts["label"]), key=_text(data, f"key-{n}", 130), helps=_filled(texts["help"]),
        placeholders=_filled(texts["placeholder"]), required=f"required-{n}" in data,
        options=[one for one in options if any(one["names"].values())], least=_amount(data.get(f"least-{n}")),
        most=_amount(data.get(f"most-{n}")), pattern=_text(data, f"pattern-{n}", 20),
        when=Condition(field=field, how=how, value=value) if field else None, in_subject=f"subject-{n}" in data,
    )  # fmt: skip


def _name_all(fields: list[Field]) -> None:
    """Gives what has none a key, so that later fields can wait for it before the form is saved."""
    for field in fields:
        if not field["key"] and field["labels"]:
            field["key"] = key_for(in_language(field["labels"]), {one["key"] for one in fields})
        for option in field["options"]:
            taken = {one["key"] for one in field["options"]}
            option["key"] = option["key"] or key_for(in_language(option["names"]), taken)


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def _text(data: QueryDict, name: str, most: int) -> str:
    return data.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:most]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else -1


def _amount(text: str | None) -> float | None:
    try:
        found = float((text or "").strip().replace(",", "."))
    except ValueError:
        return None
    if found != found or abs(found) > 10**12:
        return None
    return int(found) if found.is_integer() else found

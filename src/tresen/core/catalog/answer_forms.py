"""The form of a service as one fills it in, in the portal, at the desk and in the preview of the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import formats
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.catalog.answering import Fault, evaluate
from tresen.core.catalog.fields import MOST_LINE, MOST_TEXT, SILENT, Field, How, Kind, Pattern
from tresen.core.tickets.category_models import in_language
from tresen.kit.filetypes import safe_name

# Up to so many choices stand side by side; more are a list that opens.
MOST_RADIOS = 6


class Lenient(forms.Field):
    """A field that takes whatever was sent: evaluate() says what is wrong with it."""

    def validate(self, value: Any) -> None:
        """Nothing is wrong here."""


@dataclass(frozen=True)
class AskedField:
    """One field as it is drawn; `bound` is None for what is only read. `only_if`: its condition in words, `when` the
    same for the script that hides it."""

    kind: str
    label: str
    text: SafeString
    bound: forms.BoundField | None
    only_if: str
    when: tuple[str, str, str] | None
    chosen: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it takes files."""
        return self.kind == Kind.FILE


class AskedFields:
    """Part of a form that asks what a service asks, `a_KEY`. After `clean` the `answers` are as they are kept, and the
    `files` those that came with fields that are shown. `file_field` makes the form field for a field of files;
    without it these are left out."""

    def __init__(
        self, form: forms.Form, fields: Sequence[Field], *, file_field: Callable[[], forms.Field] | None = None
    ) -> None:
        self.form = form
        self.fields = [field for field in fields if file_field or field["kind"] != Kind.FILE]
        self.answers: dict[str, Any] = {}
        self.files: list[UploadedFile] = []
        for field in self.fields:
            if field["kind"] in SILENT:
                continue
            is_file = field["kind"] == Kind.FILE
            made = file_field() if file_field and is_file else Lenient(widget=_widget(field))
            made.label, made.help_text = in_language(field["labels"]), _help(field) or made.help_text
            made.required = field["required"]
            form.fields[f"a_{field['key']}"] = made

    @property
    def has_files(self) -> bool:
        """Whether one of its fields takes files."""
        return any(field["kind"] == Kind.FILE for field in self.fields)

    @property
    def rows(self) -> list[AskedField]:
        """To be drawn, in order."""
        return [self._row(field) for field in self.fields if field["kind"] in SILENT or self._name(field)]

    def _name(self, field: Field) -> str:
        name = f"a_{field['key']}"
        return name if name in self.form.fields else ""

    def _row(self, field: Field) -> AskedField:
        when, name = field["when"], self._name(field)
        chosen = ""
        if field["kind"] == Kind.FILE and hasattr(self.form.files, "getlist"):
            chosen = ", ".join(safe_name(one.name or "") for one in self.form.files.getlist(name))
        return AskedField(
            kind=field["kind"], label=in_language(field["labels"]), text=_help(field),
            bound=self.form[name] if name else None, only_if=only_if(field, self.fields),
            when=(f"a_{when['field']}", when["how"], when["value"]) if when else None, chosen=chosen,
        )  # fmt: skip

    def clean(self) -> None:
        """Says at each field what is wrong with it."""
        given: dict[str, Any] = {}
        held: Mapping[str, Any] = self.form.cleaned_data
        for field in self.fields:
            if field["kind"] in SILENT or not (name := self._name(field)):
                continue
            value = held.get(name)
            given[field["key"]] = [safe_name(f.name or "") for f in value or ()] if _is_file(field) else value
        found = evaluate(self.fields, given)
        self.answers = found.answers
        for key, fault in found.faults.items():
            if not self.form.has_error(f"a_{key}"):
                self.form.add_error(f"a_{key}", in_words(fault))
        self.files = [
            file for field in self.fields if _is_file(field) and field["key"] in found.answers
            for file in held.get(f"a_{field['key']}") or ()
        ]  # fmt: skip


def _is_file(field: Field) -> bool:
    return field["kind"] == Kind.FILE


def _help(field: Field) -> SafeString:
    text = in_language(field["helps"])
    return mark_safe(linebreaks(text, autoescape=True)) if text else mark_safe("")  # noqa: S308 (escaped)


def _widget(field: Field) -> forms.Widget:
    placeholder = in_language(field["placeholders"])
    attrs: dict[str, Any] = {"placeholder": placeholder} if placeholder else {}
    names = [(option["key"], in_language(option["names"])) for option in field["options"]]
    match field["kind"]:
        case Kind.LONG_TEXT:
            return forms.Textarea(attrs={"rows": "5", "maxlength": str(MOST_TEXT), **attrs})
        case Kind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "decimal", "class": "short", **attrs})
        case Kind.CHOICE if len(names) <= MOST_RADIOS:
            return forms.RadioSelect(choices=names)
        case Kind.CHOICE:
            return forms.Select(choices=[("", _("Please choose")), *names])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=names)
        case Kind.YES_NO:
            return forms.RadioSelect(choices=[("yes", _("yes")), ("no", _("no"))])
        case Kind.DATE:
            return forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
        case Kind.MAIL:
            return forms.EmailInput(attrs={"maxlength": "254", **attrs})
        case Kind.PHONE:
            return forms.TextInput(attrs={"type": "tel", "maxlength": "40", **attrs})
    return forms.TextInput(attrs={"maxlength": str(MOST_LINE), **attrs})


def only_if(field: Field, fields: Sequence[Field]) -> str:
    """The condition of a field in words; empty for none."""
    when = field["when"]
    asked = next((one for one in fields if when and one["key"] == when["field"]), None)
    if when is None or asked is None:
        return ""
    value = when["value"]
    if asked["kind"] == Kind.YES_NO:
        value = _("yes") if value == "yes" else _("no")
    value = next((in_language(o["names"]) for o in asked["options"] if o["key"] == value), value)
    said = {"field": in_language(asked["labels"]).rstrip("?:"), "value": value}
    if when["how"] == How.CONTAINS:
        return _("Only if your answer to “%(field)s” contains “%(value)s”:") % said
    return _("Only if your answer to “%(field)s” is “%(value)s”:") % said


def in_words(fault: Fault) -> str:
    """What is wrong, and what would be right."""
    n = fault.bound if isinstance(fault.bound, int | float) else 0
    whole = int(n)
    number = formats.number_format(whole if n == whole else n, use_l10n=True)
    match fault.why:
        case "long":
            return ngettext("At most %(n)s letter.", "At most %(n)s letters.", whole) % {"n": number}
        case "short":
            return ngettext("At least %(n)s letter.", "At least %(n)s letters.", whole) % {"n": number}
        case "small":
            return _("At least %(n)s.") % {"n": number}
        case "large":
            return _("At most %(n)s.") % {"n": number}
        case "few":
            return _("Please choose at least %(n)s.") % {"n": number}
        case "many":
            return _("Please choose at most %(n)s.") % {"n": number}
        case "pattern" if fault.bound in Pattern.values:
            return _("This should be: %(what)s.") % {"what": Pattern(fault.bound).label}
    return {
        "missing": _("Please fill this in."), "number": _("Please write a number."),
        "date": _("Please give a date."), "offered": _("That is not one of the choices."),
        "mail": _("This is not a whole mail address. It looks like name@example.org."),
        "phone": _("Please write a telephone number."), "yes_no": _("Please choose yes or no."),
    }.get(fault.why, _("That value is not possible."))  # fmt: skip

"""What the pages of the catalogue share: words in three languages, and icons to choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.people.models import LANGUAGES
from tresen.kit.templatetags.kit import icon

CODES = [code for code, _name in LANGUAGES]
ICONS: list[tuple[str, Any]] = [
    ("alert", _("Warning sign")), ("key", _("Key")), ("lock", _("Lock")), ("laptop", _("Notebook")),
    ("phone", _("Telephone")), ("mail", _("Letter")), ("print", _("Printer")), ("globe", _("Globe")),
    ("box", _("Box")), ("wrench", _("Spanner")), ("gear", _("Cogwheel")), ("cap", _("Academic cap")),
    ("calendar", pgettext_lazy("icon", "Calendar")), ("people", _("People")), ("building", _("Building")),
    ("book", _("Book")), ("shield", _("Shield")), ("help", _("Question mark")),
]  # fmt: skip


class IconField(forms.ChoiceField):
    """One of our icons, or none."""

    def __init__(self, **kwargs: Any) -> None:
        shown = [(name, format_html("{} {}", icon(name), words)) for name, words in ICONS]
        super().__init__(
            required=False, choices=[("", _("none")), *shown], widget=forms.RadioSelect(attrs={"class": "icons"}),
            label=pgettext_lazy("of a service", "Icon"), **kwargs,
        )  # fmt: skip


def add_words(form: forms.Form, name: str, label: Any, *, most: int, lines: int = 1, hint: Any = "") -> None:
    """A text by language: fields `NAME_en`, `NAME_de`, `NAME_pl`."""
    for code, language in LANGUAGES:
        attrs = {"lang": code, "rows": str(lines)} if lines > 1 else {"lang": code}
        widget: forms.Widget = forms.Textarea(attrs=attrs) if lines > 1 else forms.TextInput(attrs=attrs)
        form.fields[f"{name}_{code}"] = forms.CharField(
            label=f"{label} ({language})", max_length=most, required=False, widget=widget,
            help_text=hint if code == CODES[0] else "",
        )  # fmt: skip


def words_in(data: dict[str, Any], name: str) -> dict[str, str]:
    """The same as it is kept, by language, empty ones left out."""
    found = {code: str(data.get(f"{name}_{code}") or "").strip() for code in CODES}
    return {code: text for code, text in found.items() if text}


def in_fields(values: dict[str, dict[str, str]], *names: str) -> dict[str, Any]:
    """Kept texts as such fields show them: `name` becomes `name_en` and so on."""
    return {f"{name}_{code}": values[name].get(code, "") for name in names for code in CODES}

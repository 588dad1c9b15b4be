"""Custom fields as one types them, at the desk and in the portal: a form made of the desk's own definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tresen.core.tickets.field_models import CustomField, FieldKind, Required
from tresen.core.tickets.field_values import MOST_NUMBER, MOST_TEXT, checked, offered, shown_value


class OwnFieldsForm(forms.Form):
    """Custom fields of one ticket, `f_rack`, with the values they have; `wanted` is what was typed, as it is kept.
    `is_new`: the ticket is being made, so those that are always needed must be filled in."""

    def __init__(
        self, *args: Any, fields: Iterable[CustomField], values: Mapping[str, Any], is_new: bool = False, **kwargs: Any
    ) -> None:
        self.custom, self.values = {field.slug: field for field in fields}, values
        start = {f"f_{slug}": typed(field, values.get(slug)) for slug, field in self.custom.items()}
        super().__init__(*args, **{**kwargs, "initial": {**start, **kwargs.get("initial", {})}})
        for slug, field in self.custom.items():
            needed = is_new and field.required == Required.ALWAYS
            self.fields[f"f_{slug}"] = control_of(field, values.get(slug), needed=needed)

    def clean(self) -> dict[str, Any]:
        """Everything as it is kept on a ticket."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.wanted: dict[str, Any] = {}
        for slug, field in self.custom.items():
            if f"f_{slug}" not in cleaned:
                continue
            try:
                self.wanted[slug] = meant(field, cleaned[f"f_{slug}"], self.values.get(slug))
            except ValueError:
                self.add_error(f"f_{slug}", _("That value is not possible."))
        return cleaned


class WantedFields:
    """Part of a form that says what custom fields are to become, on many tickets or by a macro: `f_rack`, left alone
    where it is empty, and `empty` for those that are to have none."""

    def __init__(self, form: forms.Form, fields: Iterable[CustomField], *, leave: Any) -> None:
        self.form, self.custom = form, {field.slug: field for field in fields}
        for slug, field in self.custom.items():
            form.fields[f"f_{slug}"] = control_of(field, None, nothing=leave)
        if self.custom:
            form.fields["empty"] = forms.MultipleChoiceField(
                label=_("Empty these fields"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(slug, field.name) for slug, field in self.custom.items()],
            )  # fmt: skip

    @property
    def bound(self) -> list[forms.BoundField]:
        """To be drawn."""
        return [self.form[name] for name in (*(f"f_{slug}" for slug in self.custom), "empty")] if self.custom else []

    def clean(self) -> None:
        """What is wanted, as a ticket keeps it, in `wanted`."""
        cleaned = self.form.cleaned_data
        self.wanted: dict[str, Any] = {}
        for slug, field in self.custom.items():
            try:
                value = meant(field, cleaned.get(f"f_{slug}"), None)
            except ValueError:
                self.form.add_error(f"f_{slug}", _("That value is not possible."))
                continue
            if value is not None:
                self.wanted[slug] = value
        self.wanted |= dict.fromkeys(cleaned.get("empty") or ())

    def told(self) -> list[tuple[str, str]]:
        """The same in words."""
        return [(self.custom[slug].name, shown_value(self.custom[slug], v) or "–") for slug, v in self.wanted.items()]


def in_wanted_form(fields: Mapping[str, CustomField], values: Mapping[str, Any]) -> dict[str, Any]:
    """What such a part of a form shows for kept values."""
    shown = {f"f_{slug}": typed(fields[slug], value) for slug, value in values.items() if slug in fields}
    return {**shown, "empty": [slug for slug, value in values.items() if value is None]}


def meant(field: CustomField, value: Any, now: Any) -> Any:
    """As it is kept. A time is shown to the minute: who leaves it as it stands does not change its seconds."""
    wanted = checked(field, plain(field, value), now)
    same = field.kind == FieldKind.DATE_TIME and wanted and now and wanted[:16] == now[:16]
    return now if same else wanted


def control_of(field: CustomField, value: Any, *, needed: bool = False, nothing: Any = "–") -> forms.Field:
    """The form field for a kind; `nothing`: what no choice is called. One that is not in use can only be emptied."""
    more: dict[str, Any] = {"label": field.name, "help_text": field.help, "required": needed}
    kept = value if isinstance(value, list) else [value]
    choices = [(c, field.choice_name(c)) for c in dict.fromkeys([*offered(field), *(k for k in kept if k)])]
    match field.kind:
        case FieldKind.LONG_TEXT:
            return forms.CharField(
                max_length=MOST_TEXT[FieldKind.LONG_TEXT], widget=forms.Textarea(attrs={"rows": 3}), **more
            )
        case FieldKind.NUMBER:
            return forms.DecimalField(
                min_value=-MOST_NUMBER, max_value=MOST_NUMBER, decimal_places=6, localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more,
            )  # fmt: skip
        case FieldKind.YES_NO:
            return forms.ChoiceField(choices=[("", nothing), ("yes", _("yes")), ("no", _("no"))], **more)
        case FieldKind.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
        case FieldKind.DATE_TIME:
            shown = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            return forms.DateTimeField(widget=shown, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **more)
        case FieldKind.CHOICE:
            return forms.ChoiceField(choices=[("", nothing), *choices], **more)
        case FieldKind.CHOICES:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)
        case FieldKind.URL:
            return forms.CharField(max_length=500, widget=forms.TextInput(attrs={"inputmode": "url"}), **more)
    return forms.CharField(max_length=MOST_TEXT[FieldKind.TEXT], **more)


def typed(field: CustomField, value: Any) -> Any:
    """A kept value as the form shows it."""
    if value is None:
        return None
    match field.kind:
        case FieldKind.YES_NO:
            return "yes" if value else "no"
        case FieldKind.DATE:
            return date.fromisoformat(value)
        case FieldKind.DATE_TIME:
            return datetime.fromisoformat(value)
        case FieldKind.NUMBER:
            return Decimal(str(value))
    return value


def plain(field: CustomField, value: Any) -> Any:
    """What was typed as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        # To the minute, as it is typed.
        return timezone.make_aware(value).astimezone(UTC).isoformat() if value.tzinfo is None else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return {"yes": True, "no": False}.get(value) if field.kind == FieldKind.YES_NO else value

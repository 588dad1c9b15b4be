"""Forms in our own markup: `{{ form }}` and `{{ form.subject.as_field_group }}` come out as `.field` blocks.

A widget says how it wants to be drawn by its class; a check box becomes a switch with
`CheckboxInput(attrs={"role": "switch"})`.
"""

from __future__ import annotations

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString


class Renderer(DjangoTemplates):
    """Django's own widget templates inside our fields and forms."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"


def shape_of(field: BoundField) -> str:
    """How the field is laid out: `check`, `switch`, `choices` (several inputs, a fieldset) or `line`."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "switch" if widget.attrs.get("role") == "switch" else "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "line"


def control(field: BoundField, **extra: str) -> SafeString:
    """The bare control of a field with our class on it; `extra` are attributes (underscores become hyphens)."""
    widget = field.field.widget
    ours = ""
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect | forms.SelectMultiple):
        ours = "select"
    elif shape_of(field) == "line":
        ours = "input"
    attrs: dict[str, str | bool] = {name.rstrip("_").replace("_", "-"): value for name, value in extra.items()}
    classes = [ours, str(widget.attrs.get("class", "")), str(attrs.pop("class", ""))]
    attrs["class"] = " ".join(part for part in classes if part)
    if not attrs["class"]:
        del attrs["class"]
    return field.as_widget(attrs=attrs)

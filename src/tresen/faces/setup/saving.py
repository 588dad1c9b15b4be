"""How settings forms are filled, compared and saved: nothing typed is lost, nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from tresen.kit.fingerprint import fingerprint


class MarkedForm(forms.Form):
    """A form that knows what the row was like when it was opened (`mark`)."""

    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def values(self, *leave: str) -> dict[str, Any]:
        """What was typed, without the mark and the fields named."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"mark", *leave}}

    @property
    def expected(self) -> str:
        """The mark for the service."""
        return str(self.cleaned_data.get("mark", ""))

    def show_conflict(self, now: Mapping[str, Any]) -> None:
        """Says what the fields are now. What was typed stays, and saving once more means it."""
        for name, field in self.fields.items():
            if name not in now or name == "mark":
                continue
            if _plain(self.cleaned_data.get(name)) != _plain(now[name]):
                told = _("Somebody else has set this to “%(value)s” meanwhile.") % {"value": _shown(field, now[name])}
                self.add_error(name, told)
        self.add_error(None, _("Somebody else has saved this page while you were on it. Your entries are still here."
                               " Compare, then save again to let yours count."))  # fmt: skip
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("mark")] = fingerprint(now)
        self.data = data


def marked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Initial values of a MarkedForm."""
    return {**values, "mark": fingerprint(values)}


def _plain(value: Any) -> Any:
    """A typed value in the terms of the row: keys instead of objects, sorted."""
    if hasattr(value, "pk"):
        return value.pk
    if isinstance(value, Iterable) and not isinstance(value, str | dict):
        return sorted(_plain(one) for one in value)
    return value


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField) and field.queryset is not None:
        return ", ".join(str(row) for row in field.queryset.filter(pk__in=value)) or "–"
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        return str(field.queryset.filter(pk=value).first() or "–")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, list):
        return "; ".join(str(one) for one in value) or "–"
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value)) or "–"

"""Custom fields of a ticket that is there: what differs from what was shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from tresen.core.tickets.field_forms import OwnFieldsForm
from tresen.core.tickets.field_models import CustomField


class FieldsForm(OwnFieldsForm):
    """The custom fields of one ticket. `was`: what they were when the form was shown, so that of two who change one the
    second is told."""

    was = forms.CharField(required=False, max_length=2_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, fields: Sequence[CustomField], values: Mapping[str, Any]) -> None:
        was = json.dumps(values, ensure_ascii=False)
        super().__init__(*args, fields=fields, values=values, initial={"was": was})

    def changes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What differs from what was shown, and what was shown of these."""
        try:
            was = json.loads(self.cleaned_data.get("was") or "{}")
        except (ValueError, RecursionError):
            was = {}
        was = was if isinstance(was, dict) else {}
        wanted = {slug: value for slug, value in self.wanted.items() if value != was.get(slug)}
        return wanted, {slug: was.get(slug) for slug in wanted}

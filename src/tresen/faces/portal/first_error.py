"""Where a form that is shown again takes the focus, so that nobody has to look for what is wrong."""

from __future__ import annotations

from django import forms


def point_at_error(form: forms.Form, *, default: str) -> None:
    """Gives the focus to the first field with an error, else to `default`."""
    wrong = next((name for name in form.fields if name in form.errors), default)
    form.fields[wrong].widget.attrs["autofocus"] = True

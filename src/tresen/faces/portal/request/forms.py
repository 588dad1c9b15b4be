"""The answer below a request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tresen.faces.portal.form_keys import new_form_key
from tresen.faces.portal.uploads import TOO_LARGE, Allowance, FilesField, names_of

TEXT_LETTERS = 100_000


class AnswerForm(forms.Form):
    """Text, files, or both; with `may_be_empty` neither (somebody only says that it is solved, or is not)."""

    text = forms.CharField(
        label=_("Add something"), max_length=TEXT_LETTERS, required=False, widget=forms.Textarea(attrs={"rows": "5"}),
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, allowance: Allowance, label: str = "", may_be_empty: bool = False, **named: Any
    ) -> None:
        named.setdefault("initial", {"key": new_form_key()})
        super().__init__(*args, **named)
        self.fields["files"] = FilesField(allowance=allowance)
        self.may_be_empty = may_be_empty
        if label:
            self.fields["text"].label = label

    @property
    def is_empty(self) -> bool:
        """Nothing was written or attached."""
        return not self.cleaned_data.get("text") and not self.cleaned_data.get("files")

    @property
    def files_chosen(self) -> str:
        """The names of the files that came with a form that is shown again."""
        return names_of(self.files.getlist("files")) if hasattr(self.files, "getlist") else ""

    @property
    def is_too_large(self) -> bool:
        """Whether files were the reason that the form was not taken."""
        return self.has_error("files", TOO_LARGE)

    def clean(self) -> dict[str, Any]:
        """Something must be there to send."""
        if not self.may_be_empty and not self.errors and self.is_empty:
            self.add_error("text", ValidationError(gettext("Please write something or choose a file.")))
        return self.cleaned_data

"""The form of a service: who asks, what the service wants to know, how bad, files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from tresen.core.catalog.answer_forms import AskedFields
from tresen.core.catalog.models import ServiceForm
from tresen.faces.portal.new_request.forms import RequestForm
from tresen.faces.portal.uploads import GUEST, KNOWN, TOO_LARGE, FilesField, refuse_too_much


class ServiceRequestForm(RequestForm):
    """The form for a plain request with the fields of a service instead of subject and text. Where the service asks
    for files itself, there is no field for others."""

    def __init__(self, *args: Any, kept: ServiceForm, is_guest: bool, **named: Any) -> None:
        super().__init__(*args, is_guest=is_guest, **named)
        self.allowance = GUEST if is_guest else KNOWN
        del self.fields["subject"], self.fields["text"], self.fields["guide"]
        # It is read by the version that was shown.
        self.fields["form"] = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
        self.initial.setdefault("form", kept.number)
        if not kept.service.asks_reach:
            del self.fields["reach"]
        self.asked = AskedFields(self, kept.fields, file_field=lambda: FilesField(allowance=self.allowance))
        if self.asked.has_files:
            del self.fields["files"]

    @property
    def who(self) -> list[forms.BoundField]:
        """Who asks; of guests alone."""
        return [self[name] for name in ("name", "email") if name in self.fields]

    @property
    def besides(self) -> list[forms.BoundField]:
        """What every request is asked."""
        own = [f"f_{slug}" for slug in self.custom]
        return [self[name] for name in ("reach", *own) if name in self.fields]

    @property
    def is_too_large(self) -> bool:
        """Whether files were the reason that the form was not taken."""
        return any(self.has_error(name, TOO_LARGE) for name in self.fields if self.is_file(name))

    def is_file(self, name: str) -> bool:
        """Whether that field takes files."""
        return isinstance(self.fields[name], FilesField)

    @property
    def said_besides(self) -> list[tuple[str, str]]:
        """Who is affected, as it stands in the message."""
        if "reach" not in self.fields:
            return []
        asked = self["reach"]
        chosen = next(one for one in asked if one.data["value"] == self.cleaned_data["reach"])
        return [(str(asked.label).rstrip("?"), str(chosen.choice_label))]

    @property
    def sent_files(self) -> list[UploadedFile]:
        """All files that go along."""
        return [*self.asked.files, *self.cleaned_data.get("files", ())]

    def clean(self) -> dict[str, Any]:
        """The answers, and all files together."""
        cleaned = super().clean()
        self.asked.clean()
        try:
            refuse_too_much(self.allowance, [*self.asked.files, *cleaned.get("files", ())])
        except ValidationError as fault:
            last = [name for name in self.fields if self.is_file(name)][-1]
            if not self.has_error(last):
                self.add_error(last, fault)
        return cleaned

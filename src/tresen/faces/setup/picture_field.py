"""A form's field for a small picture: a logo, a tile of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tresen.core.people.brands import LOGO_BYTES, WrongLogo, logo_type


class PictureField(forms.FileField):
    """Its bytes, a PNG or JPEG of at most 512 KB; None where nothing was chosen."""

    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg"})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """The bytes, if they are a picture."""
        file = super().clean(data, initial)
        if file is None:
            return None
        if (file.size or 0) > LOGO_BYTES:
            raise ValidationError(_("This file is larger than 512 KB."))
        read: bytes = file.read()
        try:
            logo_type(read)
        except WrongLogo as fault:
            raise ValidationError(_("This is neither a PNG nor a JPEG of a usable size.")) from fault
        return read

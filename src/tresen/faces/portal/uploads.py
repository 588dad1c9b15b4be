"""Files of a form: how many, how large, and what happens to them when the form is not taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment
from tresen.kit import files
from tresen.kit.filetypes import safe_name
from tresen.kit.times import filesize

TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Allowance:
    """How many files, and how many bytes each and in all."""

    count: int
    each: int
    total: int


KNOWN = Allowance(settings.MAX_FILES, settings.MAX_FILE_BYTES, settings.MAX_FILES * settings.MAX_FILE_BYTES)
GUEST = Allowance(5, settings.MAX_FILE_BYTES, settings.MAX_FILE_BYTES)


class SeveralFilesInput(forms.FileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files up to an allowance; cleaned to a list. Errors carry the code `too_large`."""

    widget = SeveralFilesInput

    def __init__(self, *, allowance: Allowance, **options: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, label=_("Files"), **options)
        self.allowance = allowance
        self.help_text = hint_of(allowance)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files. Raises ValidationError naming those that are too large, or how many are too many."""
        given: list[UploadedFile] = list(data) if isinstance(data, list | tuple) else [data] if data else []
        refuse_too_much(self.allowance, given)
        return given


def refuse_too_much(most: Allowance, given: list[UploadedFile]) -> None:
    """Raises ValidationError, `too_large`, for files that are too many or too large, each or together."""
    if len(given) > most.count:
        raise ValidationError(
            _("These are %(n)s files; at most %(most)s can be sent at once. Please choose fewer."),
            code=TOO_LARGE, params={"n": len(given), "most": most.count},
        )  # fmt: skip
    heavy = [file for file in given if (file.size or 0) > most.each]
    if heavy:
        raise ValidationError(
            _("%(names)s: a file can have at most %(size)s. Please send it in parts or as a link."),
            code=TOO_LARGE, params={"names": names_of(heavy), "size": filesize(most.each)},
        )  # fmt: skip
    if sum(file.size or 0 for file in given) > most.total:
        raise ValidationError(
            _("Together the files have more than %(size)s. Please send fewer or smaller ones."),
            code=TOO_LARGE, params={"size": filesize(most.total)},
        )  # fmt: skip


def hint_of(allowance: Allowance) -> Any:
    """What a person may attach, in one sentence."""
    if allowance.total > allowance.each:
        return _("For example a picture of the screen. Up to %(n)s files of %(size)s each.") % {
            "n": allowance.count, "size": filesize(allowance.each),
        }  # fmt: skip
    return _("For example a picture of the screen. Up to %(n)s files, %(size)s in all.") % {
        "n": allowance.count, "size": filesize(allowance.total),
    }  # fmt: skip


def names_of(given: Iterable[UploadedFile]) -> str:
    """The names of files as they are shown: shortened, without direction and control characters."""
    return ", ".join(safe_name(file.name or "") for file in given)


@contextmanager
def stored(given: Iterable[UploadedFile]) -> Iterator[list[Attachment]]:
    """The files put into the store, not yet on a message; taken out again when what follows fails."""
    kept: list[Attachment] = []
    try:
        for file in given:
            kept.append(prepare_file(file.chunks(), filename=file.name or ""))
        yield kept
    except BaseException:
        for attachment in kept:
            files.remove(attachment.storage_key)
        raise

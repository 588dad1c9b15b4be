"""Files on their way to a message: taken from a form, kept until it is sent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment, Draft
from tresen.kit.files import FileTooLarge


def kept_uploads(principal: Principal, keys: list[str], *, lent: Draft | None = None) -> list[Attachment]:
    """Files not sent yet that the agent may send: his own, and those of the draft that was `lent` to him."""
    wanted = []
    for key in keys[: settings.MAX_FILES]:
        try:
            wanted.append(uuid.UUID(key))
        except ValueError:
            continue
    if not wanted or principal.agent is None:
        return []
    waiting = Attachment.objects.visible_to(principal).filter(message=None, pk__in=wanted)
    mine = waiting.filter(Q(draft=None) | Q(draft__agent=principal.agent) | Q(draft=lent.pk if lent else None))
    return list(mine.select_related("draft").order_by("created_at", "filename"))


def take_files(
    uploaded: MultiValueDict[str, UploadedFile], *, agent: Agent | None, into: list[Attachment]
) -> list[tuple[str, int]]:
    """Stores the files of a form in `into`; those too many or too large are left out: (words, status) for each."""
    problems: list[tuple[str, int]] = []
    for file in uploaded.getlist("files"):
        if len(into) >= settings.MAX_FILES:
            problems.append((too_many(), 413))
            break
        try:
            row = store_upload(file, agent=agent)
        except FileTooLarge:
            problems.append((too_large(file), 413))
            continue
        row.save()
        into.append(row)
    return problems


def store_upload(file: UploadedFile, *, agent: Agent | None) -> Attachment:
    """The bytes in the store and a row that is not saved yet. Raises FileTooLarge."""
    return prepare_file(file.chunks(), filename=file.name or "", limit=settings.MAX_FILE_BYTES, uploaded_by=agent)


def too_many() -> str:
    """Said when there are more files than a message takes."""
    most = ngettext("At most %(n)d file at once.", "At most %(n)d files at once.", settings.MAX_FILES)
    return most % {"n": settings.MAX_FILES}


def kept_file_gone(name: str) -> str:
    """Said when a text that is kept has lost a file."""
    return _("The file “%(name)s” of this text is no longer there, so none of its files were added.") % {"name": name}


def too_large(file: UploadedFile) -> str:
    """Said of a file that is larger than allowed."""
    facts = {"name": file.name, "limit": filesizeformat(settings.MAX_FILE_BYTES)}
    return _("“%(name)s” is larger than %(limit)s and was left out.") % facts

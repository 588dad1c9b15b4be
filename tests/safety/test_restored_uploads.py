"""A backup taken while the desk runs: what was swept between the database and the files is not promised."""

from __future__ import annotations

import pytest

from tests.cast import make_cast
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment
from tresen.faces.cli.backups import forget_lost_uploads
from tresen.kit import files


@pytest.mark.django_db
def test_uploads_swept_during_a_backup_are_forgotten_and_no_file_of_a_message_is() -> None:
    kept, swept, sent = (prepare_file([b"x"], filename=name) for name in ("kept.txt", "swept.txt", "sent.txt"))
    sent.message = make_cast().ticket().messages.get()
    for row in (kept, swept, sent):
        row.save(force_insert=True)
    files.remove(swept.storage_key)
    files.remove(sent.storage_key)
    forget_lost_uploads()
    assert set(Attachment.objects.values_list("filename", flat=True)) == {"kept.txt", "sent.txt"}

"""S26, its drafts: who has lost the right to a ticket gets at once neither to what he has written there nor to its
files, and writes no more (P4)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import make_cast
from tresen.core.tickets.models import Attachment, Draft, Message

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_s26_a_revoked_right_ends_drafts_and_their_files_at_once() -> None:
    cast = make_cast()
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    here = f"/desk/tickets/{ticket.number}/"
    words = {"keep": "reply", "kind": "reply", "reply_text": "Half", "to": "carol@faehrholm.example", "once": "form"}
    assert anna.post(f"{here}draft/", {**words, "turn": 1}, headers=HTMX).status_code == 200
    file = {"kind": "reply", "files": SimpleUploadedFile("a.txt", b"a")}
    assert anna.post(f"{here}draft/files/", file, headers=HTMX).status_code == 200
    upload = Attachment.objects.get()
    assert anna.get(f"/desk/attachments/{upload.pk}/").status_code in {200, 302}
    cast.anna.teams.clear()
    for path, sent in (
        (f"{here}draft/", {**words, "reply_text": "More", "turn": 2}),
        (f"{here}draft/", {**words, "discard": 1, "turn": 3}),
        (f"{here}draft/files/", {"kind": "reply", "files": SimpleUploadedFile("b.txt", b"b")}),
        (f"{here}write/", words),
        (f"/desk/uploads/{upload.pk}/remove/", {}),
    ):
        assert anna.post(path, sent, headers=HTMX).status_code == 404, path
    for path in (here, f"{here}drafts/", f"/desk/attachments/{upload.pk}/"):
        assert anna.get(path, headers=HTMX).status_code == 404, path
    assert Draft.objects.get().text == "Half" and Attachment.objects.count() == 1
    assert not Message.objects.filter(kind="reply").exists()

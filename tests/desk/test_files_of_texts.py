"""Files that go along with saved replies and macros: kept once, copied into the draft or message that takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import TEST, Cast, json
from tests.desk.conftest import HTMX, tree, words
from tests.desk.test_bulk import finish
from tresen.core.tickets.models import Attachment, Draft, Message, Ticket
from tresen.faces.cli.checks import all_faults
from tresen.kit import files
from tresen.service.texts.keeping import add_file
from tresen.service.texts.models import KeptFile, Macro, SavedReply
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.spine.events.models import Event


@pytest.fixture
def reply(cast: Cast) -> SavedReply:
    """Everybody's, with a file."""
    made = create_saved_reply(set={"name": "Form", "texts": {"en": "Here it is."}}, by=TEST)
    add_file(made, [b"%PDF-1.4 ", b"form"], filename="form.pdf", by=TEST)
    return made


def insert(client: Client, ticket: Ticket, kept: str, code: int = 200, kind: str = "reply") -> Any:
    """What the composer does when a text with files is chosen."""
    answer = client.post(f"/desk/tickets/{ticket.number}/draft/files/", {"kind": kind, "kept": kept}, headers=HTMX)
    return json(answer, code) if code == 200 else answer.status_code


def test_files_are_added_and_removed_in_the_settings(cast: Cast, reply: SavedReply, monkeypatch: Any) -> None:
    ada, url = cast.browser(cast.ada), f"/settings/saved-replies/{reply.pk}/files/"
    upload = SimpleUploadedFile("../plan.txt", b"plan")
    assert ada.post(url, {"files": [upload]}).headers["Location"] == f"/settings/saved-replies/{reply.pk}/"
    page = tree(ada.get(f"/settings/saved-replies/{reply.pk}/"))
    assert [words(one) for one in page.css(".kept-files .name")] == ["form.pdf", "plan.txt"]
    kept = KeptFile.objects.get(filename="plan.txt")
    ada.post(url, {"remove": str(kept.pk)})
    assert [row.filename for row in KeptFile.objects.all()] == ["form.pdf"]
    monkeypatch.setattr("django.conf.settings.MAX_FILES", 1)
    ada.post(url, {"files": [SimpleUploadedFile("more.txt", b"more")]})
    assert KeptFile.objects.count() == 1
    assert Event.objects.filter(kind="saved_reply.changed", changes={"files": True}).count() == 3


def test_who_may_only_use_a_text_cannot_give_it_files(cast: Cast, reply: SavedReply, anna: Client) -> None:
    url = f"/settings/saved-replies/{reply.pk}/"
    assert anna.post(f"{url}files/", {"files": [SimpleUploadedFile("x.txt", b"x")]}).status_code == 403
    page = tree(anna.get(url))
    assert page.css_first(".kept-files") is not None and not page.css(".kept-files button")


def test_a_text_brings_a_copy_of_its_files_into_the_draft_and_keeps_its_own(
    cast: Cast, reply: SavedReply, anna: Client
) -> None:
    ticket = cast.ticket()
    told = json(anna.get(f"/desk/tickets/{ticket.number}/texts/replies/{reply.pk}/", headers=HTMX), 200)
    assert told["files"] == f"saved_reply={reply.pk}"
    brought = insert(anna, ticket, told["files"])
    copy = Attachment.objects.get()
    assert "form.pdf" in brought["html"] and brought["version"] == copy.draft.version
    assert copy.draft == Draft.objects.get(ticket=ticket, kind="reply", agent=cast.anna)
    assert files.read(copy.storage_key) == b"%PDF-1.4 form" and copy.content_type == "application/pdf"
    anna.post(f"/desk/uploads/{copy.pk}/remove/", headers=HTMX)
    assert not Attachment.objects.exists() and files.read(KeptFile.objects.get().storage_key) == b"%PDF-1.4 form"
    assert all_faults() == []


def test_texts_of_others_bring_nothing(cast: Cast, reply: SavedReply, anna: Client) -> None:
    ticket = cast.ticket()
    theirs = create_macro(set={"name": "Theirs", "texts": {"en": "x"}, "team": cast.orders}, by=TEST)
    add_file(theirs, [b"x"], filename="theirs.txt", by=TEST)
    for kept in (f"macro={theirs.pk}", "macro=999", f"saved_reply={reply.pk}x", ""):
        assert insert(anna, ticket, kept, 404) == 404
    assert insert(anna, ticket, f"saved_reply={reply.pk}", 404, kind="other") == 404
    assert not Attachment.objects.exists()


def test_without_a_script_they_stand_in_the_draft_as_well(cast: Cast, reply: SavedReply, anna: Client) -> None:
    ticket = cast.ticket()
    anna.post(f"/desk/tickets/{ticket.number}/texts/replies/{reply.pk}/insert/", {"tab": "reply"})
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert "form.pdf" in words(page.css_first(".chosen[data-kind=reply]"))


@pytest.mark.parametrize("kind", ["note", "reply"])
def test_a_macro_on_many_tickets_gives_each_its_own_copy(cast: Cast, anna: Client, kind: str) -> None:
    tickets = [cast.ticket(f"n {n}") for n in range(2)]
    macro: Macro = create_macro(set={"name": "Form", "kind": kind, "texts": {"en": "Here."}}, by=TEST)
    add_file(macro, [b"form"], filename="form.txt", by=TEST)
    sent = {"ticket": [t.number for t in tickets], "macro": macro.pk, "with_text": "1", "from": "view=all"}
    anna.post("/desk/bulk/macro/", {**sent, "step": "run", "total": "2"})
    finish()
    rows = Attachment.objects.filter(message__in=Message.objects.filter(kind=kind))
    assert [row.filename for row in rows] == ["form.txt", "form.txt"]
    assert len({row.storage_key for row in rows} | {KeptFile.objects.get().storage_key}) == 3


def test_a_file_without_its_bytes_is_said_and_leaves_nothing_behind(
    cast: Cast, reply: SavedReply, anna: Client
) -> None:
    ticket, other = cast.ticket(), cast.ticket()
    macro: Macro = create_macro(set={"name": "Form", "kind": "note", "texts": {"en": "Here."}}, by=TEST)
    for kept in (reply, macro):
        add_file(kept, [b"lost"], filename="lost.txt", by=TEST)
    add_file(macro, [b"there"], filename="there.txt", by=TEST)
    for row in KeptFile.objects.filter(filename="lost.txt"):
        files.remove(row.storage_key)
    stored = {path for path in Path(settings.FILES).rglob("*") if path.is_file()}
    url = f"/desk/tickets/{ticket.number}/"
    told = anna.post(f"{url}draft/files/", {"kind": "reply", "kept": f"saved_reply={reply.pk}"}, headers=HTMX)
    assert "lost.txt" in json(told, 410)["said"]
    anna.post(f"{url}texts/replies/{reply.pk}/insert/", {"tab": "reply"})
    assert "lost.txt" in words(tree(anna.get(url)).css_first(".toast"))
    assert Draft.objects.get(ticket=ticket).text == "Here it is."
    sent = {"ticket": [ticket.number, other.number], "macro": macro.pk, "with_text": "1", "from": "view=all"}
    done = anna.post("/desk/bulk/macro/", {**sent, "step": "run", "total": "2"})
    finish()
    assert "A file of the macro is no longer there" in words(tree(anna.get(done["Location"])).css_first("main"))
    assert not Attachment.objects.exists() and not Message.objects.filter(kind="note").exists()
    assert {path for path in Path(settings.FILES).rglob("*") if path.is_file()} == stored


def test_files_for_many_tickets_have_a_bound(cast: Cast, anna: Client, monkeypatch: Any) -> None:
    macro: Macro = create_macro(set={"name": "Form", "texts": {"en": "Here."}}, by=TEST)
    add_file(macro, [b"12345"], filename="form.txt", by=TEST)
    monkeypatch.setattr("tresen.service.bulk.services.MOST_BYTES", 9)
    sent = {"ticket": [cast.ticket().number for _ in range(2)], "macro": macro.pk, "from": "view=all"}
    assert anna.post("/desk/bulk/macro/", {**sent, "step": "preview"}).status_code == 422  # it changes nothing
    for step in ("preview", "run"):
        page = anna.post("/desk/bulk/macro/", {**sent, "with_text": "1", "step": step, "total": "2"})
        assert page.status_code == 422 and "would take more than" in words(tree(page).css_first("main"))
    one = anna.post("/desk/bulk/macro/", {**sent, "ticket": sent["ticket"][:1], "with_text": "1", "step": "preview"})
    assert one.status_code == 200

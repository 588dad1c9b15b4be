"""Files through the interface."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from tests.cast import Caller, Cast, json, make_cast
from tresen.core.tickets.models import Attachment
from tresen.kit import files

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def send_form(caller: Caller, *uploads: SimpleUploadedFile, field: str = "file"):
    """An upload as a form, as programs like curl send it."""
    return caller.client.post(
        "/api/v1/attachments", {field: list(uploads)}, headers={"Authorization": f"Bearer {caller.token}"}
    )


def test_a_file_is_uploaded_as_bare_bytes(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    made = anna.send("POST", "/attachments?filename=screen.exe", PNG, content_type="application/x-msdownload")
    body = json(made, 201)
    assert (body["filename"], body["content_type"], body["size"]) == ("screen.exe", "image/png", len(PNG))
    assert (body["ticket"], body["message"]) == (None, None)
    assert json(anna.get(made.headers["Location"]), 200) == body
    assert files.read(Attachment.objects.get().storage_key) == PNG


def test_a_file_is_uploaded_by_form(cast: Cast) -> None:
    body = json(send_form(cast.calls(cast.anna), SimpleUploadedFile("notes.txt", b"hello")), 201)
    assert (body["filename"], body["content_type"], body["size"]) == ("notes.txt", "text/plain", 5)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\\b\\c.txt", "\u202egpj.exe", "CON", ".htaccess", "x" * 4000 + ".txt"]
)
def test_a_name_from_outside_is_never_a_path(cast: Cast, name: str) -> None:
    from urllib.parse import quote

    body = json(cast.calls(cast.anna).send("POST", f"/attachments?filename={quote(name)}", b"x"), 201)
    assert "/" not in body["filename"] and "\\" not in body["filename"] and "\u202e" not in body["filename"]
    assert len(body["filename"]) <= 200
    assert Attachment.objects.get().storage_key.isalnum()


def test_what_cannot_be_a_file_is_refused(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    assert anna.send("POST", "/attachments", b"x", content_type="text/plain").status_code == 400
    assert anna.send("POST", "/attachments?filename=a.txt", b"", content_type="text/plain").status_code == 400
    assert anna.send("POST", "/attachments?filename=%00", b"x", content_type="text/plain").status_code == 400
    two = send_form(anna, SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b"))
    assert two.status_code == 400
    assert send_form(anna, SimpleUploadedFile("a.txt", b"a"), field="upload").status_code == 400
    assert not Attachment.objects.exists()


@override_settings(MAX_FILE_BYTES=1000)
def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(cast: Cast) -> None:
    before = {path for path in settings.FILES.rglob("*") if path.is_file()}
    response = cast.calls(cast.anna).send("POST", "/attachments?filename=a.bin", b"x" * 1001, content_type="a/b")
    assert json(response, 413)["status"] == 413
    assert {path for path in settings.FILES.rglob("*") if path.is_file()} == before


def test_a_body_beyond_thirty_megabytes_is_not_even_read(cast: Cast) -> None:
    response = cast.calls(cast.anna).send("POST", "/attachments?filename=a", b"x", content_length=str(31 * 1024 * 1024))
    assert response.status_code == 413


def test_the_bytes_are_behind_an_address_of_five_minutes(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    upload = json(anna.send("POST", "/attachments?filename=a.txt", b"hello", content_type="text/plain"), 201)
    response = anna.get(f"/attachments/{upload['id']}/content")
    assert response.status_code == 302
    assert response.headers["Location"].startswith(settings.BASE_URL + "/files/")
    served = anna.client.get(response.headers["Location"].removeprefix(settings.BASE_URL))
    assert b"".join(served.streaming_content if served.streaming else [served.content]) == b"hello"


def test_a_file_on_a_message_is_seen_by_who_sees_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    upload = json(anna.send("POST", "/attachments?filename=a.txt", b"hello", content_type="text/plain"), 201)
    path = f"/attachments/{upload['id']}"
    assert cast.calls(cast.ada).get(path).status_code == 404
    anna.post(f"/tickets/{ticket.number}/messages", {"kind": "note", "body_text": "x", "attachments": [upload["id"]]})
    assert json(cast.calls(cast.ada).get(path), 200)["ticket"] == ticket.number
    assert cast.calls(cast.piotr).get(path).status_code == 404
    assert cast.calls(cast.piotr).get(f"{path}/content").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_new_ticket_takes_its_file_without_an_idempotency_key() -> None:
    cast = make_cast()
    anna = cast.calls(cast.anna)
    upload = json(anna.send("POST", "/attachments?filename=a.txt", b"hello", content_type="text/plain"), 201)
    new = {"subject": "Printer", "body_text": "x", "requester": {"id": cast.carol.pk}, "attachments": [upload["id"]]}
    made = json(anna.post("/tickets", new), 201)
    assert Attachment.objects.get().message.ticket.number == made["number"]

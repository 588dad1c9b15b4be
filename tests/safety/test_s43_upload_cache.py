"""S43: uploads that wait to be sent are their owner's alone: a foreign or guessed id, no session, a repeated deletion,
more than one may have waiting: refused, and nothing is shown, sent along or lost (P4)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import PASSWORD, Cast, make_cast
from tresen.core.people.models import User
from tresen.core.tickets import drafts
from tresen.core.tickets.models import Attachment, Draft, Message, Ticket
from tresen.kit import files

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    """Piotr sees the ticket, too: what he may not have is anna's upload."""
    cast = make_cast()
    cast.piotr.teams.add(cast.netz)
    return cast


def upload(client: Client, ticket: Ticket, kind: str = "reply", name: str = "secret.txt") -> Any:
    sent = {"kind": kind, "files": SimpleUploadedFile(name, b"4711")}
    return client.post(f"/desk/tickets/{ticket.number}/draft/files/", sent, headers=HTMX)


def reply_with(client: Client, ticket: Ticket, key: object) -> None:
    sent = {"kind": "reply", "reply_text": "See file.", "to": "carol@faehrholm.example", "upload": str(key)}
    client.post(f"/desk/tickets/{ticket.number}/write/", {**sent, "seen": 10**9, "once": uuid.uuid4().hex})


def strangers(cast: Cast) -> dict[str, Client]:
    """Nobody, a customer with an account, a colleague on the same ticket, an administrator."""
    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    cast.carol.user = user
    cast.carol.save()
    carol = Client()
    carol.force_login(user)
    return {"nobody": Client(), "carol": carol, "piotr": cast.browser(cast.piotr), "ada": cast.browser(cast.ada)}


def test_s43_a_foreign_or_guessed_upload_is_neither_read_nor_removed_nor_sent(cast: Cast) -> None:
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    assert upload(anna, ticket).status_code == 200
    mine = Attachment.objects.get()
    for name, client in strangers(cast).items():
        for key in (mine.pk, uuid.uuid4()):
            for method, path in (("GET", f"/desk/attachments/{key}/"), ("POST", f"/desk/uploads/{key}/remove/")):
                answer = client.generic(method, path, headers=HTMX)
                assert answer.status_code == (401 if name == "nobody" else 404), (name, path)
        reply_with(client, ticket, mine.pk)
        assert not Message.objects.filter(attachments__isnull=False).exists(), name
    assert files.read(Attachment.objects.get(pk=mine.pk).storage_key) == b"4711"


def test_s43_a_form_id_of_another_page_reaches_nobody_elses_draft(cast: Cast) -> None:
    ticket = cast.ticket()
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    words = {"keep": "reply", "kind": "reply", "reply_text": "Anna's words", "once": "form-1", "turn": 1}
    where = f"/desk/tickets/{ticket.number}/draft/"
    assert anna.post(where, words, headers=HTMX).status_code == 200
    assert piotr.post(where, {**words, "reply_text": "Piotr's", "turn": 2}, headers=HTMX).status_code == 200
    assert piotr.post(where, {**words, "discard": 1, "turn": 3}, headers=HTMX).status_code == 200
    assert Draft.objects.get(agent=cast.anna).text == "Anna's words"
    for name, client in strangers(cast).items():
        if name in {"nobody", "carol"}:
            assert client.post(where, words, headers=HTMX).status_code == (401 if name == "nobody" else 404)
            assert upload(client, ticket).status_code == (401 if name == "nobody" else 404)


def test_s43_a_removal_that_is_repeated_takes_nothing_away(cast: Cast) -> None:
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    upload(anna, ticket)
    first = Attachment.objects.get()
    assert anna.post(f"/desk/uploads/{first.pk}/remove/", headers=HTMX).status_code == 204
    upload(anna, ticket)
    assert anna.post(f"/desk/uploads/{first.pk}/remove/", headers=HTMX).status_code == 404
    sent = Attachment.objects.get()
    reply_with(anna, ticket, sent.pk)
    assert anna.post(f"/desk/uploads/{sent.pk}/remove/", headers=HTMX).status_code == 404
    assert Message.objects.get(kind="reply").attachments.get() == sent


def test_s43_nobody_has_more_waiting_than_the_quota(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_UNSENT_FILES", 4)
    anna, tickets = cast.browser(cast.anna), [cast.ticket() for _ in range(3)]
    answers = [upload(anna, ticket, kind).status_code for ticket in tickets for kind in ("reply", "note")]
    assert answers == [200, 200, 200, 200, 413, 413]
    assert Attachment.objects.count() == 4
    assert upload(cast.browser(cast.piotr), tickets[0]).status_code == 200, "another's quota is his own"

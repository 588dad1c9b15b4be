"""S20: a public ticket link holds 128 bits or more, is personal, hashed at rest, revocable, dead after removal from the
ticket, and is told to nobody (P7)."""

from __future__ import annotations

import base64
import re

import pytest
from django.db import connection
from django.test import Client

from tests.cast import Cast, make_cast
from tests.outbox import account_mails
from tresen.channels.mail.models import Mailbox
from tresen.core.tickets import services
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import TicketLink
from tresen.kit import clock
from tresen.kit.crypto import new_token
from tresen.kit.html import SANITISER_VERSION
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_s20_number_and_mail_address_open_nothing(cast: Cast) -> None:
    ticket = cast.ticket("Hidden subject")
    address = cast.carol.identities.get().value
    tries = [
        f"/requests/{ticket.number}/", f"/requests/{ticket.number}/?email={address}", f"/t/{ticket.number}/",
        f"/t/{ticket.number}/?email={address}", f"/?number={ticket.number}&email={address}",
        f"/requests/link/?number={ticket.number}&email={address}",
    ]  # fmt: skip
    for path in tries:
        answer = Client().get(path, follow=True)
        assert b"Hidden subject" not in answer.content, path
    answer = Client().post("/requests/link/", {"email": address, "number": ticket.number}, follow=True)
    assert b"Hidden subject" not in answer.content and ticket.number.encode() not in answer.content


def test_s20_a_token_has_at_least_128_bits_and_none_is_like_another(cast: Cast) -> None:
    ticket = cast.ticket()
    tokens = {mint_link(ticket, cast.carol, by_mail=True) for _n in range(50)}
    assert len(tokens) == 50
    assert all(len(base64.urlsafe_b64decode(token + "==")) >= 16 for token in tokens)


def test_s20_the_database_holds_no_token(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given_out: list[str] = []

    def note() -> str:
        given_out.append(new_token())
        return given_out[-1]

    monkeypatch.setattr("tresen.core.tickets.links.new_token", note)
    Mailbox.objects.update(acknowledges=True)
    client = Client()
    minted = mint_link(cast.ticket(), cast.carol, by_mail=True)
    assert client.get(f"/t/{minted}/").status_code == 200
    sent = _send_request(client)
    drain()
    mailed = [found for mail in account_mails() for found in re.findall(r"/t/([\w-]{20,})/", mail.text)]
    assert mailed and set(mailed) <= set(given_out)
    assert Client().get(f"/t/{sent}/").status_code == 200, "the key of a form that was sent opens its request"
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "fts" in table:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            dump = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            for token in {minted, sent, *given_out}:
                assert token not in dump, table


def _send_request(client: Client) -> str:
    """Sends a request by the portal; the token that the key of its form has become."""
    asked = {"name": "M", "email": "m@firma.example", "subject": "From the web", "text": "x", "reach": "me"}
    page = client.get("/requests/new/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    assert client.post("/requests/new/", {**asked, "key": key[1]}).status_code == 302
    return key[1].split(":")[0]


def test_s20_a_link_is_for_one_person_and_one_ticket(cast: Cast) -> None:
    first = cast.ticket("First", copies=[cast.dave])
    cast.ticket("Second")
    services.add_received(
        first, by=Actor.contact(cast.carol), contact=cast.carol, content=Content("Carol's words"), channel="web",
        trust="claimed",
    )  # fmt: skip
    token = mint_link(first, cast.dave, by_mail=True)
    page = Client().get(f"/t/{token}/").content.decode()
    assert "First" in page and "Second" not in page
    # His own words are "you"; those of the others carry their names, and there is nothing under another number.
    assert Client().get(f"/t/{token}/files/00000000-0000-0000-0000-000000000001/").status_code == 404


def test_s20_a_link_dies_with_its_place_on_the_ticket_and_when_it_is_revoked(cast: Cast) -> None:
    ticket = cast.ticket(copies=[cast.dave])
    removed, revoked = mint_link(ticket, cast.dave, by_mail=True), mint_link(ticket, cast.carol, by_mail=True)
    assert [Client().get(f"/t/{token}/").status_code for token in (removed, revoked)] == [200, 200]
    services.remove_participant(ticket.participants.get(contact=cast.dave), by=Actor.agent(cast.anna))
    TicketLink.objects.filter(contact=cast.carol).update(revoked_at=clock.now())
    for token in (removed, revoked):
        for act in ("", "answer/", "close/", "reopen/", "confirm/"):
            assert Client().post(f"/t/{token}/{act}").status_code in {404, 405}
        assert Client().get(f"/t/{token}/").status_code == 404
    ticket.refresh_from_db()
    assert ticket.status_category == "new"


def test_s20_no_answer_behind_a_link_is_told_kept_or_found(cast: Cast) -> None:
    ticket = cast.ticket()
    token, other = (mint_link(ticket, cast.carol, by_mail=True) for _n in range(2))
    html = "<p>Good <b>day</b></p>"
    message = services.add_received(
        ticket, by=Actor.contact(cast.carol), contact=cast.carol, channel="mail", trust="claimed",
        content=Content("Good day", html=html, html_source=html, html_version=SANITISER_VERSION),
        files=[prepare_file([b"hello"], filename="log.txt")],
    )  # fmt: skip
    inner = {f"messages/{message.pk}/frame/": 200, f"files/{message.attachments.get().pk}/": 302}
    outer = {"": 200, "answer/": 302, "close/": 302, "reopen/": 302, "confirm/": 302}
    here, answers = f"/t/{token}/", []
    for path, status in {**outer, **inner}.items():
        answers.append(answer := Client().get(here + path))
        assert answer.status_code == status, path
        answers.append(Client().get(f"/t/{token[:-1]}{'x' if token[-1] != 'x' else 'y'}/{path}"))
        assert answers[-1].status_code == 404
        if answer.status_code == 302 and "/files/" in answer.url:
            answers.append(signed := Client().get(answer.url))
            assert signed.status_code == 200
    answers += [Client().post(f"{here}answer/", {"text": ""}), Client().post(f"{here}answer/", {"text": "Thanks"})]
    answers += [Client().post(f"{here}{act}/") for act in ("close", "reopen")]
    answers.append(Client().post(f"/t/{other}/confirm/"))
    for answer in answers:
        where = answer.request["REQUEST_METHOD"], answer.request["PATH_INFO"]
        assert answer.status_code < 500, where
        assert answer["Referrer-Policy"] == "no-referrer", where
        assert "no-store" in answer["Cache-Control"], where
        assert "noindex" in answer["X-Robots-Tag"], where


def test_s20_unknown_and_dead_links_answer_alike(cast: Cast) -> None:
    dead = mint_link(cast.ticket(), cast.carol, by_mail=True)
    TicketLink.objects.update(revoked_at=clock.now())
    unknown = "x" * len(dead)
    pages = []
    for token in (dead, unknown):
        answer = Client().get(f"/t/{token}/")
        body = re.sub(r'csrf[a-z]+" value="[^"]+"|"X-CSRFToken": "[^"]+"', "", answer.content.decode())
        pages.append((answer.status_code, body))
    assert pages[0] == pages[1] and pages[0][0] == 404

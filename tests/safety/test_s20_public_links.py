"""S20: a public ticket link holds 128 bits or more, is personal, hashed at rest, revocable, dead after removal from the
ticket, and is told to nobody (P7)."""

from __future__ import annotations

import base64
import re

import pytest
from django.db import connection
from django.test import Client

from tests.cast import Cast, make_cast
from tresen.core.tickets import services
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import TicketLink
from tresen.kit import clock
from tresen.spine.events.actors import Actor


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


def test_s20_the_database_holds_no_token(cast: Cast) -> None:
    client = Client()
    token = mint_link(cast.ticket(), cast.carol, by_mail=True)
    assert client.get(f"/t/{token}/").status_code == 200
    _send_request(client)
    key = re.findall(r'name="key" value="([^":]+)', client.get("/requests/new/").content.decode())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "fts" in table or table.startswith("search_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            dump = repr(cursor.fetchall())
            assert token not in dump, table
            assert not any(one in dump for one in key), table


def _send_request(client: Client) -> None:
    asked = {"name": "M", "email": "m@firma.example", "subject": "From the web", "text": "x", "reach": "me"}
    page = client.get("/requests/new/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    assert client.post("/requests/new/", {**asked, "key": key[1]}).status_code == 302


def test_s20_a_link_is_for_one_person_and_one_ticket(cast: Cast) -> None:
    first = cast.ticket("First", copies=[cast.dave])
    cast.ticket("Second")
    services.add_received(
        first, by=Actor.contact(cast.carol), contact=cast.carol, content=_content("Carol's words"), channel="web",
        trust="claimed",
    )  # fmt: skip
    token = mint_link(first, cast.dave, by_mail=True)
    page = Client().get(f"/t/{token}/").content.decode()
    assert "First" in page and "Second" not in page
    # His own words are "you"; those of the others carry their names, and there is nothing under another number.
    assert Client().get(f"/t/{token}/files/00000000-0000-0000-0000-000000000001/").status_code == 404


def _content(text: str):
    from tresen.core.tickets.content import Content

    return Content(text)


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
    token = mint_link(ticket := cast.ticket(), cast.carol, by_mail=True)
    paths = ["", "answer/", "close/", "confirm/", "messages/1/frame/", "files/00000000-0000-0000-0000-000000000001/"]
    answers = [Client().get(f"/t/{token}/{path}") for path in paths if path[:1] not in {"m", "f"}]
    answers += [Client().post(f"/t/{token}/answer/", {"text": ""}), Client().get(f"/t/{token[:-1]}x/")]
    for answer in answers:
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
    assert ticket.messages.count() == 1


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

"""Files on their way out: names in headers, five-minute addresses, zips as streams."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db.models import QuerySet
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tresen.core.people.principals import Principal
from tresen.core.tickets.file_urls import signed_url
from tresen.core.tickets.jobs import sweep_uploads
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Attachment, Message
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.kit.downloads import content_disposition, zip_pieces
from tresen.kit.linking import linked


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("log.txt", 'attachment; filename="log.txt"'),
        ("Größe (2).pdf", "attachment; filename=\"Groe (2).pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%282%29.pdf"),
        ("żółć.txt", "attachment; filename=\"zoc.txt\"; filename*=UTF-8''%C5%BC%C3%B3%C5%82%C4%87.txt"),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ("日本", "attachment; filename=\"file\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC"),
        ("", 'attachment; filename="file"'),
    ],
)
def test_names_stand_in_headers_for_old_and_new_programs(name: str, header: str) -> None:
    assert content_disposition(name) == header


@given(st.text(max_size=300))
def test_no_name_breaks_its_header(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii() and header.isprintable()
    assert re.fullmatch(r"""attachment; filename="[^"\\%]+"(; filename\*=UTF-8''[!#$&+\-.^_`|~%A-Za-z0-9]+)?""", header)


@pytest.fixture
def picture(cast: Cast, received: Callable[..., Message], file: Callable[..., Attachment]) -> Attachment:
    """A file on carol's ticket."""
    return file(received(cast.ticket()), "a.png", b"\x89PNG\r\n\x1a\n1234")


def test_a_signed_address_works_for_five_minutes_without_a_session(cast: Cast, picture: Attachment) -> None:
    address = signed_url(picture, principal=Principal.of_agent(cast.anna))
    start = clock.now()
    with time_machine.travel(start + timedelta(seconds=299), tick=False):
        assert Client().get(address).status_code == 200
    with time_machine.travel(start + timedelta(seconds=302), tick=False):
        assert Client().get(address).status_code == 404


def test_a_signed_address_dies_with_the_right_to_the_ticket(cast: Cast, picture: Attachment) -> None:
    ticket = picture.message.ticket
    mint_link(ticket, cast.carol, by_mail=True)
    agent, link = Principal.of_agent(cast.anna), Principal.of_link(cast.carol, ticket.pk, ticket.links.get().pk)
    addresses = [signed_url(picture, principal=principal) for principal in (agent, link)]
    assert [Client().get(address).status_code for address in addresses] == [200, 200]
    update_ticket(picture.message.ticket, by=agent.actor, set={"team": cast.orders})
    assert [Client().get(address).status_code for address in addresses] == [404, 200]
    cast.anna.user.is_active = False
    cast.anna.user.save()
    update_ticket(picture.message.ticket, by=agent.actor, set={"team": cast.netz})
    assert Client().get(addresses[0]).status_code == 404


def test_no_changed_address_opens_a_file(
    cast: Cast, picture: Attachment, received: Callable[..., Message], file: Callable[..., Attachment]
) -> None:
    other = file(received(cast.ticket(team=cast.orders)), "b.txt", b"secret")
    address = signed_url(picture, principal=Principal.of_agent(cast.anna))
    key, until, holder, mac = address.removeprefix("/files/").rstrip("/").split(".")
    later = f"{int(until, 16) + 3600:x}"
    wrong = [
        f"{other.pk.hex}.{until}.{holder}.{mac}", f"{key}.{later}.{holder}.{mac}", f"{key}.{until}.-.{mac}",
        f"{key}.{until}.a{cast.ada.pk}.{mac}", f"{key}.{until}.{holder}.", f"{key}.{until}.{holder}", "...", "x",
        f"{key}.{until}.{holder}.{mac[:-1]}", f"{key}.{until}.{holder}.{mac}.", "ü.ü.ü.ü", "a" * 5000,
    ]  # fmt: skip
    assert {Client().get(f"/files/{token}/").status_code for token in wrong} == {404}
    assert Client().get(address).status_code == 200


def test_a_file_that_is_gone_is_not_found(cast: Cast, picture: Attachment) -> None:
    Attachment.objects.filter(pk=picture.pk).update(storage_key="0" * 32)
    assert Client().get(signed_url(picture)).status_code == 404


def test_an_upload_put_on_a_message_while_it_is_swept_stays(
    cast: Cast, picture: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    Attachment.objects.update(message=None, created_at=clock.now() - timedelta(days=2))
    message, plain_rows = picture.message, QuerySet.__iter__

    def sent_meanwhile(self: QuerySet[Attachment]) -> Iterator[Attachment]:
        rows = list(plain_rows(self))
        if any(row.message_id is None for row in rows):
            Attachment.objects.update(message=message)
        return iter(rows)

    monkeypatch.setattr(QuerySet, "__iter__", sent_meanwhile)
    sweep_uploads()
    monkeypatch.undo()
    assert Attachment.objects.get().message == message
    assert Client().get(signed_url(Attachment.objects.get())).status_code == 200


def test_a_zip_is_written_while_it_is_sent_and_leaves_out_what_is_gone() -> None:
    size = 1_000_000

    def gone() -> io.BytesIO:
        raise FileNotFoundError

    pieces = list(
        zip_pieces([("a.bin", lambda: io.BytesIO(b"x" * size)), ("b", gone), ("A.bin", lambda: io.BytesIO(b"y"))])
    )
    assert len(pieces) > 10 and max(map(len, pieces)) < 100_000
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert [(entry.filename, entry.file_size) for entry in archive.infolist()] == [
            ("a.bin", size),
            ("A (2).bin", 1),
        ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://a.example/x.", 'see <a href="https://a.example/x" {0}>https://a.example/x</a>.'),
        ("(https://a.example/x_(y))", '(<a href="https://a.example/x_(y)" {0}>https://a.example/x_(y)</a>)'),
        (
            "https://a.example/?a=1&b=2",
            '<a href="https://a.example/?a=1&amp;b=2" {0}>https://a.example/?a=1&amp;b=2</a>',
        ),
        ("javascript:alert(1) <b>", "javascript:alert(1) &lt;b&gt;"),
        (
            'https://a.example/"onclick="x',
            '<a href="https://a.example/" {0}>https://a.example/</a>&quot;onclick=&quot;x',
        ),
    ],
)
def test_addresses_in_plain_text_become_links_and_nothing_else_does(text: str, html: str) -> None:
    assert linked(text) == html.format('target="_blank" rel="noopener noreferrer nofollow"')

"""S60: a body beyond its limit is refused before it is taken, whoever sends it and however it is announced (P12)."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings

from tests.instance import Instance
from tresen.kit.bodies import DISCARDED_BYTES

MEGABYTE = 1024 * 1024
ANNOUNCED = 300 * MEGABYTE


def _buffers() -> int:
    """What the kernel may hold between both ends of a connection, in bytes; it lets its buffers grow up to here."""
    rows = [Path(f"/proc/sys/net/ipv4/tcp_{end}mem").read_text() for end in "rw"]
    return sum(int(row.split()[2]) for row in rows)


# What lies in buffers on the way, and what is thrown away so that the sender can read the answer.
ON_THE_WAY = _buffers() + DISCARDED_BYTES + 2 * MEGABYTE


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    running = Instance(tmp_path_factory.mktemp("desk"))
    try:
        yield running.start()
    finally:
        running.stop()


def push(desk: Instance, path: str, *, chunked: bool, **headers: str) -> tuple[HTTPResponse, bytes, int]:
    """Sends 300 MB until somebody answers: the answer, its body, and how many bytes had left by then."""
    named = {"Host": f"127.0.0.1:{desk.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    named |= {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(ANNOUNCED)}
    part, sent = b"a" * MEGABYTE, 0
    framed = b"%x\r\n%s\r\n" % (len(part), part) if chunked else part
    with socket.create_connection(("127.0.0.1", desk.port), timeout=30) as connection:
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        connection.sendall("\r\n".join(lines).encode())
        while sent < ANNOUNCED and not select.select([connection], [], [], 0)[0]:
            connection.sendall(framed)
            sent += len(part)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer, answer.read(), sent


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/tickets", "application/problem+json"),
        ("/api/v1/attachments?filename=x", "application/problem+json"),
        ("/hooks/mail/guessed/", "application/json"),
        ("/sign-in/", "text/html"),
        ("/nowhere", "text/html"),
    ],
)
def test_s60_a_body_that_is_too_large_is_not_taken(desk: Instance, path: str, kind: str, chunked: bool) -> None:
    answer, body, sent = push(
        desk, path, chunked=chunked, Authorization="Bearer nope", Content_Type="application/json", Accept_Language="de"
    )
    assert answer.status == (404 if path in ("/nowhere", "/hooks/mail/guessed/") else 413)
    assert answer.headers["Content-Type"].startswith(kind) and answer.headers["Connection"] == "close"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    limit = next(most for beginning, most in settings.BODY_LIMITS if path.startswith(beginning))
    assert sent <= ON_THE_WAY + (limit if chunked else 0)
    if path.startswith("/api/"):
        assert json.loads(body)["detail"] == f"Hier werden höchstens {limit // MEGABYTE} MB angenommen."
    elif answer.status == 413:
        assert 'lang="de"' in body.decode()


def test_s60_a_form_with_files_may_be_larger_and_has_its_limit_too(desk: Instance) -> None:
    for path in ("/desk/new/", "/requests/new/", "/t/guessed/answer/"):
        answer, _body, sent = push(desk, path, chunked=False, Content_Type="multipart/form-data; boundary=x")
        assert (answer.status, sent <= ON_THE_WAY) == (413, True), path


def test_s60_the_next_request_is_served(desk: Instance) -> None:
    push(desk, "/api/v1/tickets", chunked=False)
    assert desk.get("/healthz")[0] == 200

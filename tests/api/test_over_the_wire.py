"""The interface as a program meets it: a real server, real connections."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.instance import Instance


class Wire:
    """Requests to a running desk."""

    def __init__(self, desk: Instance, token: str) -> None:
        self.port, self.token = desk.port, token

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        """One request on a connection of its own; the answer and its bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/api/v1{path}", body, named)
        answer = connection.getresponse()
        return answer, answer.read()


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length nobody announced."""
    yield b'{"name": "'
    for _ in range(size // 65536):
        yield b"x" * 65536
    yield b'"}'


def test_the_interface_over_a_real_server(new_instance: Callable[..., Instance]) -> None:
    desk = new_instance().prepare()
    assert desk.cli("admin", "create", "--email", "ada@lindhafen.example", "--name", "Ada").returncode == 0
    made = desk.cli("token", "create", "--agent", "ada@lindhafen.example", "--scopes", "write")
    desk.start()
    wire = Wire(desk, made.stdout.strip())

    answer, body = wire.send("POST", "/organisations", json.dumps({"name": "Wiatrak", "notes": "x" * 1000}))
    assert answer.status == 201
    place = (answer.headers["Location"] or "").removeprefix("/api/v1")

    # A compressing answer marks the ETag as weak; it is still good for a change.
    answer, body = wire.send("GET", place, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    etag = answer.headers["ETag"] or ""
    assert etag.startswith("W/")
    assert json.loads(gzip.decompress(body))["name"] == "Wiatrak"
    assert wire.send("GET", place, If_None_Match=etag)[0].status == 304
    assert wire.send("PATCH", place, '{"notes": "y"}', If_Match=etag)[0].status == 200
    assert wire.send("PATCH", place, '{"notes": "z"}', If_Match=etag)[0].status == 412

    answer, body = wire.send("HEAD", place)
    assert (answer.status, body) == (200, b"")

    # A body without an announced length is bounded as well.
    assert wire.send("POST", "/organisations", chunks(100_000))[0].status == 400
    assert wire.send("POST", "/organisations", chunks(6_000_000))[0].status == 413
    answer, body = wire.send("POST", "/attachments?filename=a.bin", chunks(200_000), Content_Type="a/b")
    assert (answer.status, json.loads(body)["size"] > 190_000) == (201, True)
    answer, body = wire.send("POST", "/attachments?filename=a.bin", chunks(27_000_000), Content_Type="a/b")
    assert (answer.status, json.loads(body)["status"]) == (413, 413)

    answer, body = wire.send("GET", "/organisations", Authorization="Bearer tsn_" + "x" * 43)
    assert (answer.status, answer.headers["Content-Type"]) == (401, "application/problem+json")

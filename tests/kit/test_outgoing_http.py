"""Requests to the outside are bounded in bytes, time and redirects, and carry nothing that was not given."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.safety.canary import outside_server, send
from tresen.kit.http import Limits, NotReached, fetch


@pytest.fixture(autouse=True)
def _loopback_is_opened(settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ("127.0.0.0/8", "::1/128")


def test_an_answer_brings_status_headers_and_body() -> None:
    with outside_server(lambda h: send(h, b"no", status=404, X_Why="gone")) as server:
        answer = fetch(f"{server.url}/a b".replace(" ", "%20"), method="POST", body=b"{}", headers={"X-One": "1"})
        assert (answer.status, answer.body, answer.headers["x-why"]) == (404, b"no", "gone")
        path, headers = server.asked[0]
    assert path == "/a%20b"
    assert headers["x-one"] == "1" and headers["user-agent"] == "Tresen" and headers["content-length"] == "2"
    assert not {"cookie", "referer", "origin", "authorization"} & headers.keys()


def test_a_body_beyond_the_limit_is_no_answer() -> None:
    with outside_server(lambda h: send(h, b"x" * 2000)) as server:
        assert len(fetch(server.url, limits=Limits(max_bytes=2000)).body) == 2000
        with pytest.raises(NotReached):
            fetch(server.url, limits=Limits(max_bytes=1999))


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
    except OSError:
        handler.close_connection = True


def test_a_body_that_never_ends_is_cut_off() -> None:
    with outside_server(_endless) as server, pytest.raises(NotReached):
        fetch(server.url, limits=Limits(max_bytes=10_000))


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_stopped_by_the_time_for_the_whole(start: bytes) -> None:
    door = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        taken, _ = door.accept()
        with taken:
            taken.sendall(start)
            try:
                while True:
                    taken.sendall(b"x")
                    time.sleep(0.05)
            except OSError:
                return

    threading.Thread(target=drip, daemon=True).start()
    with door, pytest.raises(NotReached) as refused:
        fetch(f"http://127.0.0.1:{door.getsockname()[1]}/", limits=Limits(seconds=0.4))
    assert "TooSlow" in refused.value.detail or "timed out" in refused.value.detail


def test_packed_answers_are_not_unpacked() -> None:
    with outside_server(lambda h: send(h, b"\x1f\x8b", Content_Encoding="gzip")) as server, pytest.raises(NotReached):
        fetch(server.url)


def test_redirects_are_followed_only_where_the_caller_allows_it_and_three_times_at_most() -> None:
    with outside_server(lambda h: send(h, b"", status=302, Location=f"/{len(h.path)}/x{h.path}")) as server:
        assert fetch(server.url).status == 302
        assert fetch(server.url, limits=Limits(redirects=99)).status == 302
        assert len(server.asked) == 1 + 4


def test_what_was_meant_for_one_server_is_not_told_to_the_next() -> None:
    with outside_server() as second:
        with outside_server(lambda h: send(h, b"", status=302, Location=second.url), host="127.0.0.2") as first:
            fetch(first.url, headers={"Authorization": "Bearer x", "Accept": "image/*"}, limits=Limits(redirects=1))
        assert "authorization" not in second.asked[0][1] and second.asked[0][1]["accept"] == "image/*"


def test_a_proxy_is_told_the_address_and_not_the_name(settings: Any) -> None:
    door = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def relay() -> None:
        taken, _ = door.accept()
        with taken, taken.makefile("rb") as reader:
            for _round in range(2):
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += reader.readline()
                heard.append(head)
                taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (b"hi" if len(heard) == 2 else b""))

    threading.Thread(target=relay, daemon=True).start()
    settings.OUTBOUND_PROXY = f"http://u:p%40@127.0.0.1:{door.getsockname()[1]}"
    with door:
        answer = fetch("http://example.test/x", limits=Limits(plain=True), names=lambda host: ["93.184.215.14"])
    assert answer.body == b"hi"
    assert heard[0].startswith(b"CONNECT 93.184.215.14:80 HTTP/1.1\r\n") and b"Basic dTpwQA==" in heard[0]
    assert b"Host: example.test\r\n" in heard[1] and b"Authorization" not in heard[1]

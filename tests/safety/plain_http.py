"""Requests byte for byte as they are written: no redirect followed, no path tidied, no header added."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from http.client import HTTPResponse


@dataclass(frozen=True)
class Answer:
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def all_of_it(self) -> str:
        """Headers and body as text."""
        return (
            "\n".join(f"{name}: {value}" for name, value in self.headers.items())
            + "\n\n"
            + self.body.decode(errors="replace")
        )


def ask(
    port: int, method: str, target: str | bytes, headers: dict[str, str] | None = None, body: bytes = b""
) -> Answer | None:
    """Sends one request to a port of this machine; None when the server hangs up without an answer.
    Of a stream that has no end the first piece is the body."""
    path = target if isinstance(target, bytes) else target.encode()
    lines = [method.encode() + b" " + path + b" HTTP/1.1"]
    named = {"Host": f"127.0.0.1:{port}", "Connection": "close", **(headers or {})}
    if body:
        named.setdefault("Content-Length", str(len(body)))
    lines += [f"{name}: {value}".encode("latin-1") for name, value in named.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"\r\n".join([*lines, b"", body]))
        response = HTTPResponse(connection, method=method)
        try:
            response.begin()
            endless = response.getheader("Content-Type", "").startswith("text/event-stream")
            read = response.read1() if endless else response.read()
        except (OSError, ValueError, EOFError):
            return None
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, read)

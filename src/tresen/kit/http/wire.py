"""HTTP over one connection to one address that was looked at before. Every byte and every second is counted."""

from __future__ import annotations

import io
import socket
import ssl
import time
from functools import cache
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from tresen.kit.http.targets import Target

# Beside the body: status line, headers, frames of chunks.
OVERHEAD_BYTES = 256 * 1024


class TooMuch(OSError):
    """More bytes than allowed."""


class TooSlow(OSError):
    """The time for the whole request is over."""


class Deadline:
    """A moment by which all must be done; `left()` gives the seconds until then."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left, never none. Raises TooSlow when they are over."""
        rest = self.at - time.monotonic()
        if rest <= 0:
            raise TooSlow("the time is over")
        return rest


class _Counted(io.RawIOBase):
    """What is read from a socket: each read waits for what is left of the time, and all of them have a common limit.

    A server that sends a byte a second is stopped by the clock, one that never ends by the count.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline, most: int) -> None:
        self.sock, self.deadline, self.left = sock, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.sock.settimeout(self.deadline.left())
        count = self.sock.recv_into(buffer)
        self.left -= count
        if self.left < 0:
            raise TooMuch("more bytes than allowed")
        return count


class _Pinned:
    """What http.client needs of a socket, around one that is connected."""

    def __init__(self, sock: socket.socket, deadline: Deadline, most: int) -> None:
        self.sock, self.deadline, self.most = sock, deadline, most

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(self.deadline.left())
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Counted(self.sock, self.deadline, self.most))

    def close(self) -> None:
        """Nothing: what is still to be read is behind it; `speak` closes the socket at the end."""


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def connect(address: str, port: int, *, deadline: Deadline) -> socket.socket:
    """A TCP connection to this very address. Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(deadline.left())
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def tunnel(sock: socket.socket, address: str, port: int, *, authorization: str, deadline: Deadline) -> None:
    """Asks the proxy at the other end to lead on to the address (RFC 9110, 9.3.6). Raises OSError."""
    place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if authorization:
        lines.append(f"Proxy-Authorization: {authorization}")
    pinned = _Pinned(sock, deadline, OVERHEAD_BYTES)
    pinned.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    # Byte by byte, so that nothing of what follows the empty line is taken away.
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        sock.settimeout(deadline.left())
        piece = sock.recv(1)
        if not piece or len(head) > 16_384:
            raise OSError("the proxy did not answer")
        head += piece
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise OSError("the proxy refused")


def speak(
    sock: socket.socket, target: Target, *, method: str, headers: dict[str, str], body: bytes | None,
    max_bytes: int, deadline: Deadline,
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """One request and its answer: status, headers (lower-case names, the last of equal ones) and body.

    TLS is for the name in the target (SNI and certificate), whatever address the socket leads to. Raises OSError,
    http.client.HTTPException.
    """
    if target.scheme == "https":
        sock.settimeout(deadline.left())
        sock = _trust().wrap_socket(sock, server_hostname=target.host)
    connection = HTTPConnection(target.host, target.port)
    connection.sock = _Pinned(sock, deadline, max_bytes + OVERHEAD_BYTES)
    try:
        connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        own = {"Host": target.host_header, "Accept-Encoding": "identity", "Connection": "close"}
        if body is not None:
            own["Content-Length"] = str(len(body))
        for name, value in {**headers, **own}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return response.status, told, _body(response, told, max_bytes)
    finally:
        sock.close()


def _body(response: HTTPResponse, told: dict[str, str], most: int) -> bytes:
    if told.get("content-encoding", "identity").lower() != "identity":
        raise OSError("packed though we asked for plain")
    body = response.read(most + 1)
    if len(body) > most:
        raise TooMuch("more bytes than allowed")
    return body

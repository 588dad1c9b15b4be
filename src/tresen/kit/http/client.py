"""One request to the outside: looked at, resolved once, spoken to at that very address."""

from __future__ import annotations

import base64
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from django.conf import settings

from tresen.kit.http.addresses import IPAddress, is_public, is_within, networks_of
from tresen.kit.http.targets import BadTarget, Target, read_target
from tresen.kit.http.wire import Deadline, connect, speak, tunnel

log = logging.getLogger("tresen.http")
Resolver = Callable[[str], list[str]]
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
REDIRECTS = {301, 302, 303, 307, 308}
# The name service has time limits of its own, so a thread never stays away for good.
_asking = ThreadPoolExecutor(max_workers=8, thread_name_prefix="names")


class NotReached(Exception):
    """No answer, for whatever reason. Its text is always the same; `detail` is for the log and for administrators."""

    def __init__(self, detail: str) -> None:
        super().__init__("the address could not be reached")
        self.detail = detail


@dataclass(frozen=True)
class Limits:
    """Seconds for the whole, redirects and the name service included; bytes of the body; redirects that are followed
    (GET only, each looked at anew, at most three). `plain` allows http beside https."""

    seconds: float = 15.0
    max_bytes: int = 1024 * 1024
    redirects: int = 0
    plain: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back, with its status whatever that is; header names are lower case. `is_outside`: from a public
    address, not from one inside that an administrator has opened."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    is_outside: bool = False


def system_names(host: str) -> list[str]:
    """The addresses of a name, as the system gives them. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None,
    limits: Limits | None = None, names: Resolver | None = None,
) -> Answer:  # fmt: skip
    """Asks a server outside. `headers` go as they are; no cookie, no referrer is ever added.

    Only public addresses are spoken to, and those an administrator has opened (TRESEN_OUTBOUND_ALLOW), these also
    without TLS and on any port. Raises NotReached; an answer that says "no" is an answer. `names` resolves a host
    (tests give their own).
    """
    limits = limits or Limits()
    deadline = Deadline(limits.seconds)
    sent = {"User-Agent": "Tresen", "Accept": "*/*", **(headers or {})}
    try:
        target, left = read_target(url), min(limits.redirects, MOST_REDIRECTS)
        while True:
            answer = _ask(target, method, sent, body, limits, deadline, names or system_names)
            if method != "GET" or answer.status not in REDIRECTS or left == 0:
                return answer
            left -= 1
            following = read_target(answer.headers.get("location", ""), base=answer.url)
            if following.scheme == "http" and target.scheme == "https":
                raise BadTarget("from https back to http")
            if following.origin != target.origin:
                sent = {name: sent[name] for name in ("User-Agent", "Accept")}
            target = following
    except (OSError, HTTPException, ValueError) as fault:
        detail = f"{type(fault).__name__}: {fault}"
        # Its host alone: the path of a webhook is often its secret.
        log.info("not reached: %.200r (%s)", url.partition("://")[2].partition("/")[0].rpartition("@")[2], detail)
        raise NotReached(detail) from fault


def _ask(
    target: Target, method: str, headers: dict[str, str], body: bytes | None, limits: Limits, deadline: Deadline,
    names: Resolver,
) -> Answer:  # fmt: skip
    addresses = _addresses(target, limits, deadline, names)
    sock = _connect(addresses, target.port, deadline)
    with sock:
        status, told, content = speak(
            sock, target, method=method, headers=headers, body=body, max_bytes=limits.max_bytes, deadline=deadline
        )
    outside = all(is_public(ip_address(address)) for address in addresses)
    return Answer(status, told, content, f"{target.scheme}://{target.host_header}{target.path}", outside)


def _addresses(target: Target, limits: Limits, deadline: Deadline, names: Resolver) -> list[str]:
    """The addresses that may be spoken to. One bad one spoils them all: an honest name has none. Raises BadTarget."""
    if target.address is not None:
        found: list[IPAddress] = [target.address]
    else:
        found = [ip_address(a) for a in _asking.submit(names, target.host).result(deadline.left())]
    allowed = networks_of(settings.OUTBOUND_ALLOW)
    opened = bool(found) and all(is_within(address, allowed) for address in found)
    if not found or not all(is_public(address) or is_within(address, allowed) for address in found):
        raise BadTarget("not a public address")
    if not opened and not target.is_usual_port:
        raise BadTarget("not a port of the web")
    if not opened and target.scheme == "http" and not limits.plain:
        raise BadTarget("without TLS")
    return [str(address) for address in found[:MOST_ADDRESSES]]


def _connect(addresses: list[str], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one, by way of the egress proxy where there is one.

    The proxy is told the address, not the name: it must not resolve once more.
    """
    proxy = urlsplit(settings.OUTBOUND_PROXY) if settings.OUTBOUND_PROXY else None
    fault: OSError = OSError("no address")
    for address in addresses:
        try:
            if proxy is None:
                return connect(address, port, deadline=deadline)
            return _through(proxy.hostname or "", proxy.port or 3128, _login(proxy.username, proxy.password),
                            address, port, deadline)  # fmt: skip
        except OSError as reason:
            fault = reason
    raise fault


def _through(
    host: str, proxy_port: int, authorization: str, address: str, port: int, deadline: Deadline
) -> socket.socket:
    sock = connect(system_names(host)[0], proxy_port, deadline=deadline)
    try:
        tunnel(sock, address, port, authorization=authorization, deadline=deadline)
    except BaseException:
        sock.close()
        raise
    return sock


def _login(user: str | None, password: str | None) -> str:
    if not user:
        return ""
    plain = f"{unquote(user)}:{unquote(password or '')}".encode()
    return "Basic " + base64.b64encode(plain).decode("ascii")

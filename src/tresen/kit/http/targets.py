"""What an address names, read in one way only: where two readers could differ, it is refused (safety test S10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

from tresen.kit.http.addresses import IPAddress

MOST_CHARACTERS = 4096
PORTS = {"http": 80, "https": 443}
# No blanks, no control characters, no backslash (browsers take it for a slash, servers do not).
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\\u0080-\u00a0\u2028\u2029\ufeff]")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A last label like these makes programs read the whole as a number (127.1, 0x7f000001, 2130706433).
NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")


class BadTarget(ValueError):
    """An address that is not spoken to; the message is for the log only."""


@dataclass(frozen=True)
class Target:
    """Where a request goes. `address` is set when the host is an address itself; `path` holds the query, too."""

    scheme: str
    host: str
    port: int
    path: str
    address: IPAddress | None = None

    @property
    def is_usual_port(self) -> bool:
        """The port that goes with the scheme."""
        return self.port == PORTS[self.scheme]

    @property
    def host_header(self) -> str:
        """The value of `Host` (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.is_usual_port else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be the same for two requests to go to the same place."""
        return self.scheme, self.host, self.port


def read_target(url: str, *, base: str = "") -> Target:
    """The target of an absolute http(s) URL; with `base`, also of a relative one. Raises BadTarget."""
    if len(url) > MOST_CHARACTERS or FORBIDDEN.search(url):
        raise BadTarget("too long, or characters that have no place in an address")
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port
    except ValueError as fault:
        raise BadTarget(str(fault)) from fault
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise BadTarget("neither http nor https")
    if "@" in parts.netloc or "%" in parts.netloc:
        raise BadTarget("a user name, or a coded host")
    if port == 0 or parts.netloc.endswith(":"):
        raise BadTarget("no port")
    host, address = _host(parts.hostname or "", bracketed=parts.netloc.startswith("["))
    path = quote(parts.path or "/", safe="%/:=&~+!$,;'@()*-._")
    query = quote(parts.query, safe="%/:=&~+!$,;'@()*-._?[]|{}")
    return Target(scheme, host, port or PORTS[scheme], f"{path}?{query}" if query else path, address)


def _host(host: str, *, bracketed: bool) -> tuple[str, IPAddress | None]:
    if bracketed:
        try:
            six = IPv6Address(host)
        except ValueError as fault:
            raise BadTarget("no IPv6 address") from fault
        return six.compressed, six
    try:
        # Wide digits and odd dots become plain here, and are looked at as what they are.
        name = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    except UnicodeError as fault:
        raise BadTarget("no host name") from fault
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise BadTarget("no host name")
    if NUMBER.fullmatch(labels[-1]):
        try:
            four = IPv4Address(name)
        except ValueError as fault:
            raise BadTarget("a number that is no plain IPv4 address") from fault
        return str(four), four
    return name, None

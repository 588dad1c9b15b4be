"""Which addresses of the internet are public. Stated here in full, so that it does not change with Python's version."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# RFC 6890 and the registry of special-purpose addresses; what is not meant for the public internet.
CLOSED_V4 = tuple(
    IPv4Network(n)
    for n in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private (RFC 1918)
        "100.64.0.0/10",  # between carrier and customer (RFC 6598), and metadata of some clouds
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # the inside of a large cloud, though it looks public
        "169.254.0.0/16",  # link-local, metadata of most clouds
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # protocols, documentation
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "198.18.0.0/15",  # measuring (RFC 2544)
        "224.0.0.0/4", "240.0.0.0/4",  # multicast, reserved, broadcast
    )
)  # fmt: skip
# Of IPv6 only what is given out to the public; mapped, translated (NAT64) and local addresses lie outside of it.
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6 = tuple(
    IPv6Network(n)
    for n in (
        "2001::/23",  # protocols, among them Teredo
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4: holds an IPv4 address
    )
)  # fmt: skip


def is_public(address: IPAddress) -> bool:
    """Whether anybody on the internet could be meant by it. Zone ids are never public."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in CLOSED_V4)
    if address.scope_id or address not in OPEN_V6:
        return False
    return not any(address in network for network in CLOSED_V6)


def is_within(address: IPAddress, networks: Iterable[IPNetwork]) -> bool:
    """Whether it lies in one of the networks that an administrator has opened."""
    return any(address.version == network.version and address in network for network in networks)


def networks_of(listed: Iterable[str]) -> tuple[IPNetwork, ...]:
    """Networks from their notation. Raises ValueError."""
    return tuple(ip_network(entry, strict=False) for entry in listed)

"""Addresses that lead inside, by a grammar of our own: every spelling of every place that is not public.

`PORT` stands for the canary's port. Names ending in `.test` are answered by `NAMES`; others by nobody.
"""

from __future__ import annotations

NAMES = {
    "inside.test": ["127.0.0.1"],
    "six.test": ["::1"],
    "private.test": ["10.0.0.5"],
    "metadata.test": ["169.254.169.254"],
    "carrier.test": ["100.64.0.1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "translated.test": ["64:ff9b::7f00:1"],
    "sixtofour.test": ["2002:7f00:1::1"],
    "teredo.test": ["2001:0:53aa:64c::1"],
    "local.test": ["fe80::1"],
    "unique.test": ["fd00:ec2::254"],
    "many.test": ["224.0.0.1"],
    "all.test": ["0.0.0.0"],
    "mixed.test": ["8.8.8.8", "127.0.0.1"],
    "mixed6.test": ["2600::1", "::1"],
    "nobody.test": [],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "xn--lcalhost-54a.test": ["127.0.0.1"],
}

CLOSED_FOUR = [
    "127.0.0.1", "127.1.2.3", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.8", "192.0.2.1",
    "198.51.100.1", "203.0.113.9", "192.88.99.1", "198.18.0.1", "224.0.0.251", "239.255.255.250", "240.0.0.1",
    "255.255.255.255",
]  # fmt: skip
CLOSED_SIX = [
    "::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b::808:808", "2002:7f00:1::",
    "2002:c0a8:101::1", "2001:0:53aa:64c:0:0:80ff:fffe", "2001:db8::1", "3fff::1", "fe80::1", "fe80::1%25eth0",
    "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "5f00::1",
]  # fmt: skip
# 127.0.0.1 as numbers, with wide digits, odd dots, zeros in front, letters of other alphabets.
SPELLINGS = [
    "2130706433", "017700000001", "0x7f000001", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "127.1", "127.0.1", "127.0.0.01",
    "127.0.0.0x1", "127.0.0.1.", "127。0。0。1", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "lOcAlHoSt", "localhost.",
    "localhost.localdomain", "ⓛocalhost", "xn--lcalhost-54a.test", "127.0.0.1%00.example", "127.0.0.1%2f.example",
    "4294967297", "256.256.256.256", "1.2.3", "08.8.8.8",
]  # fmt: skip
OTHERS = [
    "http://canary@127.0.0.1:PORT/", "http://example.com@127.0.0.1:PORT/", "http://127.0.0.1:PORT@example.com/",
    "http://example.com:80@127.0.0.1:PORT/", "http://127.0.0.1:PORT\\@example.com/",
    "http:\\\\127.0.0.1:PORT/", "http:///127.0.0.1:PORT/", "http:127.0.0.1:PORT/", "//127.0.0.1:PORT/",
    "127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\t/", " http://127.0.0.1:PORT/", "http://127.0.0.1\r\n:PORT/", "http://[::1]:PORT/",
    "http://[::1/", "http://::1:PORT/", "http://:PORT/", "http://127.0.0.1:0/", "http://127.0.0.1:/",
    "http://127.0.0.1:99999/", "http://-.test/", "http://../", "http://", "", "javascript:alert(1)",
    "file:///etc/passwd", "file://localhost/etc/passwd", "gopher://127.0.0.1:PORT/_GET%20/", "ftp://127.0.0.1:PORT/",
    "dict://127.0.0.1:PORT/info", "ldap://127.0.0.1:PORT/", "tftp://127.0.0.1:PORT/x", "jar:http://127.0.0.1:PORT!/",
    "data:text/plain,x", "ws://127.0.0.1:PORT/", "unix:/run/docker.sock", "http+unix://%2Frun%2Fdocker.sock/",
    "http://example.com:22/", "http://example.com:25/", "http://example.com:PORT/",
]  # fmt: skip


def hostile_urls(port: int) -> list[str]:
    """All of them, for a canary at that port; also at the usual port, where no port check stands in the way."""
    made = [f"http://{host}:{port}/" for host in [*CLOSED_FOUR, *SPELLINGS, *NAMES]]
    made += [f"http://[{host}]:{port}/" for host in CLOSED_SIX]
    made += [f"{scheme}://{host}/" for scheme in ("http", "https") for host in [*CLOSED_FOUR, *SPELLINGS, *NAMES]]
    made += [f"https://[{host}]/" for host in CLOSED_SIX]
    return made + [url.replace("PORT", str(port)) for url in OTHERS]


def names(host: str) -> list[str]:
    """A name service under the attacker's hand; what it does not know does not exist."""
    if host not in NAMES and host != "example.com":
        raise OSError("no such name")
    return NAMES.get(host, ["93.184.215.14"])

"""Does the domain of the From line vouch for a mail? Its own signature (DKIM, RFC 6376), checked on the raw bytes.

For mailboxes whose server writes no results. The names to ask are taken from the headers; the keys come by DNS
(dkim_dns.py); the signature itself is checked in the box, which has no network. Whatever goes wrong, nothing is
proven.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import dkim

from tresen.channels.mail.addresses import normalise
from tresen.kit.mime.addresses import parse_addresses
from tresen.kit.mime.headers import HEADER_END, undecoded

MOST_SIGNATURES = 4
TAG = re.compile(r"(?:^|;)\s*([a-z]{1,3})\s*=\s*([^;]*)", re.IGNORECASE)
NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,250}[a-z0-9_])?", re.IGNORECASE)
MIN_KEY_BITS = 1024
ODD_FROM = re.compile(rb"^from[ \t]+:", re.IGNORECASE | re.MULTILINE)


def is_aligned(signer: str, domain: str) -> bool:
    """The signing domain is that of the address, or one above it that has a dot itself."""
    return domain == signer or ("." in signer and domain.endswith("." + signer))


def keys_to_ask(headers: Sequence[tuple[str, str]], *, domain: str) -> list[str]:
    """The DNS names of the keys that could prove an address of `domain`; a signature of only a part of the text (`l=`)
    proves nothing."""
    names = []
    for value in [v for k, v in headers if k.lower() == "dkim-signature"][:MOST_SIGNATURES]:
        tags = {k.lower(): "".join(v.split()) for k, v in TAG.findall(value[:4000])}
        name = f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}".lower()
        if is_aligned(tags.get("d", "").lower(), domain) and "l" not in tags and NAME.fullmatch(name):
            names.append(name)
    return list(dict.fromkeys(names))


def signers_proven(raw: bytes, *, sender: str, records: dict[str, str]) -> list[str]:
    """The domains whose signature on these bytes holds, with these keys, and covers a From line that is the only one
    and `sender`'s: the library reads broken headers in another way than we do. Runs in the box. Raises nothing."""

    def answer(name: bytes | str, timeout: float = 0) -> bytes | None:
        plain = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        found = records.get(plain.rstrip(".").lower())
        # A key in test mode (t=y) says that nothing may be concluded from it.
        is_test = found is not None and "y" in dict(TAG.findall(found)).get("t", "").lower()
        return None if found is None or is_test else found.encode("ascii", "replace")

    try:
        mail = dkim.DKIM(raw, minkey=MIN_KEY_BITS)
        if not _is_only_from(raw, mail, sender):
            return []
    except Exception:
        return []
    checked = [_domain_proven(mail, number, answer) for number in range(min(MOST_SIGNATURES, _signatures(mail)))]
    return [domain for domain in checked if domain]


def _domain_proven(mail: Any, number: int, answer: Callable[..., bytes | None]) -> str:
    """The domain of that signature if it holds for all of the text and the From line (RFC 6376, 5.4); else "". A
    broken one hides none of the others."""
    try:
        if not mail.verify(idx=number, dnsfunc=answer):
            return ""
    except Exception:
        return ""
    is_whole = b"l" not in (mail.signature_fields or {}) and b"from" in mail.include_headers
    return bytes(mail.domain or b"").decode("ascii", "replace").lower() if is_whole else ""


def _is_only_from(raw: bytes, mail: Any, sender: str) -> bool:
    """The one From line that the library sees is the sender's, and there is none that it passes over (`From :`)."""
    values = [value for name, value in mail.headers if name.lower() == b"from"]
    end = HEADER_END.search(raw)
    if len(values) != 1 or ODD_FROM.search(raw, 0, end.start() if end else len(raw)):
        return False
    found = parse_addresses(undecoded(b" ".join(values[0].split())))
    return [normalise(one.address) for one in found] == [normalise(sender)]


def _signatures(mail: Any) -> int:
    return sum(1 for name, _ in mail.headers if name.lower() == b"dkim-signature")


def warm_up() -> None:
    """Loads what the library loads on first use, before the walls stand."""
    signed = b"DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=s; h=from; bh=; b=\r\nFrom: a@x.example\r\n\r\nx\r\n"
    signers_proven(signed, sender="a@x.example", records={})


def proves(
    raw: bytes, headers: Sequence[tuple[str, str]], *, sender: str, ask: Callable[[Sequence[str]], dict[str, str]],
    check: Callable[[bytes, str, dict[str, str]], list[str]],
) -> bool:  # fmt: skip
    """Whether the domain of `sender` has signed the mail; `ask` and `check` are DNS and the box."""
    domain = sender.rpartition("@")[2].lower()
    names = keys_to_ask(headers, domain=domain) if domain else []
    records = ask(names) if names else {}
    return bool(records) and any(is_aligned(signer, domain) for signer in check(raw, sender, records))

"""The keys of signatures, by DNS. Whoever writes to us chooses the names, so what asking them may cost is bounded."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

import dns.exception
import dns.resolver
from django.core.cache import cache

DNS_SECONDS = 3.0
# What a stranger's names may cost the mails of everybody else in this process.
DNS_MILLISECONDS_A_MINUTE = 10_000
SILENT_SECONDS = 600
SPENT_KEY = "mail:dkim-spent"


def ask_dns(names: Sequence[str]) -> dict[str, str]:
    """The TXT records of those names, as far as they come within three seconds in all and within what is left of this
    minute's seconds. A domain that was silent is not asked again for ten minutes. Raises nothing."""
    begun = time.monotonic()
    cache.add(SPENT_KEY, 0, timeout=60)
    most = min(DNS_SECONDS, (DNS_MILLISECONDS_A_MINUTE - cache.get(SPENT_KEY, 0)) / 1000)
    found: dict[str, str] = {}
    for name in names:
        left = begun + most - time.monotonic()
        silent = _silent_key(name)
        if left <= 0 or cache.get(silent):
            continue
        try:
            for record in dns.resolver.resolve(name, "TXT", lifetime=left, search=False):
                found[name] = b"".join(record.strings).decode("ascii", "replace")[:4000]
        except dns.exception.Timeout:
            if left > DNS_SECONDS / 2:  # it had its time
                cache.set(silent, True, timeout=SILENT_SECONDS)
        except (dns.exception.DNSException, OSError, ValueError):
            continue
    _note_spent(round((time.monotonic() - begun) * 1000))
    return found


def _silent_key(name: str) -> str:
    domain = name.rpartition("._domainkey.")[2]
    return "mail:dkim-silent:" + hashlib.sha256(domain.encode("utf-8", "replace")).hexdigest()


def _note_spent(milliseconds: int) -> None:
    try:
        cache.incr(SPENT_KEY, milliseconds)
    except ValueError:  # the minute is over
        cache.set(SPENT_KEY, milliseconds, timeout=60)

"""Is the From line true? Only our own mail server's word counts (Authentication-Results, RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Sequence

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
METHOD = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
POLICY = re.compile(
    r"\bp(?:olicy)?\s*[=.:]\s*(reject|quarantine)|dis(?:position)?\s*=\s*(reject|quarantine)", re.IGNORECASE
)
SIGNER = re.compile(r"header\.(?:d|i)\s*=\s*@?([A-Za-z0-9.-]+)", re.IGNORECASE)


def verdict(headers: Sequence[tuple[str, str]], *, authserv_id: str, sender: str) -> str:
    """`pass`, `fail` (the domain's own policy says forged) or `unknown`, for the From address `sender`.

    Only the topmost header that carries the configured id is believed: anything below it the sender can have
    written himself. Without a configured id nothing is known.
    """
    if not authserv_id:
        return UNKNOWN
    stated = next((v for k, v in headers if k.lower() == "authentication-results"), None)
    if stated is None or stated.strip().split(";")[0].split()[:1] != [authserv_id]:
        return UNKNOWN
    domain = sender.rpartition("@")[2].lower()
    dkim_aligned = False
    for method, result, rest in METHOD.findall(stated[:16_000]):
        method, result = method.lower(), result.lower()
        if method == "dmarc" and result == "pass":
            return PASS
        if method == "dmarc" and result == "fail" and POLICY.search(rest):
            return FAIL
        if method == "dkim" and result == "pass":
            dkim_aligned |= any(_aligned(signer.lower(), domain) for signer in SIGNER.findall(rest))
    return PASS if dkim_aligned else UNKNOWN


def _aligned(signer: str, domain: str) -> bool:
    return bool(signer) and (domain == signer or domain.endswith("." + signer))

"""Is the From line true? Only our own mail server's word counts (Authentication-Results, RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Sequence

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
METHOD = re.compile(r"\s*(dmarc|dkim)\s*=\s*(\w+)", re.IGNORECASE)
POLICY = re.compile(r"\b(?:p|policy|dis|disposition)\s*[=.:]\s*(reject|quarantine)", re.IGNORECASE)
SIGNER = re.compile(r"header\.(?:d|i)\s*=\s*@?([A-Za-z0-9.-]+)", re.IGNORECASE)
AUTHOR = re.compile(r"header\.from\s*=\s*(?:[^\s@;]*@)?([A-Za-z0-9.-]*)", re.IGNORECASE)
LONGEST = 16_000


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
    for plain, comments in _parts(stated[:LONGEST]):
        found = METHOD.match(plain)
        if not found:
            continue
        method, result = found.group(1).lower(), found.group(2).lower()
        if method == "dmarc" and result == "pass" and _is_about(plain, domain):
            return PASS
        if method == "dmarc" and result == "fail" and POLICY.search(f"{plain} {comments}"):
            return FAIL
        if method == "dkim" and result == "pass":
            dkim_aligned |= any(_aligned(signer.lower(), domain) for signer in SIGNER.findall(plain))
    return PASS if dkim_aligned else UNKNOWN


def _parts(value: str) -> list[tuple[str, str]]:
    """The parts between semicolons, each as (its words, its comments). What stands in quotes or comments can be the
    sender's own words (his envelope address), so it never counts as a result (RFC 8601, section 2.2)."""
    parts: list[tuple[str, str]] = []
    plain: list[str] = []
    comments: list[str] = []
    depth, quoted, skip = 0, False, False
    for char in value:
        if skip:
            skip = False
        elif char == "\\" and (quoted or depth):
            skip = True
        elif quoted:
            quoted = char != '"'
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif depth:
            comments.append(char)
        elif char == '"':
            quoted = True
        elif char == ";":
            parts.append(("".join(plain), "".join(comments)))
            plain, comments = [], []
        else:
            plain.append(char)
    parts.append(("".join(plain), "".join(comments)))
    return parts


def _is_about(plain: str, domain: str) -> bool:
    """A DMARC result that names the domain it is about (`header.from`, RFC 8601, 2.7) speaks for no other one."""
    return all(named.lower().rstrip(".") == domain for named in AUTHOR.findall(plain))


def _aligned(signer: str, domain: str) -> bool:
    return bool(signer) and (domain == signer or domain.endswith("." + signer))

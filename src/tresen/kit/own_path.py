"""Where to go afterwards: only ever a path of our own (safety test S52)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme


def own_path(wanted: object, *, default: str) -> str:
    """`wanted` if it is a path of ours beginning with one slash, else `default`.

    Refuses other hosts in every spelling: `//host`, `/\\host`, schemes, control characters, and what browsers
    fold to them.
    """
    if not isinstance(wanted, str) or not wanted.startswith("/") or len(wanted) > 2000:
        return default
    if wanted.startswith(("//", "/\\")) or any(c <= " " or c == "\\" or c == "\x7f" for c in wanted):
        return default
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return default
    parts = urlsplit(wanted)
    return default if parts.scheme or parts.netloc else wanted

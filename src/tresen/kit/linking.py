"""Plain text on a page: escaped, with its web addresses as links. Linear in the length of the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`\\^{|}\x00-\x1f\x7f]{3,2000}", re.IGNORECASE)
_AFTER = ".,;:!?…»“”’*_"
_PAIRS = {")": "(", "]": "["}


def linked(text: str, *, between: Callable[[str], str] = escape) -> SafeString:
    """The text escaped, http and https addresses as links that open apart and tell nobody where they were.

    `between` escapes what is not an address and may make links of its own.
    """
    out, at = [], 0
    for match in _ADDRESS.finditer(text):
        address = _without_tail(match.group())
        out.append(between(text[at : match.start()]))
        safe = escape(address)
        out.append(f'<a href="{safe}" target="_blank" rel="noopener noreferrer nofollow">{safe}</a>')
        at = match.start() + len(address)
    out.append(between(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every piece is escaped above


def _without_tail(address: str) -> str:
    """The address without what belongs to the sentence: its full stop, a bracket opened before it."""
    while address:
        last = address[-1]
        if last in _AFTER or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        else:
            break
    return address

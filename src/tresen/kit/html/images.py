"""Giving the marked images of cleaned HTML their places when it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

# Whole tags of cleaned HTML: in its text no angle bracket stands unescaped, in its attributes no quote.
IMAGE = re.compile(r'<img(?: [a-z-]+="[^"]*")*>')
MARK = re.compile(r' data-(cid|remote)="([^"]*)"')


def fill_images(
    cleaned: str,
    *,
    content: Callable[[str], str | None] | None = None,
    remote: Callable[[str], str | None] | None = None,
) -> str:
    """Cleaned HTML with a src for every image that `content(content_id)` or `remote(url)` gives an address for.

    Only for the output of `clean_html`. Addresses must be our own; they are escaped here.
    """

    def place(found: re.Match[str]) -> str:
        give = content if found[1] == "cid" else remote
        address = give(unescape(found[2])) if give else None
        return found[0] if address is None else f' src="{escape(address)}"'

    return IMAGE.sub(lambda image: MARK.sub(place, image[0], count=1), cleaned)

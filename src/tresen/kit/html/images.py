"""Giving the marked images of cleaned HTML their places when it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

# Whole tags of cleaned HTML: in its text no angle bracket stands unescaped, in its attributes no quote.
IMAGE = re.compile(r'<img(?: [a-z-]+="[^"]*")*>')
MARK = re.compile(r' data-(cid|remote)="([^"]*)"')
# One or two pixels, or hidden: it counts who reads, and shows nothing.
COUNTING = re.compile(
    r' (?:width|height)="0*[0-2](?:px|pt|%)?"'
    r'| style="(?:[^"]*;)?\s*(?:display:\s*none|(?:max-)?(?:width|height):\s*0*[0-2](?:px|pt)?)\s*[;"]',
    re.IGNORECASE,
)


def remote_sources(cleaned: str) -> list[str]:
    """The address of each image from outside in the output of `clean_html`, in the order in which `fill_images` asks
    for them; "" for one that only counts readers."""
    found = []
    for image in IMAGE.finditer(cleaned):
        mark = MARK.search(image[0])
        if mark and mark[1] == "remote":
            found.append("" if COUNTING.search(image[0]) else unescape(mark[2]))
    return found


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

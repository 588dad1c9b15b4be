"""HTML of texts that our own people write for readers: a page of its own, so with headings one can link to.

Stricter than for mail, where it is about style (none), and wider where it is about links: to places on the same page,
and to our own pages. Pictures are our own files alone. What comes out stands in our pages, so nothing in it can run,
load from elsewhere, or take the place of something of ours (ids begin with `s-`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape

import nh3
from django.utils.text import slugify

from tresen.kit.html.sanitise import DROPPED_WHOLE, LINK_SCHEMES
from tresen.kit.html.shape import check_shape
from tresen.kit.words import fold

PROSE_VERSION = 1
PREFIX = "s-"
TAGS = set(
    "a b blockquote br caption code dd del dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small "
    "strong sub sup table tbody td tfoot th thead tr u ul var".split()
)
CELL = {"colspan", "rowspan", "scope", "align"}
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": CELL,
    "th": CELL,
}
PLAIN_VALUE = re.compile(r"[\w-]{0,20}")
FREE_TEXT = frozenset({"title", "alt"})
HEADING = re.compile(r"<h([1-6])((?: [a-z-]+=\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
ALIGNED = re.compile(r' style="text-align:\s?(left|center|right)"')
ANCHOR = re.compile(r' href="#([^"]*)"')
IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
TAG = re.compile(r"<[^<>]*>")
# Readers see the title as the first heading: those of the text stand below it, and not deeper than three.
LEVELS = {1: 2, 2: 2, 3: 3, 4: 4, 5: 4, 6: 4}


@dataclass(frozen=True)
class Heading:
    """A heading of a cleaned text: its level (2 to 4), the id that a link names, its words."""

    level: int
    id: str
    text: str


def clean_prose(html: str, *, is_own_picture: Callable[[str], bool]) -> str:
    """Cleaned HTML with ids on its headings; a picture stays where `is_own_picture(src)` says so. Raises HtmlTooHard.

    Links: http, https, mailto, tel, places on the page (`#…`) and paths of our own (`/…`).
    """
    check_shape(html)

    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return value if _is_good_link(value) else None
        if name == "src":
            return value if is_own_picture(value) else None
        if name in FREE_TEXT or name == "rel":
            return value
        return value if PLAIN_VALUE.fullmatch(value) else None

    cleaner = nh3.Cleaner(
        tags=TAGS, clean_content_tags=DROPPED_WHOLE, attributes=ATTRIBUTES, attribute_filter=allowed,
        url_schemes=LINK_SCHEMES, url_relative="pass_through", link_rel="noopener noreferrer", strip_comments=True,
    )  # fmt: skip
    cleaned = cleaner.clean(ALIGNED.sub(r' align="\1"', html))
    cleaned = IMAGE.sub(lambda found: f'<img{found[1]} loading="lazy">' if " src=" in found[1] else "", cleaned)
    return ANCHOR.sub(_anchored, _with_ids(cleaned)).strip()


def _is_good_link(value: str) -> bool:
    link = value.strip()
    if link.startswith("#"):
        return True
    if link.startswith("/"):
        return not link.startswith(("//", "/\\")) and "\\" not in link and not any(sign < " " for sign in link)
    scheme, colon, _rest = link.partition(":")
    return bool(colon) and scheme.lower() in LINK_SCHEMES


def _with_ids(cleaned: str) -> str:
    seen: dict[str, int] = {}

    def named(found: re.Match[str]) -> str:
        base = slug_of(_text(found[3])) or "part"
        seen[base] = seen.get(base, 0) + 1
        name = base if seen[base] == 1 else f"{base}-{seen[base]}"
        level = LEVELS[int(found[1])]
        return f'<h{level}{found[2]} id="{PREFIX}{name}">{found[3]}</h{level}>'

    return HEADING.sub(named, cleaned)


def _anchored(found: re.Match[str]) -> str:
    name = unescape(found[1])
    return f' href="#{PREFIX}{escape(slug_of(name.removeprefix(PREFIX)))}"'


def _text(html: str) -> str:
    return " ".join(unescape(TAG.sub("", html)).split())


def slug_of(text: str) -> str:
    """Plain letters, digits and dashes for an address: „Über VPN“ is `uber-vpn`."""
    return slugify(fold(text))[:80].strip("-")


def headings_of(cleaned: str) -> list[Heading]:
    """The headings of what `clean_prose` made, for a table of contents."""
    found = []
    for heading in HEADING.finditer(cleaned):
        name = re.search(rf' id="({PREFIX}[^"]*)"', heading[2])
        if name:
            found.append(Heading(int(heading[1]), name[1], _text(heading[3])))
    return found

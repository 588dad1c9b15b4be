"""The one sanitiser (safety decision 4): an allowlist over a real HTML parser, nothing of which can load or run.

Runs in the box: a native parser cannot be interrupted from inside. The result is kept with SANITISER_VERSION, so that
a changed rule shows which stored mails must be cleaned again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import nh3

from tresen.kit.html.shape import check_shape
from tresen.kit.html.styles import PROPERTY_NAMES, clean_style

SANITISER_VERSION = 2
LINK_SCHEMES = {"http", "https", "mailto", "tel"}
TAGS = set(
    "a abbr acronym address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em "
    "figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub "
    "sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
# What goes together with all it holds; any other unknown tag goes and leaves its text.
DROPPED_WHOLE = set(
    "script style title template noscript noembed noframes iframe object embed applet svg math textarea select "
    "xmp plaintext audio video canvas frameset".split()
)
EVERYWHERE = {"style", "dir", "lang", "title", "align"}
CELL = {"colspan", "rowspan", "width", "height", "bgcolor", "valign", "nowrap", "scope"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border"},
    "table": {"width", "height", "border", "cellpadding", "cellspacing", "bgcolor"},
    "tr": {"bgcolor", "valign", "height"},
    "td": CELL,
    "th": CELL,
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value", "type"},
    "blockquote": {"type"},
    "hr": {"size", "width", "color"},
    "time": {"datetime"},
}
PLAIN_VALUE = re.compile(r"[\w #%.,:+-]{0,80}")
FREE_TEXT = frozenset({"title", "alt", "href", "src", "style"})
# The output is well-formed: quotes and angle brackets inside attribute values are escaped.
IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
SOURCE = re.compile(r' src="([^"]*)"')
# Word's empty paragraphs behind others: the space between them is ours already. One with margins of its own is meant.
NOTHING = r"\s|&nbsp;|<br>|</?(?:span|b|i|u|font|strong|em)(?: [^>]*)?>"
EMPTY = re.compile(rf"(?:(?<=</p>)|(?<=</p>\s)|(?<=</p>\s\s))<p((?: [^>]*)?)>(?:{NOTHING}){{0,40}}</p>")
BODY = re.compile(r"<body\b([^<>]{0,3000})>", re.IGNORECASE)
BODY_ATTRIBUTE = re.compile(
    r"""\b(style|bgcolor|text)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)  # fmt: skip
BODY_SAYS = ("color", "background-color", "font-family", "font-size", "direction")


@dataclass(frozen=True)
class CleanHtml:
    """Cleaned HTML. An image of the mail is `<img data-cid="id">`, one from outside `<img data-remote="url">`: neither
    has a src, so nothing is fetched until a face decides."""

    html: str
    remote_images: int
    content_ids: tuple[str, ...]
    version: int = SANITISER_VERSION


def _filter(tag: str, name: str, value: str) -> str | None:
    """Last word on every attribute that is on the list; None drops it."""
    if name == "style":
        return clean_style(value) or None
    if name == "href" and tag == "a":
        return value if value.partition(":")[0].strip().lower() in LINK_SCHEMES else None
    if name == "src":
        return value if value.partition(":")[0].strip().lower() in ("http", "https", "cid") else None
    if name in ("target", "rel") or name in FREE_TEXT:
        return value
    return value if PLAIN_VALUE.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED_WHOLE,
    attributes=ATTRIBUTES,
    attribute_filter=_filter,
    filter_style_properties=set(PROPERTY_NAMES),
    url_schemes=LINK_SCHEMES | {"cid"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    strip_comments=True,
)


def clean_html(html: str, rewrite_image: Callable[[str], str | None] | None = None) -> CleanHtml:
    """Cleans HTML of a stranger. Raises HtmlTooHard before parsing what is too large or too deep.

    `rewrite_image(src)` may give an address for an image (`cid:…` or `http…`); None leaves it as a mark.
    """
    check_shape(html)
    remote = 0
    content_ids: list[str] = []

    def image(found: re.Match[str]) -> str:
        nonlocal remote
        attributes = found[1]
        source = SOURCE.search(attributes)
        if not source:
            return "" if ' alt="' not in attributes else found[0]
        url = _unescape(source[1]).strip()
        address = rewrite_image(url) if rewrite_image else None
        if address is not None:
            mark = f' src="{_escape(address)}"'
        elif url.lower().startswith("cid:"):
            content_ids.append(unquote(url[4:]).strip("<> "))
            mark = f' data-cid="{_escape(content_ids[-1])}"'
        else:
            remote += 1
            mark = f' data-remote="{_escape(url)}"'
        return f"<img{attributes[: source.start()]}{mark}{attributes[source.end() :]}>"

    cleaned = EMPTY.sub(lambda found: found[0] if "margin" in found[1] else "", CLEANER.clean(html))
    cleaned = _in_colours(html, IMAGE.sub(image, cleaned).strip())
    return CleanHtml(cleaned, remote, tuple(dict.fromkeys(content_ids)))


def _in_colours(html: str, cleaned: str) -> str:
    """What the page around the mail says of colours and letters, said by a box around it: white letters need their
    dark ground."""
    body = BODY.search(html)
    if not body or not cleaned:
        return cleaned
    given = {found[1].lower(): unescape(found[2] or found[3] or found[4]) for found in BODY_ATTRIBUTE.finditer(body[1])}
    ways = [f"background-color:{given.get('bgcolor', '')}", f"color:{given.get('text', '')}", given.get("style", "")]
    said = dict(rule.split(":", 1) for rule in clean_style(";".join(ways)).split(";") if rule)
    style = ";".join(f"{name}:{value}" for name, value in said.items() if name in BODY_SAYS)
    return f'<div style="{_escape(style)}">{cleaned}</div>' if style else cleaned


def sanitise(html: str) -> str:
    """The cleaned HTML alone. Raises HtmlTooHard."""
    return clean_html(html).html


def _unescape(value: str) -> str:
    for code, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"), ("&amp;", "&")):
        value = value.replace(code, char)
    return value


def _escape(value: str) -> str:
    for char, code in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        value = value.replace(char, code)
    return value

"""HTML as text that reads well: links, lists, tables and quotes keep their meaning.

An own walk over a parsed tree, without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tresen.kit.html.shape import check_shape
from tresen.kit.html.styles import HIDING

UNSEEN = frozenset(
    "script style head title template noscript iframe object embed svg math select option textarea audio video "
    "canvas".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul caption".split()
)
SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl pre table blockquote".split())
# What makes a cell more than a value.
NO_VALUES = "table, ul, ol, blockquote, pre, hr, h1, h2, h3"
LONGEST_VALUE, MOST_VALUES = 120, 30
BULLETS = frozenset("·•o§▪◦‣–-*vqüØ")
WORDS_BULLET = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
LINK_SCHEMES = ("http://", "https://")
BLANKS = re.compile(r"[ \t\r\n\f]+")
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
DEEPEST_QUOTE = 20
# A private character on a line of its own: where the earlier mail begins. Taken out of strangers' text first.
TAIL = "\ue000"
# The same before every line of a signature.
SIGNED = "\ue001"
OWN_SIGNS = re.compile(f"[{TAIL}{SIGNED}]")
Mark = Callable[[LexborNode], str | None]


@dataclass
class _Writer:
    """Lines so far, each with its quote depth; text waits until its line ends."""

    lines: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    quote: int = 0
    signed: int = 0
    indent: int = 0
    bullet: str = ""
    pre: int = 0
    in_row: int = 0
    has_words: bool = False
    ends_blank: bool = True
    wants_space: bool = False
    gap_quote: int = 0

    def text(self, text: str) -> None:
        if self.pre:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._add(first)
            for line in rest:
                self.newline(force=True)
                self._add(line)
            return
        text = BLANKS.sub(" ", text)
        if self.ends_blank:
            text = text.lstrip(" ")
        self._add(text)

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.ends_blank = text[-1] == " "
            self.has_words = self.has_words or not text.isspace()

    def newline(self, *, force: bool = False) -> None:
        """Ends the line. An empty one only counts when forced (`<br>`), and then once; in a row of values a blank does
        for it."""
        if self.in_row:
            if self.parts and not self.ends_blank:
                self._add(" ")
            return
        line = "".join(self.parts)
        line = line.rstrip() if not self.pre else line.rstrip("\n")
        self.parts, self.ends_blank, self.has_words = [], True, False
        if not line.strip() and (not force or self._is_gap()):
            return
        if self.wants_space:
            self._space()
        lead = (
            ("  " * min(max(self.indent - 1, 0), 10) + (self.bullet or "  " * bool(self.indent)))
            if line.strip()
            else ""
        )
        if self.bullet and line.strip():
            self.bullet = ""
        self.lines.append((self._prefix() + lead + line.replace("\xa0", " ")).rstrip())

    def _is_gap(self) -> bool:
        """Whether the last line is empty already, outside of text that is written as it stands."""
        return not self.pre and len(self.lines) > 1 and not self.lines[-1].strip("> " + SIGNED)

    def _prefix(self) -> str:
        return (SIGNED if self.signed else "") + "> " * min(self.quote, DEEPEST_QUOTE)

    def _space(self) -> None:
        self.wants_space = False
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.gap_quote, self.quote, DEEPEST_QUOTE)).rstrip())

    def gap(self) -> None:
        """One empty line before the next text."""
        self.newline()
        if self.in_row:
            return
        self.gap_quote = min(self.gap_quote, self.quote) if self.wants_space else self.quote
        self.wants_space = bool(self.lines)


def to_text(html: str, mark: Mark | None = None) -> str:
    """The visible text. Raises HtmlTooHard for what is too large or too deep to parse.

    `mark(node)` may say of an element that it is a `quote`, that a `tail` of earlier mail begins with it (a TAIL line
    is written), that it is `signed` (SIGNED stands before each of its lines), or that it is `plain` although it is a
    blockquote.
    """
    check_shape(html)
    tree = LexborHTMLParser(html)
    body = tree.body or tree.root
    if body is None:
        return ""
    writer = _Writer()
    _walk(body, writer, mark)
    writer.newline()
    return "\n".join(writer.lines).strip("\n")


def _walk(root: LexborNode, writer: _Writer, mark: Mark | None) -> None:
    """Depth first with a stack of nodes to enter and actions to take on leaving."""
    stack: list[LexborNode | Callable[[], None]] = [root]
    while stack:
        node = stack.pop()
        if callable(node):
            node()
            continue
        if node.is_text_node:
            text = node.text_content or ""
            writer.text(OWN_SIGNS.sub("", text))
            continue
        name = node.tag or ""
        if not node.is_element_node or name in UNSEEN or _is_hidden(node):
            continue
        said = mark(node) if mark else None
        if said == "tail":
            writer.newline()
            writer.text(TAIL)
            writer.newline()
        elif said == "quote":
            name = "blockquote"
        elif said == "plain":
            name = "div"
        elif said == "signed":
            stack.append(_begin_signature(writer))
        leave = _enter(node, name, writer)
        if leave:
            stack.append(leave)
        children = list(node.iter(include_text=True))
        stack.extend(reversed(children))


def _begin_signature(writer: _Writer) -> Callable[[], None]:
    """Marks the lines from here as signed; gives what ends that."""
    writer.newline()
    writer.signed += 1

    def leave() -> None:
        writer.newline()
        writer.signed -= 1

    return leave


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style") or ""
    return "hidden" in attributes or bool(style and (HIDDEN.search(style) or HIDING.search(style)))


def _enter(node: LexborNode, name: str, writer: _Writer) -> Callable[[], None] | None:
    """Writes what stands before an element; gives what is to be done after it."""
    if name == "br":
        writer.newline(force=True)
        return None
    if name == "img":
        alt = (node.attributes.get("alt") or "").strip()
        writer.text(f"[{alt[:200]}]" if alt else "")
        return None
    if name == "a":
        return _link(node, writer)
    if name in ("td", "th"):
        return _cell(node, writer)
    if name == "tr" and not writer.in_row and _is_row_of_values(node):
        return _row(writer)
    if name == "span" and WORDS_BULLET.search(node.attributes.get("style") or ""):
        _words_bullet(node, writer)
        return None
    if name not in BLOCKS:
        return None
    if name == "hr":
        writer.newline()
        writer.text("-" * 20)
        writer.newline()
        return None
    return _block(node, name, writer)


def _block(node: LexborNode, name: str, writer: _Writer) -> Callable[[], None]:
    begin = writer.gap if name in SPACED and not (name in ("ul", "ol") and writer.indent) else writer.newline
    begin()
    if name == "blockquote":
        writer.quote += 1
    elif name == "pre":
        writer.pre += 1
    elif name in ("ul", "ol"):
        writer.indent += 1
    elif name == "li":
        writer.bullet = _bullet(node)

    def leave() -> None:
        begin()
        if name == "blockquote":
            writer.quote -= 1
        elif name == "pre":
            writer.pre -= 1
        elif name in ("ul", "ol"):
            writer.indent -= 1
            writer.bullet = ""

    return leave


def _bullet(node: LexborNode) -> str:
    parent = node.parent
    if parent is None or parent.tag != "ol":
        return "- "
    number = int(parent.attributes.get("data-counted") or 0) + 1
    parent.attrs["data-counted"] = str(number)
    return f"{number}. "


def _link(node: LexborNode, writer: _Writer) -> Callable[[], None] | None:
    href = (node.attributes.get("href") or "").strip()
    if not href.lower().startswith(LINK_SCHEMES) or len(href) > 2000:
        return None
    begin = len(writer.parts)
    line = len(writer.lines)

    def leave() -> None:
        shown = "".join(writer.parts[begin:]) if len(writer.lines) == line else ""
        plain = shown.strip().rstrip("/")
        if plain and plain not in (href.rstrip("/"), href.partition("://")[2].rstrip("/")):
            writer.text(f" <{href}>" if not shown.endswith(" ") else f"<{href}>")

    return leave


def _is_row_of_values(row: LexborNode) -> bool:
    """At least two cells with a few words each, and nothing that needs lines of its own."""
    cells = list(islice((cell for cell in row.iter() if cell.tag in ("td", "th")), MOST_VALUES + 1))
    if not 2 <= len(cells) <= MOST_VALUES or row.css_first(NO_VALUES) is not None:
        return False
    lengths = [len(" ".join(cell.text(deep=True).split())) for cell in cells]
    return max(lengths) <= LONGEST_VALUE and sum(map(bool, lengths)) >= 2


def _row(writer: _Writer) -> Callable[[], None]:
    writer.newline()
    writer.in_row += 1

    def leave() -> None:
        writer.in_row -= 1
        writer.newline()

    return leave


def _words_bullet(node: LexborNode, writer: _Writer) -> None:
    """Word writes its lists as paragraphs: the sign and many blanks in a span."""
    sign = node.text(deep=True).strip()
    writer.text("- " if sign in BULLETS else f"{sign} ")
    for child in list(node.iter(include_text=True)):
        child.remove()


def _cell(node: LexborNode, writer: _Writer) -> Callable[[], None] | None:
    """Cells of a row stand side by side; those that hold blocks are lines of their own."""
    if writer.has_words:
        writer.text("| " if writer.ends_blank else " | ")
    return None

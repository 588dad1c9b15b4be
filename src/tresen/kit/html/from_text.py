"""Plain text as HTML for outgoing mail: paragraphs, line breaks, quotes, links; everything escaped."""

from __future__ import annotations

import re
from html import escape

LINK = re.compile(r"https?://[^\s<>\"'\x00-\x1f]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# What ends a sentence does not belong to the address before it.
TRAILING = ".,;:!?)]}'\"»”’"
DEEPEST_QUOTE = 20


def text_to_html(text: str) -> str:
    """Paragraphs at empty lines, `<br>` at single line ends, `>` lines as blockquotes, web and mail addresses as
    links."""
    out: list[str] = []
    depth = 0
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            out.append("<p>" + "<br>\n".join(linkify(line) for line in paragraph) + "</p>\n")
            paragraph.clear()

    for line in text.replace("\r\n", "\n").split("\n"):
        level, rest = _quote(line)
        if level != depth:
            flush()
            step = "<blockquote>\n" if level > depth else "</blockquote>\n"
            out.append(step * abs(level - depth))
            depth = level
        if rest.strip():
            paragraph.append(rest.rstrip())
        else:
            flush()
    flush()
    out.append("</blockquote>\n" * depth)
    return "".join(out).strip()


def _quote(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and the rest of it."""
    level, at = 0, 0
    while level < DEEPEST_QUOTE and line.startswith((">", " >"), at):
        at += 1 + line.startswith(" >", at)
        level += 1
    rest = line[at:]
    return level, rest[1:] if level and rest.startswith(" ") else rest


def linkify(line: str) -> str:
    """One line, escaped, with its addresses as links."""
    if "@" not in line and "://" not in line:
        return _escape(line)
    out: list[str] = []
    at = 0
    for found in LINK.finditer(line):
        address = found[0].rstrip(TRAILING)
        if address.count("(") > address.count(")") and found[0][len(address) :].startswith(")"):
            address += ")"
        out.append(_escape(line[at : found.start()]))
        href = address if "://" in address else f"mailto:{address}"
        out.append(f'<a href="{escape(href)}">{escape(address)}</a>')
        at = found.start() + len(address)
    out.append(_escape(line[at:]))
    return "".join(out)


def _escape(text: str) -> str:
    """Escaped, with leading and doubled blanks kept."""
    return escape(text).replace("  ", "&nbsp; ")

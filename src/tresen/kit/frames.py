"""Showing a stranger's HTML: an address of its own, a sandbox without scripts, no request out (safety decision 4).

The text given in must have been cleaned already; this is the second wall. The page that shows it uses
`<iframe sandbox="{{ SANDBOX }}" loading="lazy">` and reads its height.
"""

from __future__ import annotations

import re
from itertools import pairwise

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language

from tresen.kit.replies.header_words import DATE_LABELS, FROM_LABELS

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
# Mail is written for white paper; `light` keeps dark mode from turning black text on white into white on white.
STYLE = (
    ":root{color-scheme:light}html{overflow-x:auto}"
    "body{margin:0;padding:8px 12px;background:#fff;color:#1b1b18;font:14px/20px system-ui,sans-serif;"
    "overflow-wrap:break-word}"
    "p{margin:0 0 10px}body>:last-child,div>p:last-child{margin-bottom:0}"
    "img{max-width:100%;height:auto}img:not([src]){background:#f0efea;border-radius:4px}pre{white-space:pre-wrap}table{max-width:100%}"
    "blockquote{margin:8px 0;padding-left:12px;border-left:2px solid #c9c7c0}"
    "summary{display:inline-block;padding:0 10px;border-radius:10px;background:#e7e5df;cursor:pointer;"
    "list-style:none;line-height:20px;min-width:24px;text-align:center;margin:4px 0}"
    "summary::-webkit-details-marker{display:none}"
    "summary:focus-visible{outline:2px solid #0b6a8a;outline-offset:2px}"
)
_QUOTE = re.compile(r"<(/?)blockquote\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_LABEL = re.compile(r">\s{0,20}([^<>:]{2,24}?)\s{0,3}:")
RULE_REACH, BLOCK_REACH = 160, 600


def frame_response(html: str, *, title: str, quote_label: str = "") -> HttpResponse:
    """A page of its own around cleaned HTML, with the policy of decision 4. `title` is plain text.

    A quote that ends the message is folded; `quote_label` names what opens it.
    """
    body = fold_last_quote(html, label=quote_label) if quote_label else html
    page = (
        f'<!doctype html><html lang="{escape(get_language() or "en")}"><head><meta charset="utf-8">'
        f'<title>{escape(title)}</title><base target="_blank"><style>{STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )
    return HttpResponse(
        page,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "private, no-store",
        },
    )


def fold_last_quote(html: str, *, label: str) -> str:
    """Puts the earlier mail that ends the message behind "•••": the outermost last quote, or what stands below the
    line of headers that Outlook and others write. HTML without one stays as it is.

    Works on cleaned, balanced HTML, in linear time. The whole message is never folded away.
    """
    begin, end = _last_quote(html)
    if begin < 0:
        begin, end = _header_block(html), len(html)
    if begin < 0 or _words(html[end:]) or not _words(html[:begin]):
        return html
    summary = f'<details><summary aria-label="{escape(label)}">•••</summary>'
    return f"{html[:begin]}{summary}{html[begin:end]}</details>{html[end:]}"


def _last_quote(html: str) -> tuple[int, int]:
    """Where the last outermost blockquote begins and ends; (-1, -1) without one."""
    depth, start, last = 0, -1, (-1, -1)
    for match in _QUOTE.finditer(html):
        if not match.group(1):
            if depth == 0:
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                last = (start, match.end())
    return (-1, -1) if depth else last


def _header_block(html: str) -> int:
    """Where "From: … Sent: …" begins, with the rule above it; -1 without one."""
    labels = [(m.start(), " ".join(m.group(1).lower().split())) for m in _LABEL.finditer(html)]
    for (at, name), (following, next_name) in pairwise(labels):
        if name in FROM_LABELS and next_name in DATE_LABELS and following - at < BLOCK_REACH:
            reach = max(0, at - RULE_REACH)
            above = html[reach : at + 1]
            starts = (above.rfind("<hr"), above.rfind("<div style"), above.rfind("<div"), above.rfind("<p"))
            return next((reach + start for start in starts if start >= 0), -1)
    return -1


def _words(html: str) -> str:
    return _TAG.sub("", html).replace("&nbsp;", " ").strip()

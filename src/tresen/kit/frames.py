"""Showing a stranger's HTML: an address of its own, a sandbox without scripts, no request out (safety decision 4).

The text given in must have been cleaned already; this is the second wall. The page that shows it uses
`<iframe sandbox="{{ SANDBOX }}" loading="lazy">` and reads its height.
"""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language

from tresen.kit.html import fold_old

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
# Mail with grounds or dark inks of its own is written for white paper, and shown on it: black stays readable in the
# dark. Other mail follows the page around it.
_TAGS = re.compile(r"<[^>]*>")
_GROUND = re.compile(r"""\bbgcolor\s*=|[\s"';]background(?:-color|-image)?\s*[:=]""", re.IGNORECASE)
_INK = re.compile(r"""[\s"';]color\s*[:=]\s*["']?\s*([^;"'>\s]*)""", re.IGNORECASE)
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
READABLE = 0.12  # relative luminance (WCAG): 2.8 : 1 against our dark sheet
ON_PAPER, AS_AROUND = ":root{color-scheme:light}", ":root{color-scheme:light dark}"
STYLE = (
    "html{overflow-x:auto}body{margin:0;padding:8px 12px;background:light-dark(#fff,#1b1a18);"
    "color:light-dark(#1b1b18,#e6e3dc);font:14px/20px system-ui,sans-serif;overflow-wrap:break-word}"
    "a{color:light-dark(#00626f,#5fc3d2)}"
    "p{margin:0 0 10px}body>:last-child,div>p:last-child,td>p:last-child,li>p:last-child{margin-bottom:0}"
    "img{max-width:100%}img[src]{height:auto}img:not([src]){"
    "background:light-dark(#f0efea,#2c2a27);color:light-dark(#55534c,#b3afa6);border-radius:4px}pre{white-space:pre-wrap}table{max-width:100%}"
    "blockquote{margin:8px 0;padding-left:12px;border-left:2px solid light-dark(#c9c7c0,#55524b)}"
    "summary{display:inline-block;padding:0 10px;border-radius:10px;background:light-dark(#e7e5df,#3a3733);"
    "cursor:pointer;list-style:none;line-height:20px;min-width:24px;text-align:center;margin:4px 0}"
    "summary::-webkit-details-marker{display:none}"
    "summary:focus-visible{outline:2px solid light-dark(#0b6a8a,#5fc3d2);outline-offset:2px}"
    # Mail that was built for wide windows: on a phone its boxes take what room there is.
    "@media(max-width:480px){table,td,th,div,center{width:auto!important;min-width:0!important}}"
)


def needs_paper(html: str) -> bool:
    """Whether cleaned HTML has colours that are only readable on white."""
    tags = "".join(_TAGS.findall(html))
    return bool(_GROUND.search(tags)) or not all(_reads_in_the_dark(ink.lower()) for ink in _INK.findall(tags))


def _reads_in_the_dark(colour: str) -> bool:
    if not _HEX.fullmatch(colour):
        return colour == "inherit"
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 >= READABLE


def frame_response(html: str, *, title: str, new: str = "", quote_label: str = "") -> HttpResponse:
    """A page of its own around cleaned HTML, with the policy of decision 4. `title` is plain text.

    What is not `new` (the new text of the message) is folded; `quote_label` names what opens it, "" folds nothing.
    """
    body = fold_old(html, new=new, label=quote_label) if quote_label else html
    scheme = ON_PAPER if needs_paper(html) else AS_AROUND
    page = (
        f'<!doctype html><html lang="{escape(get_language() or "en")}"><head><meta charset="utf-8">'
        f'<title>{escape(title)}</title><base target="_blank"><style>{scheme}{STYLE}</style></head>'
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

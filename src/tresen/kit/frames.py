"""Showing a stranger's HTML: an address of its own, a sandbox without scripts, no request out (safety decision 4).

The text given in must have been cleaned already; this is the second wall. The page that shows it uses
`<iframe sandbox="{{ SANDBOX }}" loading="lazy">` and reads its height.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language

from tresen.kit.html import fold_old

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
# Mail is written for white paper; `light` keeps dark mode from turning black text on white into white on white.
STYLE = (
    ":root{color-scheme:light}html{overflow-x:auto}"
    "body{margin:0;padding:8px 12px;background:#fff;color:#1b1b18;font:14px/20px system-ui,sans-serif;"
    "overflow-wrap:break-word}"
    "p{margin:0 0 10px}body>:last-child,div>p:last-child,td>p:last-child,li>p:last-child{margin-bottom:0}"
    "img{max-width:100%}img[src]{height:auto}img:not([src]){background:#f0efea;color:#55534c;border-radius:4px}pre{white-space:pre-wrap}table{max-width:100%}"
    "blockquote{margin:8px 0;padding-left:12px;border-left:2px solid #c9c7c0}"
    "summary{display:inline-block;padding:0 10px;border-radius:10px;background:#e7e5df;cursor:pointer;"
    "list-style:none;line-height:20px;min-width:24px;text-align:center;margin:4px 0}"
    "summary::-webkit-details-marker{display:none}"
    "summary:focus-visible{outline:2px solid #0b6a8a;outline-offset:2px}"
    # Mail that was built for wide windows: on a phone its boxes take what room there is.
    "@media(max-width:480px){table,td,th,div,center{width:auto!important;min-width:0!important}}"
)


def frame_response(html: str, *, title: str, new: str = "", quote_label: str = "") -> HttpResponse:
    """A page of its own around cleaned HTML, with the policy of decision 4. `title` is plain text.

    What is not `new` (the new text of the message) is folded; `quote_label` names what opens it, "" folds nothing.
    """
    body = fold_old(html, new=new, label=quote_label) if quote_label else html
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

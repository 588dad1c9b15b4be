"""text/enriched (RFC 1896) and the older text/richtext (RFC 1341) as plain words."""

from __future__ import annotations

import re

TOKEN = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|\n+")
SILENT = frozenset({"param", "comment"})


def plain_from_enriched(text: str) -> str:
    """A single line end is a blank, n of them are n-1; parameters are not for reading. In <nofill> lines stand."""
    out: list[str] = []
    silent = verbatim = at = 0
    for token in TOKEN.finditer(text):
        if not silent:
            out.append(text[at : token.start()])
        at = token.end()
        if token[0] == "<<":
            out.append("" if silent else "<")
        elif token[2]:
            step = -1 if token[1] else 1
            name = token[2].lower()
            if name in SILENT:
                silent = max(0, silent + step)
            elif name == "nofill":
                verbatim = max(0, verbatim + step)
            elif name in ("nl", "np") and not silent:
                out.append("\n")
        elif not silent:
            count = len(token[0])
            out.append(token[0] if verbatim else " " if count == 1 else "\n" * (count - 1))
    if not silent:
        out.append(text[at:])
    return "".join(out).strip()

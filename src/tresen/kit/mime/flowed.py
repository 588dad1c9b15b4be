"""format=flowed (RFC 3676): lines that end in a blank run on."""

from __future__ import annotations


def unflow(text: str, *, delsp: bool = False) -> str:
    """The text with its soft line breaks undone, quote depth by quote depth; space-stuffing removed."""
    out: list[str] = []
    held: list[str] = []
    depth = 0
    for line in text.split("\n"):
        body = line.lstrip(">")
        level = len(line) - len(body)
        body = body[1:] if body.startswith(" ") else body
        if held and level != depth:  # a paragraph ends where the depth changes
            out.append(_quoted("".join(held).rstrip(" "), depth))
            held = []
        depth = level
        if body.endswith(" ") and body != "-- ":
            held.append(body[:-1] if delsp else body)
            continue
        out.append(_quoted("".join(held) + body, depth))
        held = []
    if held:
        out.append(_quoted("".join(held).rstrip(" "), depth))
    return "\n".join(out)


def _quoted(body: str, depth: int) -> str:
    return f"{'>' * depth} {body}" if depth else body

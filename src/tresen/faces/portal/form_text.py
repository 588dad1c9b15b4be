"""Text of a form as we keep it."""

from __future__ import annotations


def plain_lines(text: str) -> str:
    """The text with the line ends we use everywhere; browsers send CR LF (HTML, constructing the entry list)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""The bytes of the sample's attachments, by file name."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

from tresen.faces.cli.sample.drawing import draw, write_pdf
from tresen.faces.cli.sample.stories import CONTENT


@lru_cache(maxsize=1)
def _files() -> dict[str, Any]:
    with open(CONTENT / "files.toml", "rb") as file:
        return tomllib.load(file)


@lru_cache(maxsize=128)
def bytes_of(name: str) -> bytes:
    """What the named file holds. The same name gives the same bytes. Raises KeyError for a name the content lacks."""
    files = _files()
    if spec := files["picture"].get(name):
        return draw(spec["kind"], spec["title"], spec["lines"])
    if spec := files["pdf"].get(name):
        return write_pdf(spec["title"], spec["lines"])
    text: str = files["text"][name]
    return text.encode()

"""Files and the places where the HTML shows them: by Content-ID, by Content-Location, by name; doubles once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import unquote

from tresen.kit.mime.names import generated_name
from tresen.kit.mime.parsed import AttachedFile

CID = re.compile(r"cid:([^\"'\s>)]{1,200})", re.IGNORECASE)
SOURCE = re.compile(r"(\b(?:src|background)\s{0,5}=\s{0,5}[\"']?)([^\"'\s>]{1,500})", re.IGNORECASE)


class HasHtml(Protocol):
    """A stretch of text that may refer to files."""

    html: str | None


def tie_files(blocks: Sequence[HasHtml], files: list[AttachedFile]) -> list[AttachedFile]:
    """The files with names, each once; those the HTML shows are marked inline, wherever they stand in the tree."""
    pages = [block for block in blocks if block.html]
    if pages and files:
        _by_location(pages, files)
        _by_id(pages, files)
    files = _once(files)
    for number, file in enumerate(files, start=1):
        if not file.filename:
            file.filename = generated_name(number, file.content_type)
    return files


def _by_location(pages: list[HasHtml], files: list[AttachedFile]) -> None:
    """References by Content-Location become references by Content-ID, the one kind that is resolved later."""
    places: dict[str, AttachedFile] = {}
    for number, file in enumerate(files):
        if file.location and file.content_type.startswith("image/"):
            file.content_id = file.content_id or f"part-{number}@location"
            places.setdefault(file.location.rpartition("/")[2].lower(), file)
            places[file.location.lower()] = file
    if not places:
        return

    def place(found: re.Match[str]) -> str:
        value = found[2].lower()
        file = places.get(value) or places.get(value.rpartition("/")[2])
        return f"{found[1]}cid:{file.content_id}" if file else found[0]

    for page in pages:
        page.html = SOURCE.sub(place, page.html or "")


def _by_id(pages: list[HasHtml], files: list[AttachedFile]) -> None:
    wanted = {unquote(found[1]).lower() for page in pages for found in CID.finditer(page.html or "")}
    unknown = wanted - {file.content_id.lower() for file in files}
    for file in files:
        if not file.content_id and file.filename.lower() in unknown:  # 'cid:logo.png' for a part without an id
            file.content_id = file.filename
        if file.content_id and unquote(file.content_id).lower() in wanted:
            file.inline = True


def _once(files: list[AttachedFile]) -> list[AttachedFile]:
    """The same bytes under the same name, or without a name beside one that has it, are one file."""
    sizes = Counter(file.size for file in files)
    seen: dict[bytes, list[AttachedFile]] = {}
    kept: list[AttachedFile] = []
    for file in files:
        same = seen.setdefault(file.data, []) if sizes[file.size] > 1 and file.size else []
        twin = next((other for other in same if _is_double(other, file)), None)
        if twin is None:
            kept.append(file)
            same.append(file)
            continue
        twin.filename = twin.filename or file.filename
        twin.content_id = twin.content_id or file.content_id
        twin.inline = twin.inline or file.inline
    return kept


def _is_double(one: AttachedFile, other: AttachedFile) -> bool:
    if one.content_id and other.content_id and one.content_id != other.content_id:
        return False
    if one.filename == other.filename:
        return bool(one.filename)
    return not (one.filename and other.filename)

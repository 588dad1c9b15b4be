"""Giving out files: names in headers, types, streams and zips (safety decision 6).

Nothing here trusts a name or a type from outside: names are data (`kit.filetypes.safe_name`), types come from our list.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import IO, Any, BinaryIO, cast
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tresen.kit.filetypes import INLINE_TYPES, safe_name

CHUNK = 64 * 1024
BOX_POLICY = "sandbox; default-src 'none'"
# RFC 5987, section 3.2.1: what may stand unescaped in an extended value.
ATTR_CHAR = "!#$&+-.^_`|~"


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """The header value of RFC 6266: an ASCII name for old programs, and the true one in UTF-8 (RFC 5987).

    `filename` may be anything a stranger sent; line ends, quotes and direction marks never reach the header.
    """
    name = safe_name(filename)
    way = "inline" if inline else "attachment"
    # Wide forms become the plain letters they stand for, a slash among them: the result is a claim again.
    plain = safe_name(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()).replace("%", "_")
    if plain == name:
        return f'{way}; filename="{plain}"'
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=ATTR_CHAR)}"


def stranger_headers(*, filename: str, content_type: str) -> dict[str, str]:
    """Headers for bytes of a stranger: a download unless it is a raster image, never sniffed, run or
    listed by search engines."""
    inline = content_type in INLINE_TYPES
    return {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition(filename, inline=inline),
        "Content-Security-Policy": BOX_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }


def send_file(request: HttpRequest, file: BinaryIO, *, size: int, filename: str, content_type: str) -> HttpResponseBase:
    """The bytes of a stranger's file, streamed; the file is closed at the end. `size` in bytes."""
    headers = stranger_headers(filename=filename, content_type=content_type)
    headers["Content-Length"] = str(size)
    return _stream(request, _pieces(file), headers)


def send_bytes(data: bytes, *, filename: str, content_type: str) -> HttpResponse:
    """`send_file` for bytes at hand; always a download."""
    headers = stranger_headers(filename=filename, content_type=content_type)
    headers["Content-Disposition"] = content_disposition(filename)
    return HttpResponse(data, headers=headers)


def send_zip(
    request: HttpRequest, entries: Iterable[tuple[str, Callable[[], BinaryIO]]], *, filename: str
) -> HttpResponseBase:
    """Many files as one zip, written while it is sent. `entries`: a name and what opens its bytes."""
    headers = stranger_headers(filename=filename, content_type="application/zip")
    return _stream(request, zip_pieces(entries), headers)


def zip_pieces(entries: Iterable[tuple[str, Callable[[], BinaryIO]]]) -> Iterator[bytes]:
    """The bytes of a zip, piece by piece; equal names are told apart by a number. Files that are gone are left out."""
    sink = _Sink()
    taken: set[str] = set()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, open_bytes in entries:
            try:
                source = open_bytes()
            except FileNotFoundError:
                continue
            with source, archive.open(_free_name(safe_name(name), taken), "w", force_zip64=True) as target:
                while piece := source.read(CHUNK):
                    target.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _free_name(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    candidate, number = name, 1
    while candidate.lower() in taken:
        number += 1
        candidate = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
    taken.add(candidate.lower())
    return candidate


class _Sink:
    """Where the zip is written: keeps only what has not been sent yet. It cannot be rewound, so zipfile streams."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: whatever was written is taken."""

    def close(self) -> None:
        """Nothing to close."""

    def take(self) -> bytes:
        waiting, self._waiting = b"".join(self._waiting), []
        return waiting


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _stream(request: HttpRequest, pieces: Iterator[bytes], headers: dict[str, str]) -> HttpResponseBase:
    # Files are mostly packed already, and their length must stay true: they are not compressed on the way.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    content: Any = _in_threads(pieces) if hasattr(request, "scope") else pieces
    return StreamingHttpResponse(content, headers=headers)


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Under ASGI a plain iterator would be read to its end before the first byte leaves."""
    end = b""
    step = sync_to_async(lambda: next(pieces, None), thread_sensitive=False)
    while (piece := await step()) is not None:
        if piece != end:
            yield piece

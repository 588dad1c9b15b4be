"""The signed text inside an opaque S/MIME mail (CMS, RFC 5652): a walk along one path, nothing is verified."""

from __future__ import annotations

from typing import NamedTuple

SIGNED = bytes.fromhex("2a864886f70d010702")
ENVELOPED = frozenset({bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117")})
SEQUENCE, OCTETS, OBJECT, CONTEXT_0, CONSTRUCTED = 0x30, 0x04, 0x06, 0xA0, 0x20
DEEPEST = 12
MOST_PIECES = 100_000


class _Item(NamedTuple):
    """One BER value: its tag byte, where its content lies, and where the next value begins."""

    tag: int
    start: int
    end: int
    after: int


def signed_content(data: bytes) -> bytes | None:
    """What was signed, or None when this is no signed-data with its content inside."""
    try:
        content = _content_of(data, SIGNED)
        if content is None:
            return None
        encapsulated = _nth(data, content, SEQUENCE)
        holder = None if encapsulated is None else _nth(data, encapsulated, CONTEXT_0)
        if holder is None:
            return None
        octets = _item(data, holder.start, holder.end)
        return b"".join(_octets(data, octets, 0))
    except (IndexError, ValueError):
        return None


def is_enveloped(data: bytes) -> bool:
    """Whether this is encrypted content."""
    try:
        outer = _item(data, 0, len(data))
        kind = _item(data, outer.start, outer.end)
    except (IndexError, ValueError):
        return False
    return kind.tag == OBJECT and data[kind.start : kind.end] in ENVELOPED


def _content_of(data: bytes, kind: bytes) -> _Item | None:
    """The sequence inside a ContentInfo of that kind."""
    outer = _item(data, 0, len(data))
    name = _item(data, outer.start, outer.end)
    if outer.tag != SEQUENCE or name.tag != OBJECT or data[name.start : name.end] != kind:
        return None
    explicit = _item(data, name.after, outer.end)
    return _item(data, explicit.start, explicit.end)


def _nth(data: bytes, parent: _Item, tag: int) -> _Item | None:
    """The first child with that tag."""
    at = parent.start
    while at < parent.end:
        child = _item(data, at, parent.end)
        if child.tag == tag:
            return child
        at = child.after
    return None


def _item(data: bytes, at: int, end: int, depth: int = 0) -> _Item:
    """The value that begins at `at`. Raises ValueError or IndexError for what is none."""
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise ValueError("long tags are not used in CMS")
    if length == 0x80:
        stop = _end_of_contents(data, start, end, depth)
        return _Item(tag, start, stop, stop + 2)
    if length > 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    stop = start + length
    if stop > end:  # cut off on the way: what is there is there
        stop = end
    return _Item(tag, start, stop, stop)


def _end_of_contents(data: bytes, at: int, end: int, depth: int) -> int:
    """Where a value of indefinite length ends."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    for _ in range(MOST_PIECES):
        if at >= end or data[at : at + 2] == b"\0\0":
            return min(at, end)
        at = _item(data, at, end, depth + 1).after
    raise ValueError("too many values")


def _octets(data: bytes, item: _Item, depth: int) -> list[bytes]:
    """The bytes of an octet string, whole or in pieces."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if not item.tag & CONSTRUCTED:
        return [data[item.start : item.end]]
    pieces: list[bytes] = []
    at = item.start
    while at < item.end and len(pieces) < MOST_PIECES:
        child = _item(data, at, item.end)
        pieces.extend(_octets(data, child, depth + 1))
        at = child.after
    return pieces

"""How parent and child speak: one JSON header, then the bytes it refers to, each with its length before it.

Frame: u32 length of the JSON, u32 number of byte strings, the JSON, then for each: u64 length, bytes. Inside the JSON a
byte string stands as {"$bytes": n}. Both sides refuse what is larger than they expect: the child may be taken over.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import orjson

HEAD = struct.Struct(">II")
LENGTH = struct.Struct(">Q")
MARK = "$bytes"
MOST_JSON = 256 * 1024 * 1024
MOST_PIECES = 2000
MOST_BYTES = 512 * 1024 * 1024
Read = Callable[[int], bytes]
Write = Callable[[bytes], None]


class BadFrame(Exception):
    """The other side does not keep to the form."""


def write_frame(write: Write, value: Any) -> None:
    """Sends one value: JSON types and bytes."""
    pieces: list[bytes] = []
    body = orjson.dumps(_take_out(value, pieces))
    write(HEAD.pack(len(body), len(pieces)) + body)
    for piece in pieces:
        write(LENGTH.pack(len(piece)))
        write(piece)


def read_frame(read: Read) -> Any:
    """One value. `read(n)` gives exactly n bytes or raises EOFError. Raises BadFrame."""
    json_length, count = HEAD.unpack(read(HEAD.size))
    if json_length > MOST_JSON or count > MOST_PIECES:
        raise BadFrame("too large")
    try:
        value = orjson.loads(read(json_length))
    except orjson.JSONDecodeError as fault:
        raise BadFrame("not JSON") from fault
    pieces, total = [], 0
    for _ in range(count):
        (length,) = LENGTH.unpack(read(LENGTH.size))
        total += length
        if total > MOST_BYTES:
            raise BadFrame("too large")
        pieces.append(read(length))
    return _put_back(value, pieces) if pieces else value


def _take_out(value: Any, pieces: list[bytes]) -> Any:
    if isinstance(value, bytes):
        pieces.append(value)
        return {MARK: len(pieces) - 1}
    if isinstance(value, dict):
        return {key: _take_out(each, pieces) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_take_out(each, pieces) for each in value]
    return value


def _put_back(value: Any, pieces: list[bytes]) -> Any:
    if isinstance(value, dict):
        if len(value) == 1 and MARK in value:
            number = value[MARK]
            if not isinstance(number, int) or not 0 <= number < len(pieces):
                raise BadFrame("no such bytes")
            return pieces[number]
        return {key: _put_back(each, pieces) for key, each in value.items()}
    if isinstance(value, list):
        return [_put_back(each, pieces) for each in value]
    return value

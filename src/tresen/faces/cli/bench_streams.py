"""The browsers' side of `bench_live.py`, in a process of its own: many open streams, and when each heard of what."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any


def listen(line: Any, port: int, cookies: list[str]) -> None:
    """The other process: opens all streams, says so, listens until it is asked, and hands over what it heard."""
    asyncio.run(_listen_to_all(line, port, cookies))


async def _listen_to_all(line: Any, port: int, cookies: list[str]) -> None:
    told: list[dict[str, float]] = [{} for _ in cookies]
    opened = await asyncio.gather(*(_open(port, cookie) for cookie in cookies))
    tasks = [asyncio.create_task(_follow(reader, heard)) for (reader, _), heard in zip(opened, told, strict=True)]
    line.send(len(opened))
    await asyncio.to_thread(line.recv)
    line.send(told)
    for task in tasks:
        task.cancel()


async def _open(port: int, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /desk/live/stream/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    await reader.readuntil(b"event: hello\n")
    return reader, writer


async def _follow(reader: asyncio.StreamReader, heard: dict[str, float]) -> None:
    while text := await reader.readline():
        if text.startswith(b"data: {"):
            for number in json.loads(text[6:]).get("tickets", {}):
                heard.setdefault(number, time.time())

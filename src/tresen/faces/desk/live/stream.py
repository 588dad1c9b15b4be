"""The event stream, as an ASGI application of its own in front of Django's (WHATWG HTML, 9.2 Server-sent events).

Django decides who may listen: the request runs through all of its middleware to `views.stream` like any other. Only
when that has let it in is the line kept open here, without Django's thread and database connection, which a stream
would otherwise hold as long as it lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.db import connections
from django.urls import reverse

from tresen.core.people.viewers import viewers_of_sessions
from tresen.service.live.cursor import Cursor
from tresen.service.live.hub import HUB, Stream, TooManyStreams
from tresen.service.live.news import News
from tresen.service.live.resume import newest, news_since

log = logging.getLogger("tresen.live")
Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]

# Where `views.stream` writes that somebody may listen.
DOOR = "tresen.live"
# Proxies close lines on which nothing moves; the browser takes a line that is silent for longer as broken.
PING_SECONDS = 20
# When a server starts anew, all browsers come at once: so many are looked at at a time, each by a thread of Django's.
ADMITTED_AT_ONCE = 8


@dataclass
class Door:
    """`admitted` is set by the view that has looked at the request."""

    admitted: Admission | None = None


@dataclass(frozen=True)
class Admission:
    """An agent's session (the hash of its key) may listen; `after`: where its browser was before, if it said so."""

    session: str
    agent_id: int
    after: Cursor | None


class LiveStreams:
    """ASGI: keeps the address of the stream for itself, everything else goes on."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != reverse("desk:live-stream"):
            await self.application(scope, receive, send)
            return
        door, answer = Door(), _Answer()
        async with self.gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(ADMITTED_AT_ONCE)):
            await self.application({**scope, DOOR: door}, _empty_body(), answer.keep)
        stream = Stream(door.admitted.session, door.admitted.agent_id) if door.admitted else None
        if door.admitted is None or stream is None:
            await answer.pass_on(send)
            return
        try:
            HUB.join(stream)
        except TooManyStreams:
            await _refuse(send)
            return
        try:
            await send(answer.start())
            await _pour(stream, door.admitted.after, receive, send)
        finally:
            HUB.leave(stream)


class _Answer:
    """What Django answers, kept until it is clear what becomes of it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def keep(self, message: Message) -> None:
        self.messages.append(message)

    async def pass_on(self, send: Send) -> None:
        for message in self.messages:
            await send(message)

    def start(self) -> Message:
        """The head of the answer, without the length of a body that has no end."""
        head = self.messages[0]
        return {**head, "headers": [pair for pair in head["headers"] if pair[0].lower() != b"content-length"]}


def _empty_body() -> Receive:
    parts: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return parts.pop() if parts else await asyncio.Future()

    return receive


async def _refuse(send: Send) -> None:
    """More streams than anybody needs, or the server is about to stop: the browser asks again later."""
    headers = [(b"content-length", b"0"), (b"retry-after", b"30"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _pour(stream: Stream, after: Cursor | None, receive: Receive, send: Send) -> None:
    """Says hello, tells what was missed, then what happens, until one of both sides ends it."""
    gone = asyncio.create_task(_until_gone(receive))
    gone.add_done_callback(lambda _task: stream.end())
    try:
        missed, here = await sync_to_async(_missed, thread_sensitive=False)(stream.session, after)
        stream.tell(missed, here)
        await _say(send, "hello", here, {})
        while not stream.is_over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_SECONDS):
                    await stream.wake.wait()
            news = stream.take()
            if not stream.is_over:
                await _say(send, "news" if news else "at", stream.cursor, news.as_data())
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _say(send: Send, event: str, cursor: Cursor, data: dict[str, Any]) -> None:
    text = f"id: {cursor}\nevent: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _missed(session: str, after: Cursor | None) -> tuple[News, Cursor]:
    """What happened since `after`. In a thread of the pool; its connection is given back at once."""
    try:
        if not HUB.is_ready():
            log.warning("the live stream follows no events yet")
        viewer = viewers_of_sessions([session]).get(session)
        if viewer is None or after is None:
            return News(), newest()
        return news_since(viewer, after)
    finally:
        connections.close_all()

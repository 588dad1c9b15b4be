"""A listener at the event stream that is no browser: it speaks to the product's own ASGI application."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tests.cast import Cast
from tresen.core.people.models import Agent

SECONDS = 20.0


@dataclass(frozen=True)
class Said:
    """One event of a stream."""

    event: str
    id: str
    data: dict[str, Any]


class Listener:
    """One open stream. `wait(fits)` gives the first event that fits, `ended` waits for the end of the line."""

    def __init__(self, cookie: str, *, query: str = "", headers: dict[str, str] | None = None) -> None:
        self.query, self.headers = query, {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", **(headers or {})}
        self.status, self.head, self.body, self.said = 0, {}, b"", list[Said]()
        self.changed, self.is_over = threading.Condition(), False
        self.loop = asyncio.new_event_loop()
        self.hang_up = asyncio.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self._until(lambda: bool(self.status), "an answer")

    def wait(self, fits: Callable[[Said], bool], *, what: str = "news") -> Said:
        """The first event that fits, also one that came before."""
        self._until(lambda: any(fits(said) for said in self.said), what)
        return next(said for said in self.said if fits(said))

    def hears_of(self, number: str, topic: str = "ticket") -> Said:
        """Waits until the stream has told that this of the ticket changed."""
        return self.wait(
            lambda said: topic in said.data.get("tickets", {}).get(number, []), what=f"{topic} of {number}"
        )

    def hello(self) -> Said:
        """Waits until what happens is told."""
        return self.wait(lambda said: said.event == "hello", what="hello")

    def ended(self) -> None:
        """Waits for the end of the line."""
        self._until(lambda: self.is_over, "the end of the stream")

    def told(self) -> str:
        """Everything that came over the line."""
        return self.body.decode()

    def close(self) -> None:
        """Hangs up."""
        if not self.is_over:
            self.loop.call_soon_threadsafe(self.hang_up.set)
        self.thread.join(SECONDS)

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        with self.changed:
            came = self.changed.wait_for(lambda: holds() or self.is_over, SECONDS)
        assert holds(), f"waited for {what}; {'the line ended' if came else 'nothing'} after {self.body[-800:]!r}"

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._listen())
        finally:
            self.is_over = True
            with self.changed:
                self.changed.notify_all()
            self.loop.close()

    async def _listen(self) -> None:
        from tresen.config.asgi import application

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": "/desk/live/stream/", "raw_path": b"/desk/live/stream/", "query_string": self.query.encode(),
            "root_path": "", "server": ("testserver", 80), "client": ("127.0.0.1", 1),
            "headers": [(name.lower().encode(), value.encode()) for name, value in
                        {"host": "testserver", **self.headers}.items()],
        }  # fmt: skip
        asked = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> dict[str, Any]:
            if asked:
                return asked.pop()
            await self.hang_up.wait()
            return {"type": "http.disconnect"}

        await application(scope, receive, self._send)

    async def _send(self, message: dict[str, Any]) -> None:
        with self.changed:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.head = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            else:
                self.body += message.get("body", b"")
                self.said = [_read(block) for block in self.body.decode().split("\n\n") if "event: " in block]
            self.changed.notify_all()


def _read(block: str) -> Said:
    fields = dict(line.split(": ", 1) for line in block.splitlines())
    return Said(fields["event"], fields["id"], json.loads(fields["data"]))


def cookie_of(cast: Cast, agent: Agent) -> str:
    """The cookie of a browser in which the agent has just signed in."""
    value: str = cast.browser(agent).cookies[settings.SESSION_COOKIE_NAME].value
    return value

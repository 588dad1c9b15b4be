"""How large the body of a request may be, decided before it is taken: at its announced length, else while it comes.

Django's ASGI handler stores a whole body before anybody looks at the request. In front of it stands `BodyLimits`: what
is larger than its address takes never gets further. The request is answered (413) without its body by the face it
was for, in its language and form, and the connection is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from tresen.kit.errors import too_large

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]

REFUSED = "tresen.body_refused"
# Who still sends when the answer is there may not read it if we hang up at once: so much is read and thrown away, more
# than the buffers of both ends hold.
DISCARDED_BYTES = 16 * 1024 * 1024
DISCARDING_SECONDS = 5


class BodyLimits:
    """ASGI: bounds the bodies. `limits`: beginnings of addresses with the bytes they take; the first that fits counts.
    An address that fits none takes no body."""

    def __init__(self, application: Application, limits: Sequence[tuple[str, int]]) -> None:
        self.application, self.limits = application, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = limit_of(scope["path"], self.limits)
        body = _Body(receive, limit)
        if _announced(scope) <= limit:
            await self.application(scope, body.receive, send)
        else:
            body.is_too_large = True
        if body.is_too_large:
            await self.application(_without_body(scope), _nothing(), body.answering(send))


class _Body:
    """A body while it comes, counted."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self.limit = receive, limit
        self.taken, self.is_over, self.is_too_large = 0, False, False

    async def receive(self) -> Message:
        """The next part; beyond the limit it looks to the application as if the sender had hung up."""
        message = await self._receive()
        self.taken += len(message.get("body", b""))
        self.is_over = self.is_over or not message.get("more_body", False)
        if message["type"] == "http.request" and self.taken > self.limit:
            self.is_too_large = True
            return {"type": "http.disconnect"}
        return message

    def answering(self, send: Send) -> Send:
        """Sends an answer that ends the connection, and hears a sender out for a moment before."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() != b"connection"]
                await send({**message, "headers": [*kept, (b"connection", b"close")]})
                return
            if message.get("more_body", False):
                await send(message)
                return
            await send({**message, "more_body": True})
            await self._discard()
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return answer

    async def _discard(self) -> None:
        most = self.taken + DISCARDED_BYTES
        try:
            async with asyncio.timeout(DISCARDING_SECONDS):
                while not self.is_over and self.taken <= most:
                    await self.receive()
        except TimeoutError:
            return


def limit_of(path: str, limits: Sequence[tuple[str, int]]) -> int:
    """How many bytes a body for this address may have."""
    return next((most for beginning, most in limits if path.startswith(beginning)), 0)


def _announced(scope: Scope) -> int:
    """The announced length in bytes; 0 where none is, or one that is no number (the server refuses those)."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and len(value) < 20:
            return int(value)
    return 0


def _without_body(scope: Scope) -> Scope:
    headers = [pair for pair in scope["headers"] if pair[0] not in (b"content-length", b"transfer-encoding")]
    return {**scope, "headers": headers, REFUSED: True}


def _nothing() -> Receive:
    """An empty body, after which nobody hangs up."""
    parts: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return parts.pop() if parts else await asyncio.Future()

    return receive


def refused_body(request: HttpRequest) -> int:
    """The bytes that the body of this request went beyond, so that it was not taken; 0 for all others."""
    scope: Scope = getattr(request, "scope", {})
    limit, announced = limit_of(request.path, settings.BODY_LIMITS), request.META.get("CONTENT_LENGTH") or "0"
    is_refused = REFUSED in scope or (announced.isdigit() and int(announced) > limit)
    return limit if is_refused else 0


def answers_refused_bodies(view: Any) -> Any:
    """Marks a view that looks at `refused_body` itself and answers in a form of its own."""
    view.answers_refused_bodies = True
    return view


class RefusedBodyMiddleware:
    """Answers with the page 413, before anybody misses what stood in the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Before the view, and before the check of where its form came from."""
        if refused_body(request) and not getattr(view, "answers_refused_bodies", False):
            return too_large(request)
        return None

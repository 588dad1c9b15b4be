"""The streams of this process, and the one thread that tells them what happened.

A stream costs no thread and no database connection: the thread looks at what is new, asks the rights of everybody who
listens (once for all of them, at the moment of telling), and hands each stream its share. It runs while somebody
listens.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping

from django.db import close_old_connections, connections

from tresen.core.people.viewers import Viewer, viewers_of_sessions
from tresen.core.tickets.audience import audiences
from tresen.kit import clock
from tresen.service.live.cursor import Cursor
from tresen.service.live.news import Change, News, news_for
from tresen.service.live.tail import Tail
from tresen.service.live.waking import Waking, new_waking

log = logging.getLogger("tresen.live")
# Rights and sessions of all streams are looked at so often, even when nothing happens (S23: cut within a minute).
CHECK_SECONDS = 2.0
# What happens within this time is told together. Telling costs some 0.15 ms a stream: on a busy desk with many of them
# it is told less often, so that pages are served beside it (500 streams: once a second).
GATHER_SECONDS = 0.05
PACE_SECONDS = 0.002
READY_SECONDS = 10.0
STREAMS_OF_AN_AGENT = 20


class TooManyStreams(Exception):
    """This agent has as many open as anybody could use."""


class Stream:
    """One open line to a browser. Only its event loop touches what waits to be sent."""

    def __init__(self, session: str, agent_id: int) -> None:
        self.session, self.agent_id = session, agent_id
        self.loop = asyncio.get_running_loop()
        self.wake = asyncio.Event()
        self.news = News()
        self.cursor = Cursor(0, clock.now())
        self.is_over = False

    def tell(self, news: News, cursor: Cursor | None = None) -> None:
        """Adds to what waits to be sent."""
        self.news.add(news)
        self.cursor = cursor or self.cursor
        if news:
            self.wake.set()

    def end(self) -> None:
        """Closes the line as soon as it looks up."""
        self.is_over = True
        self.wake.set()

    def take(self) -> News:
        """What waits; nothing waits then."""
        found, self.news = self.news, News()
        self.wake.clear()
        return found


class Hub:
    """`join` and `leave` from the event loop; `end_all` from anywhere."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.ready, self.stop = threading.Event(), threading.Event()
        self.is_closing = False
        self.known: dict[Stream, Viewer] = {}

    def join(self, stream: Stream) -> None:
        """From now on the stream is told what happens. Raises TooManyStreams."""
        with self.lock:
            mine = Counter(one.agent_id for one in self.streams)[stream.agent_id]
            if mine >= STREAMS_OF_AN_AGENT or self.is_closing:
                raise TooManyStreams
            self.streams.add(stream)
            if self.thread is None:
                self.ready, self.stop = threading.Event(), threading.Event()
                arguments = (self.ready, self.stop)
                self.thread = threading.Thread(target=self._follow, args=arguments, name="live", daemon=True)
                self.thread.start()

    def is_ready(self) -> bool:
        """Waits until the thread follows the log: what happens from then on is told."""
        return self.ready.wait(READY_SECONDS)

    def leave(self, stream: Stream) -> None:
        """The line is closed. With the last one the thread ends."""
        with self.lock:
            self.streams.discard(stream)
            if not self.streams and self.thread:
                self.stop.set()
                self.thread = None

    def end_all(self) -> None:
        """Ends every stream, and takes no new one: the server stops."""
        self.is_closing = True
        with self.lock:
            for stream in self.streams:
                stream.loop.call_soon_threadsafe(stream.end)

    def _follow(self, ready: threading.Event, stop: threading.Event) -> None:
        while not stop.is_set():
            waking = None
            try:
                waking = new_waking()
                tail = Tail()
                tail.start()
                if ready.is_set():  # a fault came between: who knows what was missed
                    self._hand_out({stream: News(reload=True) for stream in self._all()}, tail.newest)
                ready.set()
                self._follow_tail(tail, waking, stop)
            except Exception:
                log.exception("the live stream pauses after a fault")
                stop.wait(2)
            finally:
                if waking:
                    waking.close()
                connections.close_all()

    def _follow_tail(self, tail: Tail, waking: Waking, stop: threading.Event) -> None:
        checked = 0.0
        while not stop.is_set():
            left = max(0.0, checked + CHECK_SECONDS - time.monotonic())
            changes: Mapping[int, Change] | None = {}
            if waking.wait(left, stop):
                rest = checked + PACE_SECONDS * len(self.streams) - time.monotonic()
                stop.wait(max(GATHER_SECONDS, min(rest, CHECK_SECONDS)))
                changes = tail.look()
            if changes is None or changes or time.monotonic() >= checked + CHECK_SECONDS:
                checked = time.monotonic()
                self._tell(changes, tail.newest)
            if connections["default"].vendor == "postgresql":
                close_old_connections()

    def _all(self) -> list[Stream]:
        with self.lock:
            return list(self.streams)

    def _tell(self, changes: Mapping[int, Change] | None, newest: int) -> None:
        """Looks at everybody's rights, ends the streams of those who may not listen any more, tells the others."""
        streams = self._all()
        viewers = viewers_of_sessions({stream.session for stream in streams})
        seen_by = audiences(list(changes)) if changes else {}
        told: dict[Viewer, News] = {}
        shares: dict[Stream, News] = {}
        known: dict[Stream, Viewer] = {}
        for stream in streams:
            viewer = viewers.get(stream.session)
            if viewer is None or viewer.agent_id != stream.agent_id:
                stream.loop.call_soon_threadsafe(stream.end)
                continue
            before = self.known.get(stream, viewer)
            known[stream] = viewer
            if changes is None or before != viewer:
                shares[stream] = News(reload=True)
                continue
            if viewer not in told:
                told[viewer] = news_for(viewer, changes, seen_by)
            shares[stream] = told[viewer]
        self.known = known
        self._hand_out(shares, newest)

    def _hand_out(self, shares: Mapping[Stream, News], newest: int) -> None:
        cursor = Cursor(newest, clock.now())
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Stream, News]]] = {}
        for stream, news in shares.items():
            by_loop.setdefault(stream.loop, []).append((stream, news))
        for loop, entries in by_loop.items():
            loop.call_soon_threadsafe(_give, entries, cursor)


def _give(entries: list[tuple[Stream, News]], cursor: Cursor) -> None:
    for stream, news in entries:
        stream.tell(news, cursor)


HUB = Hub()

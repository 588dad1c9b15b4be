"""Streams of the cast; what a test opens is closed after it, before the tables are emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.live.streaming import Listener, cookie_of
from tresen.core.people.models import Agent

Listen = Callable[..., Listener]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def listen(cast: Cast) -> Iterator[Listen]:
    """Opens the stream of an agent: `listen(cast.anna)`; `cookie=` for a session that is there already."""
    made: list[Listener] = []

    def open_one(agent: Agent | None = None, *, cookie: str = "", **more: Any) -> Listener:
        made.append(Listener(cookie or (cookie_of(cast, agent) if agent else ""), **more))
        return made[-1]

    yield open_one
    for listener in made:
        listener.close()

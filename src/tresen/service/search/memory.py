"""Names of teams, colleagues, tags and statuses are read once for many lines that are compiled together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_read: ContextVar[dict[Any, Any] | None] = ContextVar("names_read", default=None)


@contextmanager
def names_read_once() -> Iterator[None]:
    """Within this block, and within it alone, names that were read are not read again."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def read_once(function: Callable[P, T]) -> Callable[P, T]:
    """Marks a function that reads names."""

    @wraps(function)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        known = _read.get()
        if known is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(kwargs.items()))
        if key not in known:
            known[key] = function(*args, **kwargs)
        found: T = known[key]
        return found

    return reading

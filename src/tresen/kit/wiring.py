"""Tables as interfaces: what a lower floor must know about an upper one, it reads here by name.

The tables are plain lists and dicts in `config/wiring.py` (and in a plugin's `wiring.py`, named in settings.WIRING).
Entries may be dotted paths; they are imported on first use, so that wiring.py imports nothing early.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def table(name: str) -> Any:
    """The table of that name, joined over all wiring modules: lists are appended, dicts merged key by key.

    Strings that look like dotted paths into a package of ours or a plugin's are imported. A table nobody
    fills is an empty list.
    """
    joined: Any = None
    for path in settings.WIRING:
        part = getattr(import_module(path), name, None)
        if part is None:
            continue
        joined = _join(joined, _resolve(part))
    return [] if joined is None else joined


def _join(first: Any, second: Any) -> Any:
    if first is None:
        return second
    if isinstance(first, dict):
        merged = dict(first)
        for key, value in second.items():
            merged[key] = _join(merged.get(key), value)
        return merged
    return [*first, *second]


def _resolve(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {key: _resolve(value) for key, value in entry.items()}
    if isinstance(entry, list | tuple):
        return [_resolve(value) for value in entry]
    if isinstance(entry, str) and entry.startswith("tresen.") and "/" not in entry:
        return import_string(entry)
    return entry

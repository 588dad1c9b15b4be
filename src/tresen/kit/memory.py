"""How often Python looks for garbage that hangs together in cycles."""

from __future__ import annotations

import gc

# Objects made since the last look, and how many looks until the older generations are looked at too. Python's own 700
# fits small scripts: a page makes some ten thousand objects and leaves hardly a cycle, and looking cost a sixth of it.
FEWER_COLLECTIONS = (50_000, 20, 50)


def collect_less_often() -> None:
    """For processes that live long and make many objects that end by themselves."""
    gc.set_threshold(*FEWER_COLLECTIONS)

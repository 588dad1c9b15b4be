"""How a process that lives long handles its memory: how often Python looks for garbage that hangs together in cycles,
and how much of what was freed is kept for the next request."""

from __future__ import annotations

import ctypes
import gc
import sys

# Objects made since the last look, and how many looks until the older generations are looked at too. Python's own 700
# fits small scripts: a page makes some ten thousand objects and leaves hardly a cycle, and looking cost a sixth of it.
FEWER_COLLECTIONS = (50_000, 20, 50)

# glibc gives freed memory at the end of the heap back from 128 KB on, and a page with its queries takes and frees some
# megabytes: a thousand page faults each time. Bytes that are kept instead, and from where on a block is mapped alone;
# the numbers of the options are those of <malloc.h>.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
KEPT = 24 << 20
MAPPED_ALONE = 4 << 20


def collect_less_often() -> None:
    """For processes that live long and make many objects that end by themselves."""
    gc.set_threshold(*FEWER_COLLECTIONS)


def keep_freed_memory() -> None:
    """For the same processes. Does nothing where the C library is not glibc."""
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        library.mallopt(_TRIM_THRESHOLD, KEPT)
        library.mallopt(_MMAP_THRESHOLD, MAPPED_ALONE)

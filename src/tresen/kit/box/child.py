"""The worker in the box. Started by path with an empty environment: it sees what the parent sends and nothing else.

Order: import what the jobs need, let each warm up (so that nothing is imported later), put up the walls, answer.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Reads one line of JSON arguments from argv, then serves frames on descriptor 0 until it is closed."""
    options = json.loads(sys.argv[1])
    sys.path.insert(0, options["source"])
    from tresen.kit.box.frames import BadFrame, read_frame, write_frame

    jobs = {name: _load(path) for name, path in options["jobs"].items()}
    walls = _put_up_walls(options)
    write_frame(_write, {"walls": walls, "pid": os.getpid()})
    while True:
        try:
            request = read_frame(_read)
        except (EOFError, BadFrame):
            return
        write_frame(_write, _answer(jobs, request, options["processor_seconds"]))


def _load(path: str) -> Callable[..., Any]:
    """The function of `package.module:function`; the module's `warm_up()` is called once, so that it loads what it
    needs."""
    module_name, _, name = path.partition(":")
    module = importlib.import_module(module_name)
    warm_up = getattr(module, "warm_up", None)
    if warm_up is not None:
        warm_up()
    job: Callable[..., Any] = getattr(module, name)
    return job


def _put_up_walls(options: dict[str, Any]) -> dict[str, bool]:
    from tresen.kit.box import barriers

    has_left = barriers.leave_network(as_root=True)
    other_user = barriers.become_nobody()
    return {
        "network": has_left or barriers.leave_network(as_root=False),
        "other_user": other_user,
        "no_new_rights": barriers.no_new_rights(),
        "memory": barriers.limit_memory(options["memory"]),
        "processor": barriers.allow_processor(options["processor_seconds"]),
        "files": barriers.no_new_files(),
        "environment": not os.environ.keys() - {"LC_CTYPE"},
    }


def _answer(jobs: dict[str, Callable[..., Any]], request: dict[str, Any], seconds: int) -> dict[str, Any]:
    from tresen.kit.box.barriers import allow_processor

    allow_processor(seconds)
    job = jobs.get(request["job"])
    if job is None:
        return {"fault": ["unknown_job", str(request["job"])[:80]]}
    try:
        return {"result": job(*request["args"], **request["named"])}
    except MemoryError:
        os._exit(3)  # a process that ran out of memory once is not used again
    except Exception as fault:
        code = getattr(fault, "code", None)
        name = code if isinstance(code, str) else type(fault).__name__
        return {"fault": [name, str(getattr(fault, "detail", fault))[:500]]}


def _read(count: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        chunk = os.read(0, min(count - len(chunks), 1 << 20))
        if not chunk:
            raise EOFError
        chunks += chunk
    return bytes(chunks)


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(0, view[: 1 << 20]) :]


if __name__ == "__main__":
    main()

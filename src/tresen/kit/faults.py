"""Places where a test may pull the plug. Active only with TRESEN_FAULT set, e.g. `after_commit:kill:0.05`.

The third part is the probability, or a folder: then each death takes one file out of it, and none is left at the end.
Not settable from any screen; without the variable each point costs one comparison.
"""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

_SPEC = os.environ.get("TRESEN_FAULT", "")
_NAME, _, _REST = _SPEC.rpartition(":kill")
_HOW_OFTEN = _REST.lstrip(":") or "1"


def fault_point(name: str) -> None:
    """Dies here like by `kill -9`, if the test asked for it."""
    if _NAME and name == _NAME and _is_due():
        os.kill(os.getpid(), signal.SIGKILL)


def _is_due() -> bool:
    if not _HOW_OFTEN.startswith("/"):
        return random.random() < float(_HOW_OFTEN)  # noqa: S311 - not a secret
    for plug in Path(_HOW_OFTEN).iterdir():
        plug.unlink()
        return True
    return False

"""Places where a test may pull the plug. Active only with TRESEN_FAULT set, e.g. `after_commit:kill:0.05`.

The third part is the probability. Not settable from any screen; without the variable each point costs one comparison.
"""

from __future__ import annotations

import os
import random
import signal

_SPEC = os.environ.get("TRESEN_FAULT", "")
_NAME, _, _REST = _SPEC.rpartition(":kill")
_CHANCE = float(_REST.lstrip(":") or 1) if _NAME else 0.0


def fault_point(name: str) -> None:
    """Dies here like by `kill -9`, if the test asked for it."""
    if _NAME and name == _NAME and random.random() < _CHANCE:  # noqa: S311 - not a secret
        os.kill(os.getpid(), signal.SIGKILL)

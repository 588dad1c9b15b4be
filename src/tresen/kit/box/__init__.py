"""The box: hostile bytes are taken apart in small processes of their own (safety decision 3)."""

from tresen.kit.box.errors import BoxBusy, BoxDied, BoxError, BoxFault, BoxTimeout
from tresen.kit.box.parent import Box


def walls() -> dict[str, bool]:
    """Which walls this platform lets us put around a worker: see `Box.walls`. Starts one and ends it."""
    with Box({}, size=1) as box:
        return box.walls()


__all__ = ["Box", "BoxBusy", "BoxDied", "BoxError", "BoxFault", "BoxTimeout", "walls"]

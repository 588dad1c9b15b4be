"""The box: hostile bytes are taken apart in small processes of their own (safety decision 3)."""

from tresen.kit.box.errors import BoxBusy, BoxDied, BoxError, BoxFault, BoxTimeout
from tresen.kit.box.parent import Box

__all__ = ["Box", "BoxBusy", "BoxDied", "BoxError", "BoxFault", "BoxTimeout"]

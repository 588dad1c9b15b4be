"""What can go wrong with work in the box. None of these harms the caller or other work."""

from __future__ import annotations


class BoxError(Exception):
    """The work in the box was not done."""


class BoxBusy(BoxError):
    """No worker became free in time; try again later."""


class BoxTimeout(BoxError):
    """The worker did not answer in time and was killed."""


class BoxDied(BoxError):
    """The worker ended without an answer: a limit of memory or processor time, or a crash. It is replaced."""


class BoxFault(BoxError):
    """The job itself refused. `code` and `detail` say why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

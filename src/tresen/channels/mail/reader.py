"""What the intake knows of a mail: read in the box, or a clear word that it cannot be read."""

from __future__ import annotations

from typing import Any

from tresen.channels.mail.box import read_in_box
from tresen.kit.box import BoxError


class MailUnreadable(Exception):
    """The mail could not be read. `final`: trying again will not help. `facts`: what its headers say."""

    def __init__(self, code: str, detail: str, *, final: bool, facts: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.final, self.facts = code, detail, final, facts or {}


def read_mail(raw: bytes) -> dict[str, Any]:
    """What the mail says (reading.read_mail), with the bytes of its files. Raises MailUnreadable."""
    try:
        facts = read_in_box(raw, with_files=True)
    except BoxError as fault:
        raise MailUnreadable(type(fault).__name__.removeprefix("Box").lower(), str(fault), final=False) from fault
    if reason := facts["unreadable"]:
        raise MailUnreadable(reason["code"], reason["detail"], final=True, facts=facts)
    return facts

"""What lies in the outgoing folder while there is no relay: read for the settings page, never changed there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path

from tresen.channels.mail.transport import outgoing_folder
from tresen.kit.logs import redact

NAME = re.compile(r"[A-Za-z0-9._:,=@+-]{1,200}")
READ_BYTES = 40 * 1024 * 1024
TEXT_LETTERS = 50_000


@dataclass(frozen=True)
class OutgoingMail:
    """One mail in the folder. `text` and `files` are filled by `read_outgoing` alone."""

    name: str
    at: datetime
    size: int
    to: str
    subject: str
    sender: str = ""
    text: str = ""
    files: list[str] = field(default_factory=list)


def list_outgoing(*, limit: int = 50, before: str = "") -> tuple[list[OutgoingMail], str]:
    """The newest first, and the name to go on from (`before`) where there are more, else empty."""
    paths = sorted(_paths(), key=_order, reverse=True)
    if before:
        last = next((_order(path) for path in paths if path.name == before), None)
        paths = [path for path in paths if last and _order(path) < last]
    shown = [found for path in paths[:limit] if (found := _read(path, whole=False))]
    return shown, paths[limit - 1].name if len(paths) > limit else ""


def count_outgoing() -> int:
    """How many mails lie there."""
    return len(_paths())


def read_outgoing(name: str) -> OutgoingMail | None:
    """One mail with its text, or None. Links that open an account are blanked: they are for its owner alone (S17)."""
    if not NAME.fullmatch(name):
        return None
    path = next((path for path in _paths() if path.name == name), None)
    return _read(path, whole=True) if path else None


def _paths() -> list[Path]:
    folder = outgoing_folder()
    return [path for part in ("new", "cur") if (folder / part).is_dir() for path in (folder / part).iterdir()]


def _order(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:  # somebody tidied up meanwhile
        return 0.0, path.name


def _read(path: Path, *, whole: bool) -> OutgoingMail | None:
    try:
        stat = os.stat(path)
        with open(path, "rb") as file:
            raw = file.read(READ_BYTES if whole else 64 * 1024)
        mail = message_from_bytes(raw, policy=policy.default)
        found = OutgoingMail(
            path.name, datetime.fromtimestamp(stat.st_mtime, UTC), stat.st_size, str(mail.get("To", "")),
            str(mail.get("Subject", "")), str(mail.get("From", "")),
        )  # fmt: skip
    except (OSError, MessageError, ValueError, LookupError):
        return None
    if not whole or not isinstance(mail, EmailMessage):
        return found
    names = [part.get_filename() or "" for part in mail.iter_attachments()]
    return OutgoingMail(
        found.name, found.at, found.size, found.to, found.subject, found.sender, _text(mail),
        [name for name in names if name],
    )  # fmt: skip


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain",))
    try:
        text = str(part.get_content()) if part else ""
    except (LookupError, ValueError, KeyError):
        return ""
    # A ticket's own link is what one comes here to follow; only account links are kept back.
    return ACCOUNT_LINK.sub(lambda match: redact(match.group()), text[:TEXT_LETTERS])


ACCOUNT_LINK = re.compile(r"\S*/(?:invite|password/reset)/\S+")

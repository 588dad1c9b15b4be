"""What a mail says, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tresen.kit.mime.addresses import Address

# How the warning begins that a mail, or a part of it, is kept as it came because only its recipient can read it.
ENCRYPTED = "encrypted: only its recipient can read it, "


@dataclass
class AttachedFile:
    """A file of a mail. `filename` is the sender's word, freed of any path; `size` in bytes; `location` is the
    Content-Location (RFC 2557) by which HTML may refer to it."""

    filename: str
    content_type: str
    data: bytes
    content_id: str = ""
    inline: bool = False
    location: str = ""

    @property
    def size(self) -> int:
        """Decoded size in bytes."""
        return len(self.data)


@dataclass
class ParsedMail:
    """The facts of one mail. Ids keep their angle brackets; texts have \\n line ends and neither NUL nor control
    characters; `date` is aware or None; `html` is as sent, not cleaned."""

    from_: list[Address] = field(default_factory=list)
    from_headers: int = 0
    sender: list[Address] = field(default_factory=list)
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    return_path: str | None = None
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    raw_message_id: str = ""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    content_type: str = "text/plain"
    report_type: str = ""
    text: str = ""
    html: str | None = None
    is_made_of_html: bool = False  # `text` is, there being no plain form
    attachments: list[AttachedFile] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    received_hops: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def is_encrypted(self) -> bool:
        """Whether it, or a part of it, is encrypted."""
        return any(warning.startswith(ENCRYPTED) for warning in self.warnings)

    def header(self, name: str) -> str | None:
        """The decoded value of the first header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def all_headers(self, name: str) -> list[str]:
        """Every value of that header, topmost first."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

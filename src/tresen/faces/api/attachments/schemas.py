"""What the interface shows of a file."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Attachment(BaseModel):
    """A file: an upload that waits to be used, or one on a message."""

    id: UUID
    filename: str
    content_type: str = Field(description="as Tresen sees it, whatever the sender said")
    size: int = Field(description="bytes")
    sha256: str
    inline: bool
    content_id: str
    ticket: str | None = Field(description="number; null until it is on a message")
    message: int | None
    content_url: str = Field(description="where its bytes are, for holders of a token")
    created_at: datetime

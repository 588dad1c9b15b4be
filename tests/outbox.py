"""What lies in the outgoing folder of a test, where mail goes without a relay."""

from __future__ import annotations

from tresen.channels.mail.outgoing import OutgoingMail
from tresen.channels.mail.transport import outgoing_folder


def account_mails() -> list[OutgoingMail]:
    """The mails in the folder, oldest first, with their whole text (the settings page hides account links)."""
    from datetime import UTC, datetime
    from email import message_from_bytes, policy

    found = []
    for path in sorted((outgoing_folder() / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(preferencelist=("plain",))  # type: ignore[attr-defined]
        text = body.get_content() if body else ""
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        size = path.stat().st_size
        found.append(OutgoingMail(path.name, at, size, str(mail["To"]), str(mail["Subject"]), str(mail["From"]), text))
    return found

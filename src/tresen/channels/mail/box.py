"""The mail channel's box: one for the process, its workers started when first needed."""

from __future__ import annotations

from functools import cache
from typing import Any

from tresen.channels.mail.reading import JOBS
from tresen.kit.box import Box, BoxDied, BoxError, BoxTimeout

READ_SECONDS = 30.0
SANITISE_SECONDS = 10.0
HEADER_BYTES = 256 * 1024


@cache
def mail_box() -> Box:
    """The box that knows `read_mail` and `sanitise_html`."""
    return Box(JOBS, size=2)


def read_in_box(raw: bytes, *, with_files: bool = False, box: Box | None = None) -> dict[str, Any]:
    """`reading.read_mail` behind the walls. A mail whose HTML kills its worker is read once more without the HTML.

    Raises BoxBusy (try later), BoxTimeout or BoxDied (this mail cannot be read: quarantine after three tries).
    """
    worker = box or mail_box()
    try:
        result: dict[str, Any] = worker.run("read_mail", raw, with_files=with_files, timeout=READ_SECONDS)
    except (BoxTimeout, BoxDied):
        result = worker.run("read_mail", raw, with_files=with_files, with_html=False, timeout=READ_SECONDS)
        result["warnings"].append("html: not shown, cleaning it did not end")
    return result


def read_headers_in_box(raw: bytes, *, box: Box | None = None) -> dict[str, Any]:
    """What the headers alone say of a mail that `read_in_box` could not read; the same names, `unreadable` set."""
    result: dict[str, Any] = (box or mail_box()).run(
        "read_mail", raw[:HEADER_BYTES], only_headers=True, timeout=READ_SECONDS
    )
    return result


def signers_in_box(raw: bytes, sender: str, records: dict[str, str], *, box: Box | None = None) -> list[str]:
    """`dkim_check.signers_proven` behind the walls; none when that does not end. Raises nothing."""
    try:
        found: list[str] = (box or mail_box()).run(
            "signers_proven", raw, sender=sender, records=records, timeout=SANITISE_SECONDS
        )
    except BoxError:
        return []
    return found


def sanitise_in_box(html: str, *, box: Box | None = None) -> dict[str, Any]:
    """`reading.sanitise_html` behind the walls; `html` is None when it cannot be cleaned. Raises BoxBusy."""
    try:
        result: dict[str, Any] = (box or mail_box()).run("sanitise_html", html, timeout=SANITISE_SECONDS)
    except (BoxTimeout, BoxDied):
        return {"html": None, "version": 0, "remote_images": 0, "content_ids": [], "refused": "killed"}
    return result

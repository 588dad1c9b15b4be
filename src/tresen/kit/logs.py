"""Log lines: one line an entry, control characters shown, secrets blanked (promises P6 and P10)."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

SECRETS = re.compile(
    r"(?i)(tsn_[A-Za-z0-9_-]{6})[A-Za-z0-9_-]+"
    r"|(/t/|/survey/|/preferences/|/my-data/|/invite/|/hooks/mail/|/password/reset/|/welcome/|/first-run/"
    r"|/sign-in/by-mail/|/status/confirm/|/status/unsubscribe/|/files/(?=[^\s/]{24}))[^\s\"'?#]+"
    r"|((?:sessionid|__host-tresen(?:-csrf)?|tresen(?:-csrf)?|csrfmiddlewaretoken|password|proof|credential|sealed|token|code|authorization)[\"']?\s*[:=]\s*(?:bearer\s+)?[\"']?)[^\s\"',;&}]+"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def redact(text: str) -> str:
    """The text without tokens, cookies, passwords and personal links."""
    return SECRETS.sub(lambda m: (m.group(1) or m.group(2) or m.group(3)) + "[hidden]", text)


class RedactingFilter(logging.Filter):
    """Blanks secrets in message and arguments before any handler sees them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


class LineFormatter(logging.Formatter):
    """`2026-11-22T19:03:00Z INFO name: message`; a traceback becomes one escaped line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = record.getMessage()
        if record.exc_text:
            text += " | " + record.exc_text.replace("\n", " ⏎ ")
        return f"{at} {record.levelname} {record.name}: {CONTROL.sub(_visible, text)}"


def _visible(match: re.Match[str]) -> str:
    return f"\\x{ord(match.group()):02x}"

"""One call of a provider: what came, and how its body is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson

from tresen.kit import clock

MOST_FIELDS = 200
# A provider's clock and ours may differ, and after an outage of ours it tries again with the signature of the first
# time. What was taken in is known far longer (taking.REPLAY_DAYS).
FRESH_SECONDS = 24 * 3600
BOUNDARY = re.compile(r'boundary="?([^";\r\n]{1,200})"?', re.IGNORECASE)
FIELD_NAME = re.compile(rb'\bname="([^"\r\n]{1,200})"')


class NotSigned(Exception):
    """No signature, a wrong or an old one, or somebody else's: 401, and nothing is read further."""


class Malformed(Exception):
    """Signed, but not what the provider sends: 400."""


@dataclass(frozen=True)
class Call:
    """A request as it came. Header names in lower case; `url` is the address the provider was given."""

    headers: dict[str, str]
    body: bytes
    url: str

    @property
    def content_type(self) -> str:
        """The media type with its parameters."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True)
class HookMail:
    """One mail in a call. `replay`: what names it, so that the same call twice is one mail."""

    raw: bytes
    replay: str
    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True)
class Taken:
    """What a call holds: mails, or the address at which the provider wants to be confirmed."""

    mails: list[HookMail] = field(default_factory=list)
    confirm: str = ""


def read_form(call: Call) -> dict[str, bytes]:
    """The fields of a form, each by its first value; urlencoded or multipart (RFC 7578). Raises Malformed."""
    kind = call.content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(call.body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError as fault:
            raise Malformed(str(fault)) from fault
        return {name.decode("utf-8", "replace"): value for name, value in reversed(pairs)}
    boundary = BOUNDARY.search(call.content_type)
    if kind != "multipart/form-data" or not boundary:
        raise Malformed("not a form")
    mark = b"\r\n--" + boundary.group(1).encode("latin-1", "replace")
    found: dict[str, bytes] = {}
    for part in (b"\r\n" + call.body).split(mark, MOST_FIELDS)[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        if name := FIELD_NAME.search(head):
            found.setdefault(name.group(1).decode("utf-8", "replace"), content)
    return found


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object; its depth is limited by the reader. Raises Malformed."""
    try:
        found = orjson.loads(body)
    except (ValueError, RecursionError) as fault:
        raise Malformed(str(fault)[:200]) from fault
    if not isinstance(found, dict):
        raise Malformed("not a JSON object")
    return found


def text_of(value: Any) -> str:
    """A string, or empty for whatever else stands there; NUL, which no database keeps, is left out."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return text.replace("\0", "") if isinstance(text, str) else ""


def check_fresh(stamp: str, *, seconds: int = FRESH_SECONDS) -> None:
    """`stamp` in seconds since 1970 is neither old nor of the future. Raises NotSigned."""
    if not re.fullmatch(r"\d{1,12}", stamp) or abs(clock.now().timestamp() - int(stamp)) > seconds:
        raise NotSigned("the signature is old")


def is_older_than(moment: Any, age: timedelta) -> bool:
    """Whether a time with zone lies longer ago than that, or more than an hour ahead."""
    return bool(moment < clock.now() - age or moment > clock.now() + timedelta(hours=1))

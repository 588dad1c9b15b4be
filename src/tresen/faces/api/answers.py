"""Answers: JSON through orjson, ETags and preconditions (RFC 9110)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.renderers import BaseRenderer
from pydantic import BaseModel

CONTENT_TYPE = "application/json"
OPTIONS = orjson.OPT_UTC_Z
VERSION = re.compile(r'"(\d{1,10})(?:-[0-9a-f]{16})?"', re.ASCII)


class OrjsonRenderer(BaseRenderer):
    """What ninja asks for; times end in `Z`."""

    media_type = CONTENT_TYPE

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


def to_json(data: Any) -> bytes:
    """Schemas, lists and plain values as JSON."""
    return orjson.dumps(data, default=_plain, option=OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    raise TypeError(type(value).__name__)


def answer(data: BaseModel, *, status: int = 200, etag: str = "", location: str = "") -> HttpResponse:
    """An answer with a body; `etag` as from the functions below, `location` the address of what was made."""
    response = HttpResponse(to_json(data), status=status, content_type=CONTENT_TYPE)
    if etag:
        response.headers["ETag"] = etag
    if location:
        response.headers["Location"] = location
    return response


def resource(data: BaseModel, path: str, *, etag: str = "", status: int = 200) -> HttpResponse:
    """Something that has an address of its own, with its ETag (of its content where none is given); one that was made
    also with its address, `path` below /api/v1."""
    location = f"/api/v1/{path}" if status == 201 else ""
    return answer(data, status=status, etag=etag or content_etag(data), location=location)


def version_etag(version: int, data: BaseModel) -> str:
    """The ETag of an object that counts its versions, `"7-5f2c…"`: the version, which alone counts for `If-Match`, and
    a hash of what is shown, since names of other rows change under one version."""
    return f'"{version}-{_hash(data)[:16]}"'


def content_etag(data: BaseModel) -> str:
    """The ETag of an object without a version: a hash of what is shown of it."""
    return f'"{_hash(data)[:32]}"'


def _hash(data: BaseModel) -> str:
    # PostgreSQL gives the keys of a JSON column back in an order of its own.
    told = orjson.dumps(data, default=_plain, option=OPTIONS | orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def if_match(request: HttpRequest, etag: str) -> bool:
    """Does the precondition hold? True without `If-Match`.

    A compressing server marks an ETag as weak on its way out, so `W/"7"` counts like `"7"` here, which is stricter
    than needed nowhere: an ETag never names two states.
    """
    wanted = _wanted(request)
    return wanted in (None, ["*"]) or etag in (wanted or [])


def if_match_version(request: HttpRequest, version: int) -> bool:
    """The same for an object that counts its versions; `"7"` alone will do."""
    wanted = _wanted(request)
    if wanted in (None, ["*"]):
        return True
    return any((named := VERSION.fullmatch(tag)) and int(named[1]) == version for tag in wanted or [])


def _wanted(request: HttpRequest) -> list[str] | None:
    wanted = request.headers.get("If-Match")
    return None if wanted is None else [tag.strip().removeprefix("W/") for tag in wanted.split(",")]


def expected_version(request: HttpRequest, version: int) -> int | None:
    """The version a change is based on, for the service to check under its lock: the present one where `If-Match`
    names it, an impossible one where it names another, None without the header."""
    if _wanted(request) in (None, ["*"]):
        return None
    return version if if_match_version(request, version) else -1

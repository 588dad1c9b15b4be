"""How a program changes what has no version of its own: with `If-Match` only if nobody has changed it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from tresen.faces.api.answers import content_etag, if_match
from tresen.faces.api.once import once
from tresen.faces.api.problems import Problem, stale_now
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint


class Change(Protocol):
    """The service call, with its refusals in the words of the interface."""

    def __call__(self, *, expected: str) -> HttpResponse:
        """Changes, and answers; `expected`: the mark of the values it is based on, empty for none."""


def change_as_seen(
    request: HttpRequest, row: Model, *, shown: Callable[[Any], BaseModel], values: Callable[[Any], dict[str, Any]],
    prepare: Callable[[], Change],
) -> HttpResponse:  # fmt: skip
    """`shown`: the row as an answer has it, `values`: as its service compares it; `prepare`: reads the body, where the
    precondition holds. Raises Problem (412) with the row as it is now."""
    if not if_match(request, content_etag(shown(row))):
        raise _stale(shown(row))
    change = prepare()
    seen = fingerprint(values(row)) if "If-Match" in request.headers else ""

    def act() -> HttpResponse:
        try:
            return change(expected=seen)
        except ChangedMeanwhile as fault:
            row.refresh_from_db()
            raise _stale(shown(row)) from fault

    return once(request, act)


def _stale(now: BaseModel) -> Problem:
    detail = _("It is no longer as your If-Match says. Here is how it is now.")
    return stale_now(detail, now, content_etag(now))

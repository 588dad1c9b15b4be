"""Errors as `application/problem+json` (RFC 9457), in the reader's language."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from tresen.kit.files import FileTooLarge

log = logging.getLogger("tresen.api")
CONTENT_TYPE = "application/problem+json"

# What each kind of error is called. The key is the end of its `type`, so scripts may rely on it.
TITLES: dict[str, tuple[int, Any]] = {
    "wrong-input": (400, gettext_lazy("The request cannot be understood")),
    "unauthorised": (401, gettext_lazy("A valid token is needed")),
    "forbidden": (403, gettext_lazy("This is not allowed")),
    "not-found": (404, gettext_lazy("There is nothing here")),
    "method-not-allowed": (405, gettext_lazy("This address does not answer to that method")),
    "conflict": (409, gettext_lazy("This collides with something that is there already")),
    "merged": (409, gettext_lazy("This ticket went into another one")),
    "stale": (412, gettext_lazy("Somebody else has changed this meanwhile")),
    "too-large": (413, gettext_lazy("That is too large")),
    "media-type": (415, gettext_lazy("This kind of content is not understood")),
    "key-reused": (422, gettext_lazy("This key belongs to another request")),
    "too-many": (429, gettext_lazy("Too many requests")),
    "server-error": (500, gettext_lazy("Something went wrong on our side")),
    "busy": (503, gettext_lazy("The desk is busy")),
}


class Problem(Exception):
    """An error that the caller is told; `code` is a key of TITLES, `more` goes into the answer as it is."""

    def __init__(
        self, code: str, detail: str = "", *, errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(code, detail)
        self.code, self.detail, self.errors = code, detail, errors or []
        self.headers, self.more = headers or {}, more


class WrongField(Problem):
    """400: one field of the body cannot have that value. `path` as in `requester.email`."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__("wrong-input", _("Please correct the fields named here."), errors=[body_error(path, detail)])


def body_error(path: str, detail: str) -> dict[str, str]:
    """An entry of `errors` for a field of the body: dotted name, JSON pointer (RFC 6901) and words."""
    steps = [step.replace("~", "~0").replace("/", "~1") for step in path.split(".") if step]
    return {"field": path, "pointer": "#/" + "/".join(steps) if steps else "#", "detail": detail}


def query_error(name: str, detail: str) -> dict[str, str]:
    """An entry of `errors` for a parameter of the address."""
    return {"field": name, "parameter": name, "detail": detail}


def stale_now(detail: str, now: BaseModel, etag: str, **more: Any) -> Problem:
    """412: the thing as it is now, so that a caller can decide what to do."""
    return Problem("stale", detail, headers={"ETag": etag}, current=now.model_dump(), **more)


def problem_response(problem: Problem) -> HttpResponse:
    """The answer for a problem. `type` is an address that explains it."""
    status, title = TITLES[problem.code]
    body: dict[str, Any] = {
        "type": f"{settings.BASE_URL}/api/v1/docs#{problem.code}",
        "title": str(title),
        "status": status,
    }
    if problem.detail:
        body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = problem.errors
    body.update(problem.more)
    return HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE, headers=problem.headers)


def response_of(fault: Exception) -> HttpResponse:
    """The answer for anything that was raised; what is not the caller's fault is logged and says nothing of itself."""
    return problem_response(_problem_of(fault))


def add_handlers(api: NinjaAPI) -> None:
    """Makes the interface answer every fault in this form."""

    def handle(request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
        return response_of(fault if isinstance(fault, Exception) else fault())

    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, handle)


def _problem_of(fault: Exception) -> Problem:
    match fault:
        case Problem():
            return fault
        case AuthenticationError():
            return unauthorised()
        case ValidationError(errors=errors):
            return Problem("wrong-input", _("Please correct the fields named here."), errors=_told_all(errors))
        case Http404():
            return Problem("not-found")
        case PermissionDenied():
            return Problem("forbidden", _("The owner of this token may not do this."))
        case FileTooLarge(limit=limit):
            return too_large(limit)
        case RequestDataTooBig():
            return too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        case TooManyFilesSent():
            return Problem("too-large", _("These are too many files at once."))
        case SuspiciousOperation() | MultiPartParserError() | UnreadablePostError():
            return Problem("wrong-input", _("The body of the request is broken."))
        case HttpError(status_code=400):
            return Problem("wrong-input", _("The body is not valid JSON."))
        case OperationalError():
            log.warning("the database did not answer in time", exc_info=fault)
            return Problem("busy", _("Please try again in a moment."), headers={"Retry-After": "2"})
    log.error("a request of the interface failed", exc_info=fault)
    return Problem("server-error", _("The fault is in the log. Please try again; nothing was changed."))


def unauthorised() -> Problem:
    """401 (RFC 6750): no token, an unknown one, an expired or revoked one; all look the same."""
    detail = _("Send a valid token in the header “Authorization: Bearer …”. In the address it is not accepted.")
    return Problem("unauthorised", detail, headers={"WWW-Authenticate": 'Bearer realm="Tresen"'})


def too_large(limit: int) -> Problem:
    """413, with the limit in whole megabytes."""
    megabytes = limit // (1024 * 1024)
    detail = ngettext("At most %(count)s MB are accepted here.", "At most %(count)s MB are accepted here.", megabytes)
    return Problem("too-large", detail % {"count": megabytes})


def _told_all(faults: list[dict[str, Any]]) -> list[dict[str, str]]:
    """One entry a field: one that may be of several types fails once for each of them."""
    told: dict[str, dict[str, str]] = {}
    for error in map(_told, faults):
        if error["field"] in told:
            error["detail"] = _("This value is not possible here.")
        told[error["field"]] = error
    return list(told.values())


def _told(error: dict[str, Any]) -> dict[str, str]:
    """One validation error of the schemas as an entry of `errors`."""
    place, *steps = error["loc"]
    if place == "body" and steps:
        steps = steps[1:]  # the name of the view's own argument
    last = steps[-1:] if error["type"] == "extra_forbidden" else []
    path = ".".join(str(step)[:100] for step in steps if step in last or not _is_branch(step))
    words = _words(error)
    return body_error(path, words) if place == "body" else query_error(path, words)


def _is_branch(step: Any) -> bool:
    """Where a field may be one of several types, the schemas name the type they tried: no part of the path."""
    return isinstance(step, str) and (step in {"int", "str", "constrained-str"} or step[:1].isupper() or "[" in step)


def _words(error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    plain = {
        "missing": _("This is needed."),
        "extra_forbidden": _("There is no field of this name."),
        "string_type": _("This must be text."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "list_type": _("This must be a list."),
        "model_type": _("This must be an object."),
        "model_attributes_type": _("This must be an object."),
        "dict_type": _("This must be an object."),
        "uuid_parsing": _("This is no id."),
        "control": _("This contains characters that are not text."),
        "blank": _("This must not be empty."),
    }
    if kind in plain:
        return plain[kind]
    if kind == "literal_error":
        return _("This must be one of: %(values)s.") % {"values": context["expected"].replace("'", "")}
    if kind in {"string_too_long", "too_long"}:
        limit = context["max_length"]
        return ngettext("At most %(count)s is allowed here.", "At most %(count)s are allowed here.", limit) % {
            "count": limit
        }
    if kind in {"greater_than_equal", "less_than_equal"}:
        return _("This must be from %(low)s to %(high)s.") % {"low": 1, "high": 100}
    return _("This value is not possible here.")

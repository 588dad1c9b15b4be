"""What every request to the interface passes: language, size, token, scope, rate, parameters, key.

Cookies open nothing here: the token in the header alone says for whom we answer, so no foreign page can act (S39).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from tresen.core.people.models import ApiToken
from tresen.core.people.principals import NOBODY
from tresen.core.people.tokens import open_token, token_principal
from tresen.faces.api import problems
from tresen.faces.api.limits import requests_of_tokens
from tresen.faces.api.once import earlier_answer, fingerprint, keep_key, key_of, read_key
from tresen.faces.api.problems import Problem, query_error
from tresen.kit.bodies import answers_refused_bodies, refused_body

View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Bytes of a file, not JSON; the view itself says what its key stands for.
UPLOADS = frozenset({"attachments"})


def guarded(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """The same addresses, each behind the guard."""
    return [URLPattern(p.pattern, guard(p.callback), p.default_args, p.name) for p in patterns]


def guard(view: View) -> View:
    """Lets a request through to the view only when it may; every fault leaves as a problem document."""

    @wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _admit(request)
            return _answered(request, view, args, kwargs)
        except Exception as fault:
            return problems.response_of(fault)

    guarded_view.csrf_exempt = True  # type: ignore[attr-defined]
    spoken: View = answers_refused_bodies(in_its_language(guarded_view))
    return spoken


def in_its_language(view: View) -> View:
    """Answers in the language of `Accept-Language`, in UTC, for nobody until a token says for whom."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.principal = NOBODY  # type: ignore[attr-defined]
        language = language_of(request)
        with translation.override(language), timezone.override(UTC):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return spoken


def language_of(request: HttpRequest) -> str:
    """The best of our languages that `Accept-Language` names, else English. No cookie is asked."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return "en"


def _admit(request: HttpRequest) -> None:
    """Raises Problem unless the request may be worked on; sets its principal and its key."""
    if limit := refused_body(request):
        raise problems.too_large(limit)
    token = _token_of(request)
    principal = token_principal(token)
    request.principal = principal  # type: ignore[attr-defined]
    scope = "read" if request.method in SAFE else "write"
    if scope not in principal.scopes:
        challenge = f'Bearer realm="Tresen", error="insufficient_scope", scope="{scope}"'
        detail = _("This token lacks the scope “%(scope)s”.") % {"scope": scope}
        raise Problem("forbidden", detail, headers={"WWW-Authenticate": challenge})
    if wait := requests_of_tokens.hit(token.pk):
        detail = _("A token may make %(limit)s requests a minute.") % {"limit": requests_of_tokens.limit}
        raise Problem("too-many", detail, headers={"Retry-After": str(wait)})
    _check_parameters(request)
    if request.method not in SAFE:
        keep_key(request, read_key(request, token.agent))


def _token_of(request: HttpRequest) -> ApiToken:
    scheme, _blank, plain = request.headers.get("Authorization", "").partition(" ")
    token = open_token(plain.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise problems.unauthorised()
    return token


def _check_parameters(request: HttpRequest) -> None:
    """Refuses parameters that the operation does not name, and ones that are no text."""
    match = request.resolver_match
    method = "get" if request.method == "HEAD" else (request.method or "").lower()
    known = _parameters().get((_template(match.route if match else ""), method))
    if known is None:
        return
    wrong = []
    for name, values in request.GET.lists():
        if name not in known:
            wrong.append(query_error(name[:100], _("There is no parameter of this name.")))
        elif len(values) > 1:
            wrong.append(query_error(name, _("This parameter is given twice.")))
        elif "\0" in values[0]:
            wrong.append(query_error(name, _("This contains characters that are not text.")))
    if wrong:
        raise Problem("wrong-input", _("Please correct the parameters named here."), errors=wrong)


def _template(route: str) -> str:
    """`api/v1/contacts/<int:contact_id>` as the schema writes it: `/api/v1/contacts/{contact_id}`."""
    return "/" + re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", route)


@cache
def _parameters() -> dict[tuple[str, str], frozenset[str]]:
    """The parameters of each operation, read from the schema: what it does not name does not exist."""
    from tresen.faces.api.interface import schema

    return {
        (path, method): frozenset(p["name"] for p in operation["parameters"] if p["in"] == "query")
        for path, operations in schema()["paths"].items()
        for method, operation in operations.items()
    }


def _answered(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    method = request.method
    if method == "HEAD":  # RFC 9110, section 9.3.2: like GET; the server leaves the body out
        request.method = "GET"
    try:
        response = _earlier(request) or view(request, *args, **kwargs)
    finally:
        request.method = method
    if response.status_code == 405:
        allowed = {"Allow": response.headers.get("Allow", "")}
        return problems.problem_response(Problem("method-not-allowed", headers=allowed))
    etag = response.headers.get("ETag")
    if method in SAFE and etag and "If-None-Match" in request.headers and isinstance(response, HttpResponse):
        return get_conditional_response(request, etag=etag, response=response) or response
    return response


def _body_of(request: HttpRequest) -> bytes:
    """The body of a request that is not an upload, bounded also where its length was not announced (chunked)."""
    if not request.META.get("CONTENT_LENGTH") and not hasattr(request, "_body"):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = request.read(limit + 1)
        if len(body) > limit:
            raise problems.too_large(limit)
        request._body = body  # where HttpRequest.body keeps what it has read
    return request.body


def _earlier(request: HttpRequest) -> HttpResponse | None:
    """Checks the kind of the body, and finds the answer of a request that was made before under the same key."""
    match = request.resolver_match
    if request.method in SAFE or (match and match.url_name in UPLOADS):
        return None
    if _body_of(request) and request.content_type != "application/json":
        raise Problem("media-type", _("Send the body as application/json."), headers={"Accept": "application/json"})
    keyed = key_of(request)
    if keyed is None:
        return None
    keyed = keyed.asking(fingerprint(request, request.body))
    keep_key(request, keyed)
    return earlier_answer(keyed)

"""Answers when something is wrong, in the person's language: never a trace, a version or a source (S61)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.exceptions import TemplateDoesNotExist
from django.utils.translation import gettext as _

from tresen.kit.requests import is_from_own_page

# Fields in which people write; everything else of a form goes along unseen.
WRITTEN = ("email", "name", "subject", "text", "body", "notes", "signature")
SECRET = ("password", "secret", "token", "present", "again", "code")


def _answer(request: HttpRequest, status: int, template: str, **context: object) -> HttpResponse:
    try:
        return render(request, template, context, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(f"{status}", status=status, content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; a body beyond the limits is 413."""
    if type(exception).__name__ in {"RequestDataTooBig", "TooManyFilesSent", "TooManyFieldsSent"}:
        return too_large(request)
    return _answer(request, 400, "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, 403, "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is not there and what one may not see."""
    return _answer(request, 404, "404.html")


def too_large(request: HttpRequest) -> HttpResponse:
    """413."""
    return _answer(request, 413, "413.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(request, 500, "500.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our page or is too old. Nothing is done.

    What was typed is given back, to be sent again by a click of one's own, but only if the browser says that the form
    was on a page of ours: another site must not put words or wishes into ours. Secrets are never given back.
    """
    typed = None if request.headers.get("HX-Request") or not is_from_own_page(request) else _typed(request)
    response = _answer(request, 403, "403_csrf.html", typed=typed, action=request.get_full_path())
    # For a part of a page that is fetched: whoever signed in anew in another tab must load this page again.
    response["X-Notice"] = quote(_("You have signed in anew. Load this page again; what you typed is kept here."))
    # The address may be a personal link: tell it to nobody.
    response["Referrer-Policy"] = "same-origin"
    return response


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: `shown` are the words a person wrote, `kept` goes along unseen, `files` are the names of
    fields whose files must be chosen anew, `secrets` those of fields that are typed anew."""

    shown: list[tuple[str, str]]
    kept: list[tuple[str, str]]
    files: list[str]
    secrets: list[str]

    @property
    def can_be_sent(self) -> bool:
        """Secrets are typed anew on the form itself, but for the one of signing in."""
        return self.secrets in ([], ["password"])


def _typed(request: HttpRequest) -> Typed | None:
    """None when there is nothing that somebody would miss."""
    shown: list[tuple[str, str]] = []
    kept: list[tuple[str, str]] = []
    secrets: list[str] = []
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken":
            continue
        if any(word in name.lower() for word in SECRET):
            secrets.append(name)
            continue
        for value in values:
            text = value if isinstance(value, str) else ""
            (shown if name in WRITTEN and text.strip() else kept).append((name, text))
    return Typed(shown, kept, list(request.FILES), secrets) if shown else None

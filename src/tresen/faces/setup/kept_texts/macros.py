"""The pages of macros."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.kept_texts import views
from tresen.faces.setup.kept_texts.views import MACROS


@settings_page("text.keep")
@require_safe
def macros(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """All that one may use."""
    return views.text_list(request, principal, MACROS)


@settings_page("text.keep")
@require_http_methods(["GET", "POST"])
def new_macro(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new one."""
    return views.new_text(request, principal, MACROS)


@settings_page("text.keep")
@require_http_methods(["GET", "POST"])
def macro(request: HttpRequest, principal: Principal, macro_id: int) -> HttpResponseBase:
    """One."""
    return views.one_text(request, principal, MACROS, macro_id)


@settings_page("text.keep")
@require_POST
def archive(request: HttpRequest, principal: Principal, macro_id: int) -> HttpResponseBase:
    """Put away, or brought back."""
    return views.archive_text(request, principal, MACROS, macro_id)


@settings_page("text.keep")
@require_POST
def preview(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """What is typed, filled in."""
    return views.preview_text(request, principal, MACROS)

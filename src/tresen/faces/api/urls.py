"""Addresses of this face."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tresen.faces.api import docs
from tresen.faces.api.guard import guarded, in_its_language
from tresen.faces.api.interface import api
from tresen.faces.api.problems import Problem, problem_response

app_name = "api"


@csrf_exempt
@in_its_language
def nothing(request: HttpRequest) -> HttpResponse:
    """404 in the form of the interface for every address that it does not have."""
    return problem_response(Problem("not-found"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", docs.openapi, name="openapi"),
    path("v1/docs", docs.readable, name="docs"),
    path("v1/", include(guarded(p for p in api.urls[0] if isinstance(p, URLPattern) and p.name != "api-root"))),
    re_path("", nothing),
]

"""The interface, version 1: its resources, joined. What it can do is described by its schema (OpenAPI 3.1)."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import orjson
from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.security import HttpBearer

from tresen.core.people.principals import Principal, principal_of
from tresen.faces.api.announcing.routes import router as announcing
from tresen.faces.api.answers import OrjsonRenderer
from tresen.faces.api.arranging.routes import router as arranging
from tresen.faces.api.attachments.routes import router as attachments
from tresen.faces.api.automation.routes import router as automation
from tresen.faces.api.automation.webhooks import router as webhooks
from tresen.faces.api.catalog.routes import router as catalog
from tresen.faces.api.knowledge.articles import router as articles
from tresen.faces.api.knowledge.collections import router as collections
from tresen.faces.api.people.contacts import router as contacts
from tresen.faces.api.people.organisations import router as organisations
from tresen.faces.api.people.staff import router as staff
from tresen.faces.api.problems import TITLES, add_handlers
from tresen.faces.api.sla.routes import router as service_levels
from tresen.faces.api.surveys.routes import router as surveys
from tresen.faces.api.texts.routes import router as texts
from tresen.faces.api.tickets.levels import router as levels
from tresen.faces.api.tickets.lists import router as lists
from tresen.faces.api.tickets.messages import router as messages
from tresen.faces.api.tickets.routes import router as tickets
from tresen.faces.api.tickets.saved import router as saved_views
from tresen.faces.api.tickets.structure import router as structure

PREFIX = "/api/v1"
PROBLEM = {
    "description": "a problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
DESCRIPTION = """The desk, for programs. Every request carries a token: `Authorization: Bearer tsn_…`.

Lists take `limit` (at most 100), `cursor` and `sort` and answer `{"items": […], "next": cursor or null}`.
Writes take an `Idempotency-Key`: the same request sent again within 48 hours happens once and gets the same answer;
the key with another body is refused (422). Single objects carry an `ETag`, which changes with anything that is shown;
changes take it as `If-Match` (of one with a `version` that alone counts, `"7"` will do) and are refused (412, with the
object as it is now) when somebody was faster. Errors are `application/problem+json` in the language of
`Accept-Language`. Times are ISO 8601 in UTC. Fields and parameters that are not named here are refused (400). What you
may not see answers like what is not there (404). 600 requests a minute and token, bodies up to 30 MB (JSON: 5 MB)."""


class Token(HttpBearer):
    """The token in the header. It was looked up by the guard; here is said that it is needed."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        principal = principal_of(request)
        return principal if principal.is_staff else None


class OrjsonParser(Parser):
    """Strict JSON: no NaN, no broken UTF-8, no endless depth."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return cast("dict[str, Any]", orjson.loads(request.body))


api = NinjaAPI(
    title="Tresen",
    version="1",
    description=DESCRIPTION,
    auth=Token(),
    renderer=OrjsonRenderer(),
    parser=OrjsonParser(),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
)
add_handlers(api)
for router in (
    tickets,
    structure,
    levels,
    messages,
    contacts,
    organisations,
    staff,
    attachments,
    texts,
    lists,
    saved_views,
    service_levels,
    automation,
    webhooks,
    arranging,
    surveys,
    announcing,
    articles,
    collections,
    catalog,
):
    api.add_router("", router)


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    document["servers"] = [{"url": settings.BASE_URL}]
    document["components"]["schemas"]["Problem"] = _problem()
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    _untitle(document)
    return document


def _sentence(name: str) -> str:
    """`create_message` → `Create message`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _untitle(node: Any) -> None:
    """Takes the titles away that are nothing but a field's name in capitals, as the library makes them up."""
    if isinstance(node, list):
        for part in node:
            _untitle(part)
    elif isinstance(node, dict):
        for name, shape in node.get("properties", {}).items():
            if isinstance(shape, dict) and shape.get("title") == name.replace("_", " ").title():
                del shape["title"]
        if node.get("in") in {"query", "path"} and isinstance(node.get("schema"), dict):
            node["schema"].pop("title", None)
        for part in node.values():
            _untitle(part)


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Adds what is the same everywhere: headers and errors; and a title in sentence case, as the headings have it."""
    operation["summary"] = _sentence(operation["operationId"])
    headers = ["Accept-Language"]
    if method in {"post", "patch"}:
        headers.append("Idempotency-Key")
    if method == "patch" or operation["operationId"] in {
        "create_message",
        "assign_ticket",
        "escalate_ticket",
        "return_ticket",
    }:
        headers.append("If-Match")
    operation["parameters"] += [
        {"in": "header", "name": name, "required": False, "schema": {"type": "string"}} for name in headers
    ]
    told = {str(status): answer for status, answer in operation["responses"].items()}
    operation["responses"] = {**told, "default": PROBLEM}


def _problem() -> dict[str, Any]:
    entry = {
        "type": "object",
        "properties": {"field": {"type": "string"}, "pointer": {"type": "string"}, "detail": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "ends in one of: " + ", ".join(TITLES)},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": entry},
            "current": {"type": "object", "description": "with 412: the object as it is now"},
            "merged_into": {
                "type": ["string", "null"],
                "description": "of a ticket that was merged: number of the one to act on, null where you do not see it",
            },
        },
    }

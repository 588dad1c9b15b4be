"""The schema as JSON, and as a page that a person can read: plain HTML of our own, nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from tresen.faces.api.answers import CONTENT_TYPE, to_json
from tresen.faces.api.interface import schema
from tresen.faces.api.problems import TITLES


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(to_json(schema()), content_type=CONTENT_TYPE)


@require_safe
def readable(request: HttpRequest) -> HttpResponse:
    """Every operation and object of the interface on one page."""
    document = schema()
    context = {
        "description": [_marked(part) for part in document["info"]["description"].split("\n\n")],
        "groups": _groups(),
        "objects": _objects(),
        "problems": [{"code": code, "status": status, "title": title} for code, (status, title) in TITLES.items()],
    }
    return render(request, "api/docs.html", context)


@cache
def _groups() -> list[dict[str, Any]]:
    """Operations by their first tag, in the order of the schema."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(
                {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "text": _marked(operation.get("description", "")),
                    "parameters": [
                        {"name": p["name"], "text": _marked(p.get("description", ""))}
                        for p in operation["parameters"]
                        if p["in"] == "query"
                    ],
                    "body": _type(_body(operation)),
                    "answers": [(status, _type(_answer(told))) for status, told in operation["responses"].items()],
                }
            )
    return [{"name": name, "operations": operations} for name, operations in groups.items()]


@cache
def _objects() -> list[dict[str, Any]]:
    """The objects that go in and out, with their fields."""
    listed = []
    for name, told in sorted(schema()["components"]["schemas"].items()):
        needed = set(told.get("required", ()))
        fields = [
            {
                "name": field,
                "type": _type(shape),
                "needed": field in needed,
                "text": _marked(shape.get("description", "")),
            }
            for field, shape in told.get("properties", {}).items()
        ]
        listed.append({"name": name, "text": _marked(told.get("description", "")), "fields": fields})
    return listed


def _marked(text: str) -> SafeString:
    """What stands between backticks as code."""
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", p) if n % 2 else p,) for n, p in parts))


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return next((kind.get("schema", {}) for kind in content.values()), {})


def _answer(told: dict[str, Any]) -> dict[str, Any]:
    return next((kind.get("schema", {}) for kind in told.get("content", {}).values()), {})


def _type(shape: dict[str, Any]) -> str:
    """A schema in a few words: `integer`, `list of Ticket`, `"low" or "high"`, `TeamRef or null`."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(_type(part) for part in shape["anyOf"]))
    if "allOf" in shape:
        return " and ".join(_type(part) for part in shape["allOf"])
    if "enum" in shape:
        return " or ".join(f'"{word}"' for word in shape["enum"])
    if "const" in shape:
        return f'"{shape["const"]}"'
    if shape.get("type") == "array":
        return f"list of {_type(shape.get('items', {}))}"
    kind = str(shape.get("type", ""))
    return f"{kind} ({shape['format']})" if "format" in shape else kind

"""The OpenAPI document and the page that shows it: they say what is so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel

from tests.cast import Caller, Cast, json
from tresen.faces.api.interface import schema

CONTRACT = {
    "/tickets": {"get", "post"},
    "/tickets/{number}": {"get", "patch"},
    "/tickets/{number}/messages": {"get", "post"},
    "/tickets/{number}/events": {"get"},
    "/tickets/{number}/assign": {"post"},
    "/tickets/{number}/escalate": {"post"},
    "/tickets/{number}/return": {"post"},
    "/tickets/{number}/merge": {"post"},
    "/tickets/{number}/split": {"post"},
    "/tickets/{number}/undo": {"post"},
    "/tickets/{number}/snooze": {"post"},
    "/contacts": {"get", "post"},
    "/contacts/{contact_id}": {"get", "patch"},
    "/announcements": {"get", "post"},
    "/announcements/{announcement_id}": {"get", "patch"},
    "/announcements/{announcement_id}/updates": {"get", "post"},
    "/services": {"get"},
    "/services/{slug}": {"get"},
    "/services/{slug}/requests": {"post"},
    "/organisations": {"get", "post"},
    "/organisations/{organisation_id}": {"get", "patch"},
    "/agents": {"get"},
    "/agents/{agent_id}": {"get"},
    "/roles": {"get"},
    "/teams": {"get", "post"},
    "/teams/{team_id}": {"get", "patch"},
    "/brands": {"get"},
    "/brands/{brand_id}": {"get"},
    "/attachments": {"post"},
    "/attachments/{attachment_id}": {"get"},
    "/attachments/{attachment_id}/content": {"get"},
    "/articles": {"get", "post"},
    "/articles/{article_id}": {"get", "patch"},
    "/articles/{article_id}/texts/{language}": {"post"},
    "/articles/{article_id}/publish": {"post"},
    "/articles/{article_id}/withdraw": {"post"},
    "/collections": {"get", "post"},
    "/collections/{collection_id}": {"get", "patch"},
    "/saved-replies": {"get", "post"},
    "/saved-replies/{text_id}": {"get", "patch"},
    "/macros": {"get", "post"},
    "/macros/{macro_id}": {"get", "patch"},
    "/statuses": {"get"},
    "/categories": {"get"},
    "/fields": {"get"},
    "/tags": {"get"},
    "/views": {"get"},
    "/tickets/{number}/clocks": {"get"},
    "/sla-policies": {"get"},
    "/surveys": {"get"},
    "/rules": {"get", "post"},
    "/rules/{rule_id}": {"get", "patch"},
    "/webhooks": {"get", "post"},
    "/webhooks/{webhook_id}": {"get", "patch"},
    "/levels": {"get"},
    "/rotas": {"get"},
    "/recurring": {"get"},
    "/procedures": {"get"},
    "/tickets/{number}/proposals": {"get"},
    "/calendars": {"get"},
    "/search": {"get"},
}


def test_the_document_names_every_operation_of_the_contract() -> None:
    document = json(Client().get("/api/v1/openapi.json"), 200)
    assert document["openapi"].startswith("3.1")
    found = {path.removeprefix("/api/v1"): set(operations) for path, operations in document["paths"].items()}
    assert found == CONTRACT


def test_every_operation_says_what_it_does_and_how_it_fails() -> None:
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            assert operation["security"], (method, path)
            assert "default" in operation["responses"], (method, path)
            headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
            assert ("Idempotency-Key" in headers) == (method in {"post", "patch"})


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = schema()
    names = set(document["components"]["schemas"])
    assert {ref.rpartition("/")[2] for ref in re.findall(r"#/components/schemas/\w+", str(document))} <= names


def test_a_field_that_may_be_left_out_has_no_default_of_null() -> None:
    change = schema()["components"]["schemas"]["TicketChange"]
    assert "required" not in change
    assert change["additionalProperties"] is False
    assert not any("default" in field for field in change["properties"].values())


def test_the_page_is_plain_and_complete() -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    html = page.content.decode()
    for path in CONTRACT:
        assert f"/api/v1{path}" in html
    assert "<script>" not in html and "//cdn" not in html
    assert not re.search(r"""(?:src|href)="https?://(?!127\.0\.0\.1)""", html)


@pytest.mark.parametrize(
    "path",
    ["/tickets?limit=2", "/contacts", "/organisations", "/agents", "/roles", "/teams", "/brands", "/statuses", "/tags"],
)
def test_a_list_is_as_the_document_says(cast: Cast, path: str) -> None:
    for _number in range(3):
        cast.ticket()
    operation = schema()["paths"]["/api/v1" + path.partition("?")[0]]["get"]
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    _matches(json(cast.calls(cast.anna).get(path), 200), shape)


def test_one_ticket_is_as_the_document_says(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    anna = cast.calls(cast.anna)
    for path in ("", "/messages", "/events"):
        operation = schema()["paths"]["/api/v1/tickets/{number}" + path]["get"]
        shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
        _matches(json(anna.get(f"/tickets/{ticket.number}{path}"), 200), shape)


def test_health_needs_no_token() -> None:
    assert Caller(None).client.get("/healthz").content == b'{"alive":true}'


KINDS: dict[str, Any] = {
    "string": str, "integer": int, "boolean": bool, "null": type(None), "array": list, "object": dict, "number": float,
}  # fmt: skip


def _matches(value: Any, shape: dict[str, Any], path: str = "") -> None:
    """Checks a value against a schema as far as ours go: references, alternatives, enums, objects, lists."""
    if "$ref" in shape:
        return _matches(value, schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]], path)
    if "anyOf" in shape:
        wanted = next((s for s in shape["anyOf"] if (s.get("type") == "null") == (value is None)), None)
        assert wanted is not None, path
        return _matches(value, wanted, path)
    if "enum" in shape:
        assert value in shape["enum"], (path, value)
        return None
    assert isinstance(value, KINDS[shape["type"]]), (path, value)
    if shape["type"] == "array":
        for position, item in enumerate(value):
            _matches(item, shape["items"], f"{path}.{position}")
    if shape["type"] == "object" and "properties" in shape:
        assert set(value) == set(shape["properties"]), path
        for name, told in shape["properties"].items():
            _matches(value[name], told, f"{path}.{name}")
    return None


def test_no_schema_shows_more_than_it_names() -> None:
    from tresen.faces.api.people import schemas as people
    from tresen.faces.api.tickets import schemas as tickets

    shown = [
        kind
        for module in (people, tickets)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    ]
    names = {name for kind in shown for name in kind.model_fields}
    assert not names & {
        "password",
        "token_hash",
        "imap_sealed",
        "smtp_sealed",
        "hook_key",
        "storage_key",
        "html_source",
        "user_id",
    }

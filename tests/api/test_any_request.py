"""Whatever a program sends, the interface has an answer: requests made at random from its own schema."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.cast import Caller, Cast, json
from tresen.faces.api.interface import schema
from tresen.faces.api.limits import requests_of_tokens

ODD: list[Any] = [
    None, 0, -1, 2**31, 2**63, 2**64, 10**40, 1.5, "", "x", "x" * 400, "\0", "\ud800", "ł", "open", "me", [], [[]], [1],
    ["a"], {}, {"id": 1}, {"id": "x"}, {"a": {}}, True, False, "00000000-0000-0000-0000-000000000000", "'", "%",
]  # fmt: skip
WORDS = ["x", "solved", "me", "netz", "a@b.example", "carol@faehrholm.example", "Europe/Berlin", "vpn", "<p>x</p>"]
PARAMETERS = [
    "",
    "1",
    "x",
    "%00",
    "-1",
    "100",
    "%F0%9F%98%80",
    "name",
    "-name",
    "updated_at",
    "%ff",
    "a%26b",
    "status:open",
]
IF_MATCH = ['"1"', "*", "", '"', 'W/"1"', '"1", "2"', "x"]


class Maker:
    """Makes values, now and then odd ones, for a schema."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, shape: dict[str, Any], depth: int = 0) -> Any:
        """Something that fits the schema in most places."""
        if self.random.random() < 0.12 or depth > 6:
            return self.random.choice(ODD)
        if "$ref" in shape:
            return self.value(schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]], depth + 1)
        if "anyOf" in shape:
            return self.value(self.random.choice(shape["anyOf"]), depth + 1)
        if "enum" in shape:
            return self.random.choice(shape["enum"])
        match shape.get("type"):
            case "object":
                return self.object(shape, depth)
            case "array":
                return [self.value(shape.get("items", {}), depth + 1) for _ in range(self.random.randint(0, 3))]
            case "integer":
                return self.random.choice([1, 2, 3, 10**6])
            case "null":
                return None
            case "boolean":
                return self.random.random() < 0.5
        return self.random.choice(WORDS)

    def object(self, shape: dict[str, Any], depth: int) -> dict[str, Any]:
        """An object with some of its fields, seldom with one too many."""
        needed = shape.get("required", [])
        made = {
            name: self.value(told, depth + 1)
            for name, told in shape.get("properties", {}).items()
            if name in needed or self.random.random() < 0.4
        }
        if self.random.random() < 0.05:
            made[self.random.choice(["x", "__proto__", "", "ł", "a.b", "a/b~c"])] = 1
        return made

    def address(self, path: str, operation: dict[str, Any], ids: dict[str, Any]) -> str:
        """A filled-in address with some parameters."""
        for name, known in ids.items():
            path = path.replace(f"{{{name}}}", str(self.random.choice([known, known, known, 0, 10**25, "x", "%00"])))
        asked = [
            f"{p['name']}={self.random.choice(PARAMETERS)}"
            for p in operation["parameters"]
            if p["in"] == "query" and self.random.random() < 0.5
        ]
        return path + ("?" + "&".join(asked) if asked else "")

    def send(self, caller: Caller, ids: dict[str, Any]) -> Any:
        """One request of any kind."""
        path, operations = self.random.choice(sorted(schema()["paths"].items()))
        method, operation = self.random.choice(sorted(operations.items()))
        headers = {}
        if self.random.random() < 0.3:
            headers["idempotency_key"] = self.random.choice("abcdef")
        if self.random.random() < 0.2:
            headers["if_match"] = self.random.choice(IF_MATCH)
        body: Any = None
        if told := operation.get("requestBody", {}).get("content", {}):
            body = b"hello"
            if "application/json" in told:
                body = self.value(told["application/json"]["schema"])
        return caller.send(method.upper(), self.address(path, operation, ids), body, **headers)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 20))])
def test_any_request_is_answered(cast: Cast, seed: int, full_size: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests_of_tokens, "limit", 10**9)
    ids = {
        "number": cast.ticket().number,
        "attachment_id": "00000000-0000-0000-0000-000000000000",
        "contact_id": cast.carol.pk,
        "organisation_id": cast.faehrholm.pk,
        "agent_id": cast.anna.pk,
        "team_id": cast.netz.pk,
        "brand_id": cast.brand.pk,
    }
    maker, ada = Maker(seed), cast.calls(cast.ada)
    statuses = set()
    for _ in range(300 if full_size else 120):
        response = maker.send(ada, ids)
        statuses.add(response.status_code)
        assert response.status_code < 500, (response.request, response.content)
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"
            assert json(response)["status"] == response.status_code
    assert {200, 201, 400, 404} <= statuses

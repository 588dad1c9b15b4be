"""S10 at webhooks: on making, changing, trying and sending, in the settings and over the interface, nothing inside is
called, and every refusal is the same."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.cast import TEST, Caller, Cast, json, make_cast
from tests.safety.hostile_urls import hostile_urls, names
from tresen.kit.http import client
from tresen.service.webhooks.models import Delivery, Endpoint
from tresen.service.webhooks.services import create_endpoint, try_out
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.once


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def by_rest(program: Caller, method: str, path: str, body: dict[str, Any]) -> str:
    """`taken`, or what the interface says of the address that it refuses."""
    answer = program.send(method, path, body)
    if answer.status_code < 300:
        return "taken"
    (error,) = json(answer, 400)["errors"]
    assert error["field"] == "url", (body, error)
    return str(error["detail"]) if body["url"].strip() else "empty"


def test_s10_webhooks_that_point_inside_are_never_called(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, full_size: bool
) -> None:
    begun: list[Any] = []

    def note(self: socket.socket, address: Any) -> None:
        begun.append(address)
        raise OSError("no connection in this test")

    monkeypatch.setattr(client, "system_names", names)
    ada, program = cast.browser(cast.ada), cast.calls(cast.ada)
    create_endpoint(set={"name": "Good", "url": "https://hooks.example/in", "kinds": []}, by=TEST)
    good = Endpoint.objects.get()
    urls = hostile_urls(8025)[:: 1 if full_size else 5]
    told: set[str] = set()
    said: set[str] = set()
    for number, url in enumerate(urls):
        typed = {"name": f"Bad {number}", "url": url, "is_active": "on"}
        made = ada.post("/settings/webhooks/new/", typed)
        changed = ada.post(f"/settings/webhooks/{good.pk}/", {**typed, "name": "Good"})
        by_program = [
            by_rest(program, "POST", "/webhooks", {"name": f"Rest {number}", "url": url}),
            by_rest(program, "PATCH", f"/webhooks/{good.pk}", {"url": url}),
        ]
        said |= {*by_program}
        assert [one == "taken" for one in by_program] == [a.status_code != 422 for a in (made, changed)], url
        refused = [answer for answer in (made, changed) if answer.status_code == 422]
        told |= {"This address cannot be called." in answer.content.decode() for answer in refused} and {"refused"}
        assert all(
            "This address cannot be called." in a.content.decode() or "required" in a.content.decode() for a in refused
        )
    assert said - {"empty"} == {"taken", "Only https addresses of the public internet are called."}
    waiting = list(Endpoint.objects.all())
    for endpoint in waiting:  # names are looked up when they are called
        try_out(endpoint)
    with monkeypatch.context() as patched:
        patched.setattr(socket.socket, "connect", note)
        drain()
    assert begun == []
    assert {(call.status, call.detail) for call in Delivery.objects.all()} == {
        (None, "the address could not be reached")
    }
    assert told == {"refused"} and len(waiting) < len(urls) / 2
    assert Endpoint.objects.filter(url__startswith="http://").count() == 0

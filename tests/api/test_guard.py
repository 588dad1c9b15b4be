"""What every request passes before it is worked on."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import OperationalError

from tests.cast import Caller, Cast, json
from tresen.core.tickets.models import Ticket
from tresen.faces.api.limits import requests_of_tokens
from tresen.faces.api.people import staff


def test_without_a_token_there_is_nothing_to_see(cast: Cast) -> None:
    for path in ("/tickets", "/contacts", "/agents", "/search?query=x"):
        response = Caller(None).get(path)
        assert json(response, 401)["type"].endswith("#unauthorised")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_browser_session_opens_nothing_here(cast: Cast) -> None:
    client = cast.browser(cast.ada)
    assert client.get("/api/v1/tickets").status_code == 401
    assert client.post("/api/v1/tickets", data="{}", content_type="application/json").status_code == 401


def test_a_reading_token_changes_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    reader = cast.calls(cast.anna, "read")
    assert reader.get(f"/tickets/{ticket.number}").status_code == 200
    for response in (
        reader.patch(f"/tickets/{ticket.number}", {"subject": "x"}),
        reader.post("/tickets", {}),
        reader.send("POST", "/attachments?filename=a", b"x"),
    ):
        assert json(response, 403)["status"] == 403
        assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]
    assert Ticket.objects.get().subject == "VPN"


def test_faults_speak_the_language_of_the_caller(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    titles = {}
    for wanted in ("en", "de-AT,de;q=0.8", "pl", "fr, pl;q=0.5", "xx", ""):
        response = anna.get("/tickets/T1", accept_language=wanted)
        titles[wanted] = (response.headers["Content-Language"], json(response, 404)["title"])
    assert [language for language, _title in titles.values()] == ["en", "de", "pl", "pl", "en", "en"]
    assert len(set(titles.values())) == 3


def test_the_language_of_a_cookie_is_not_asked(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    anna.client.cookies["tresen-language"] = "pl"
    assert anna.get("/tickets/T1").headers["Content-Language"] == "en"


def test_a_method_that_is_not_there_is_named_as_such(cast: Cast) -> None:
    response = cast.calls(cast.anna).send("DELETE", "/tickets")
    assert json(response, 405)["type"].endswith("#method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_head_is_get_without_a_body(cast: Cast) -> None:
    ticket = cast.ticket()
    response = cast.calls(cast.anna).send("HEAD", f"/tickets/{ticket.number}")
    seen = cast.calls(cast.anna).get(f"/tickets/{ticket.number}")
    assert (response.status_code, response.headers["ETag"], response.content) == (200, seen.headers["ETag"], b"")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_only_json_is_taken_as_json(cast: Cast, kind: str) -> None:
    response = cast.calls(cast.anna).send("POST", "/tickets", b'{"subject": "x"}', content_type=kind)
    assert json(response, 415)["status"] == 415


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"subject": NaN}',
        b"[" * 20000,
        b'{"subject": "\\ud800"}',
        b"1" * 5000,
    ],
)
def test_a_body_that_is_no_object_is_refused(cast: Cast, body: bytes) -> None:
    assert cast.calls(cast.anna).send("POST", "/tickets", body).status_code == 400


def test_a_body_of_many_megabytes_is_refused(cast: Cast) -> None:
    response = cast.calls(cast.anna).send("POST", "/tickets", b'{"subject": "' + b"x" * (6 * 1024 * 1024) + b'"}')
    assert json(response, 413)["type"].endswith("#too-large")


def test_a_token_that_asks_too_often_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests_of_tokens, "limit", 3)
    anna = cast.calls(cast.anna)
    answers = [anna.get("/tags") for _ in range(4)]
    if answers[3].status_code == 200:  # a minute ended in between
        answers += [anna.get("/tags") for _ in range(3)]
    refused = answers[-1]
    assert json(refused, 429)["type"].endswith("#too-many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert cast.calls(cast.piotr).get("/tags").status_code == 200


def test_a_fault_of_ours_says_nothing_of_itself(cast: Cast) -> None:
    with mock.patch.object(staff.output, "team", side_effect=RuntimeError("secret place")):
        response = cast.calls(cast.anna).get("/teams")
    assert json(response, 500)["status"] == 500
    assert b"secret" not in response.content and b"Traceback" not in response.content


def test_a_database_that_does_not_answer_asks_for_patience(cast: Cast) -> None:
    with mock.patch.object(staff.output, "team", side_effect=OperationalError("database is locked")):
        response = cast.calls(cast.anna).get("/teams")
    assert json(response, 503)["status"] == 503
    assert response.headers["Retry-After"]


def test_answers_are_kept_by_nobody(cast: Cast) -> None:
    response = cast.calls(cast.anna).get("/tickets")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies

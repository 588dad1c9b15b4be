"""R12: sent twice is done once; nobody's save is silently overwritten (P17)."""

from __future__ import annotations

import json as stdlib_json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from tests.cast import TEST, Cast, json, make_cast
from tests.instance import Instance
from tresen.core.people.models import Contact, Organisation
from tresen.core.people.services import update_contact, verify_mail
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.tagging import rename_tag, tags_named
from tresen.faces.api.jobs import sweep_keys
from tresen.faces.api.limits import requests_of_tokens
from tresen.faces.api.models import IdempotentRequest
from tresen.kit import clock

NEW = {"subject": "Printer", "body_text": "It blinks.", "requester": {"email": "nina@shop.example", "name": "Nina"}}
REPLAYED = "Idempotency-Replayed"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    yield make_cast()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_r12_ten_clicks_at_once_make_one_ticket(full_size: bool, round_: int) -> None:
    cast = make_cast()
    cast.token(cast.anna)
    answers: list[Any] = []

    def click() -> None:
        try:
            answers.append(cast.calls(cast.anna).post("/tickets", NEW, idempotency_key=f"click-{round_}"))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(40 if full_size else 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {json(response, 201)["number"] for response in answers}
    assert len(numbers) == 1
    assert sum(REPLAYED not in response.headers for response in answers) == 1
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)
    assert Contact.objects.filter(name="Nina").count() == 1


def test_r12_the_same_request_again_gets_the_same_answer(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    first = anna.post("/tickets", NEW, idempotency_key="k1")
    number = json(first, 201)["number"]
    anna.patch(f"/tickets/{number}", {"subject": "Changed meanwhile"})
    again = anna.post("/tickets", NEW, idempotency_key="k1")
    assert (again.status_code, again.content, again.headers[REPLAYED]) == (201, first.content, "true")
    assert (again.headers["ETag"], again.headers["Location"]) == (first.headers["ETag"], first.headers["Location"])
    assert Ticket.objects.count() == 1


def test_r12_the_same_key_for_something_else_is_refused(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    anna.post("/tickets", NEW, idempotency_key="k1")
    for refused in (
        anna.post("/tickets", {**NEW, "subject": "Other"}, idempotency_key="k1"),
        anna.post("/organisations", {"name": "X"}, idempotency_key="k1"),
        anna.send("POST", "/attachments?filename=a.txt", b"x", idempotency_key="k1"),
    ):
        assert json(refused, 422)["type"].endswith("#key-reused")
    assert (Ticket.objects.count(), Attachment.objects.count()) == (1, 0)


def test_r12_a_key_belongs_to_its_agent(cast: Cast) -> None:
    for agent in (cast.anna, cast.piotr):
        assert REPLAYED not in cast.calls(agent).post("/tickets", NEW, idempotency_key="k1").headers
    assert Ticket.objects.count() == 2


def test_r12_every_kind_of_write_happens_once(cast: Cast) -> None:
    ticket = cast.ticket()
    ada = cast.calls(cast.ada)
    upload = json(ada.send("POST", "/attachments?filename=a.txt", b"hello"), 201)["id"]
    writes: list[tuple[str, str, Any]] = [
        ("POST", f"/tickets/{ticket.number}/messages", {"kind": "reply", "body_text": "Hi", "attachments": [upload]}),
        ("PATCH", f"/tickets/{ticket.number}", {"subject": "New words"}),
        ("POST", f"/tickets/{ticket.number}/assign", {"assignee": "me"}),
        ("POST", "/contacts", {"name": "Nina", "email": "nina@shop.example"}),
        ("PATCH", f"/contacts/{cast.carol.pk}", {"notes": "calls late"}),
        ("POST", "/organisations", {"name": "Wiatrak"}),
        ("PATCH", f"/organisations/{cast.faehrholm.pk}", {"notes": "x"}),
        ("POST", "/teams", {"name": "Field"}),
        ("PATCH", f"/teams/{cast.netz.pk}", {"description": "x"}),
        ("POST", "/attachments?filename=b.txt", b"hello"),
    ]
    for number, (method, path, body) in enumerate(writes):
        first = ada.send(method, path, body, idempotency_key=f"k{number}")
        again = ada.send(method, path, body, idempotency_key=f"k{number}")
        assert first.status_code < 300, (path, first.content)
        assert (again.status_code, again.content, again.headers.get(REPLAYED)) == (
            first.status_code,
            first.content,
            "true",
        )
    assert (Organisation.objects.count(), Attachment.objects.count()) == (3, 2)
    assert ticket.messages.count() == 2


def test_r12_a_request_that_was_refused_can_be_mended_under_its_key(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    assert anna.post("/tickets", {**NEW, "team": "nowhere"}, idempotency_key="k1").status_code == 400
    assert anna.post("/tickets", NEW, idempotency_key="k1").status_code == 201
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "schlüssel"])
def test_r12_a_key_is_plain_and_short(cast: Cast, key: str) -> None:
    response = cast.calls(cast.anna).post("/tickets", NEW, idempotency_key=key)
    assert response.status_code == 400
    assert not Ticket.objects.exists()


def test_r12_a_key_is_kept_for_two_days(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    anna.post("/organisations", {"name": "Wiatrak"}, idempotency_key="k1")
    with time_machine.travel(clock.now() + timedelta(hours=47, minutes=59)):
        sweep_keys()
        assert REPLAYED in anna.post("/organisations", {"name": "Wiatrak"}, idempotency_key="k1").headers
    with time_machine.travel(clock.now() + timedelta(hours=48, minutes=1)):
        assert REPLAYED not in anna.post("/organisations", {"name": "Wiatrak"}, idempotency_key="k1").headers
        sweep_keys()
    assert IdempotentRequest.objects.count() == 1


def test_r12_the_second_save_of_one_version_is_refused_with_both_texts_at_hand(cast: Cast) -> None:
    ticket = cast.ticket()
    anna, ada = cast.calls(cast.anna), cast.calls(cast.ada)
    etags = {caller.get(f"/tickets/{ticket.number}").headers["ETag"] for caller in (anna, ada)}
    (etag,) = etags
    assert (
        anna.patch(f"/tickets/{ticket.number}", {"subject": "anna's", "priority": "high"}, if_match=etag).status_code
        == 200
    )
    refused = ada.patch(f"/tickets/{ticket.number}", {"subject": "ada's"}, if_match=etag)
    current = json(refused, 412)["current"]
    assert (current["subject"], current["priority"], current["version"]) == ("anna's", "high", 2)
    mended = ada.patch(f"/tickets/{ticket.number}", {"subject": "ada's"}, if_match=refused.headers["ETag"])
    body = json(mended, 200)
    assert (body["subject"], body["priority"]) == ("ada's", "high")


@pytest.mark.django_db(transaction=True)
def test_r12_of_two_saves_at_once_one_wins(full_size: bool) -> None:
    cast = make_cast()
    ticket = cast.ticket()
    cast.token(cast.anna)
    for version in range(1, 21 if full_size else 4):
        answers: list[Any] = []

        def save(subject: str, etag: str, answers: list[Any] = answers) -> None:
            try:
                answers.append(
                    cast.calls(cast.anna).patch(f"/tickets/{ticket.number}", {"subject": subject}, if_match=etag)
                )
            finally:
                connection.close()

        threads = [threading.Thread(target=save, args=(f"{version}-{n}", f'"{version}"')) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(response.status_code for response in answers) == [200, 412, 412, 412]
        ticket.refresh_from_db()
        winner = next(json(response) for response in answers if response.status_code == 200)
        assert ticket.subject == winner["subject"]


@pytest.mark.parametrize("place", ["api:before_commit", "api:after_commit"])
def test_r12_a_process_killed_in_the_middle_leaves_one_object(
    new_instance: Callable[..., Instance], place: str
) -> None:
    desk = new_instance(TRESEN_FAULT=f"{place}:kill").prepare()
    assert desk.cli("admin", "create", "--email", "ada@lindhafen.example", "--name", "Ada").returncode == 0
    token = desk.cli("token", "create", "--agent", "ada@lindhafen.example", "--scopes", "write").stdout.strip()
    desk.start()
    with pytest.raises((OSError, urllib.error.URLError)):
        _post(desk, token)  # the web process dies under this request, before or after it is done
    desk.stop()
    desk.environment.pop("TRESEN_FAULT")
    desk.start()
    status, body, replayed = _post(desk, token)
    assert status == 201
    assert replayed == (place == "api:after_commit")
    assert _post(desk, token) == (201, body, True)
    request = urllib.request.Request(f"{desk.url}/api/v1/organisations", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        items = stdlib_json.load(answer)["items"]
    assert [item["name"] for item in items] == ["Wiatrak"]


def _post(desk: Instance, token: str) -> tuple[int, bytes, bool]:
    request = urllib.request.Request(
        f"{desk.url}/api/v1/organisations",
        data=b'{"name": "Wiatrak"}',
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "once"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read(), REPLAYED in answer.headers


def test_r12_an_etag_tells_what_is_shown_and_a_change_needs_the_version_alone(cast: Cast) -> None:
    ticket, anna = cast.ticket(), cast.calls(cast.anna)
    (tag,) = tags_named(["vpn"], by=TEST)
    update_ticket(ticket, by=TEST, set={"tags": [tag]})
    paths = (f"/tickets/{ticket.number}", f"/contacts/{cast.carol.pk}")

    def etags() -> list[str]:
        return [anna.get(path).headers["ETag"] for path in paths]

    changes: list[tuple[Callable[[], object], list[bool]]] = [
        (lambda: rename_tag(tag, name="network", by=TEST), [True, False]),
        (lambda: update_contact(cast.carol, set={"name": "Carola"}, by=TEST), [True, True]),
        (lambda: verify_mail(cast.carol, by=TEST), [False, True]),
    ]
    first = etags()
    for change, shows in changes:
        before = etags()
        change()
        codes = [anna.get(p, if_none_match=e).status_code for p, e in zip(paths, before, strict=True)]
        assert codes == [200 if changed else 304 for changed in shows]
    # Nobody has changed the ticket itself since; the contact somebody has.
    for etag, status in ((first[0], 200), ('"1"', 412), ('W/"3", "4"', 200), ('"0-0"', 412)):
        assert anna.patch(paths[0], {"subject": f"as of {etag}"}, if_match=etag).status_code == status, etag
    assert anna.patch(paths[1], {"name": "C."}, if_match=first[1]).status_code == 412

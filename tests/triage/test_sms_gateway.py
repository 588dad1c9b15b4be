"""The SMS gateway: what is sent there is written by an administrator, checked when saved, and can be tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.apps import apps

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.people.models import Team, User
from tresen.core.people.principals import Principal
from tresen.core.people.teams import update_team
from tresen.core.tickets import operations
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.undoing import undo
from tresen.kit import clock
from tresen.kit.http import client
from tresen.service.oncall.calling import acknowledge
from tresen.service.oncall.gateway import (
    USUAL,
    WrongSecret,
    WrongTemplate,
    body_of,
    check_template,
    needs_number,
    seal_secret,
    shown_of,
)
from tresen.service.oncall.models import Alert, AlertCall, BodyForm, Gateway, Rota
from tresen.service.oncall.services import set_gateway, try_gateway
from tresen.service.oncall.telling import ring
from tresen.service.webhooks.models import Delivery
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

SECRET = "Bearer s3cret-of-the-gateway"


class Taker(BaseHTTPRequestHandler):
    taken: list[tuple[dict[str, str], str]] = []
    status = 202

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.status)
        self.end_headers()
        said = self.headers.get("Authorization", "")
        self.wfile.write(f"queued <b>1</b> for {said.removeprefix('Bearer ')}".encode())

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[str]:
    """A gateway on loopback, which the administrator has opened."""
    Taker.taken, Taker.status = [], 202
    settings.OUTBOUND_ALLOW = ["127.0.0.1/32"]
    server = HTTPServer(("127.0.0.1", 0), Taker)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sms"
    server.shutdown()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What calls say by mail."""
    texts: list[str] = []
    monkeypatch.setattr("tresen.service.oncall.telling.send_account_mail", lambda **mail: texts.append(mail["text"]))
    return texts


def called(cast: Cast) -> Ticket:
    """A new ticket for the team on call."""
    ticket = cast.ticket(team=cast.orders)
    drain("default")
    return ticket


def test_a_call_goes_through_the_gateway_with_number_and_way(cast: Cast, rota: Rota, gateway: str) -> None:
    numbers = {str(cast.piotr.pk): "+49 (0)40 1"}
    set_gateway(url=gateway, header="Authorization", secret=SECRET, numbers=numbers, by=TEST)
    assert "s3cret" not in Gateway.objects.get().sealed
    ticket = called(cast)
    ring(AlertCall.objects.get().pk)
    head, said = Taker.taken[-1]
    body = json.loads(said)
    assert (head["authorization"], head["content-type"]) == (SECRET, "application/json")
    assert (body["to"], body["ticket"]) == ("+49401", ticket.number)
    assert f"/desk/alerts/{Alert.objects.get().pk}/" in body["text"]


def test_a_call_that_waits_to_be_tried_again_does_not_leave_once_the_ticket_has_left(
    cast: Cast, rota: Rota, gateway: str, sent: list[str]
) -> None:
    set_gateway(url=gateway, numbers={str(cast.piotr.pk): "+49401"}, by=TEST)
    ticket, by = cast.ticket(), Actor.agent(cast.anna)
    operation = operations.start("change", agent=cast.anna)
    update_ticket(ticket, by=by, set={"team": cast.orders}, operation=operation)
    Taker.status = 503
    drain("default")
    assert Taker.taken == [], "what may take long has a queue of its own"
    drain("calls-out")
    assert len(Taker.taken) == 1
    cast.anna.teams.add(cast.orders)
    undo(operation, by=by, principal=Principal.of_agent(cast.anna))
    assert Job.objects.filter(name="oncall.ring").update(run_at=clock.now()) == 1
    drain("default", "calls-out", "mail-out")
    assert len(Taker.taken) == 1 and sent == [] and not Job.objects.filter(name="oncall.ring").exists()


def test_many_tickets_at_once_are_one_call_until_somebody_has_it_or_its_minutes_are_over(
    cast: Cast, rota: Rota, gateway: str, sent: list[str], time_machine: Any
) -> None:
    set_gateway(url=gateway, numbers={str(cast.piotr.pk): "+49401"}, by=TEST)
    tickets = [cast.ticket(f"Till {n}", team=cast.orders) for n in range(12)]
    drain("default")
    drain("calls-out", "mail-out")
    assert AlertCall.objects.count() == 12 and len(Taker.taken) == len(sent) == 1
    assert "and 11 more tickets need you" in Taker.taken[0][1] and "11 more tickets of Nights wait" in sent[0]
    first, second = Alert.objects.order_by("pk")[:2]
    piotr = cast.browser(cast.piotr)
    shown = piotr.post(f"/desk/alerts/{first.pk}/", follow=True).content.decode()
    assert "11 more tickets of this rota wait for your word." in shown
    assert list(Ticket.objects.exclude(assignee=None)) == [tickets[0]], "each stays one to be acknowledged"
    shown = piotr.get(f"/desk/alerts/{second.pk}/").content.decode()
    assert "10 more tickets of this rota" in shown and "Till 11" in shown and "Till 0<" not in shown
    assert "nothing rings besides" in piotr.get(f"/desk/tickets/{tickets[1].number}/").content.decode()
    called(cast)  # another one after he has said that he has the first
    assert Job.objects.filter(name="oncall.ring").count() == 1
    time_machine.move_to(clock.now() + timedelta(minutes=rota.ack_minutes, seconds=1))
    Job.objects.filter(name="oncall.ring").delete()
    drain("default")
    assert Job.objects.filter(name="oncall.ring").count() == 1 and AlertCall.objects.count() == 13 + 12


def test_a_ticket_that_joined_a_call_rings_in_its_place_when_that_ends_before_it_leaves(
    cast: Cast, rota: Rota, gateway: str, sent: list[str]
) -> None:
    set_gateway(url=gateway, numbers={str(cast.piotr.pk): "+49401"}, by=TEST)
    first, second = cast.ticket(team=cast.orders), cast.ticket(team=cast.orders)
    drain("default")
    update_ticket(first, by=TEST, set={"team": cast.netz})
    drain("calls-out", "mail-out")
    assert [json.loads(said)["ticket"] for _head, said in Taker.taken] == [second.number] and len(sent) == 1


def test_what_a_call_counts_stands_behind_its_link(cast: Cast, rota: Rota, gateway: str) -> None:
    set_gateway(url=gateway, numbers={str(cast.piotr.pk): "+49401"}, by=TEST)
    called(cast)
    cast.ticket("Till", team=cast.orders)  # he is not called for it yet
    call = AlertCall.objects.get()
    ring(call.pk)
    assert "and 1 more ticket need" in Taker.taken[0][1]
    unseen = update_team(Team.objects.create(name="Stock", slug="stock"), set={"level": 2}, by=TEST)
    cast.ticket("Secret", team=unseen)
    page, piotr = f"/desk/alerts/{call.alert_id}/", cast.browser(cast.piotr)
    shown = piotr.get(page).content.decode()
    assert "1 more ticket of this rota" in shown and "Till" in shown and "Secret" not in shown
    assert "1 more ticket of this rota" in piotr.post(page, follow=True).content.decode()


def test_a_form_is_filled_in_field_by_field_and_nothing_breaks_out(cast: Cast, rota: Rota, gateway: str) -> None:
    User.objects.filter(pk=cast.piotr.user_id).update(name='Piotr "&To=1" {{link}}')
    numbers = {str(cast.piotr.pk): "+49401"}
    set_gateway(url=gateway, form="form", template="To={{to}}\nBody={{name}}: {{text}}", numbers=numbers, by=TEST)
    called(cast)
    ring(AlertCall.objects.get().pk)
    head, said = Taker.taken[-1]
    fields = parse_qs(said)
    assert head["content-type"] == "application/x-www-form-urlencoded" and "authorization" not in head
    assert fields["To"] == ["+49401"] and fields["Body"][0].startswith('Piotr "&To=1" {{link}}: On call')
    kind, body = body_of("json", '{"a": ["{{name}}", 1], "{{to}}": null}', {"name": '"}', "to": "1"})
    assert (kind, json.loads(body)) == ("application/json", {"a": ['"}', 1], "{{to}}": None})


def test_whoever_has_no_number_is_called_by_mail_and_bell_alone(cast: Cast, rota: Rota, gateway: str) -> None:
    set_gateway(url=gateway, numbers={}, by=TEST)
    called(cast)
    ring(AlertCall.objects.get().pk)
    assert Taker.taken == []
    told, page = "so no telephone rings: Piotr Wieczorek", f"/settings/on-call/{rota.pk}/"
    assert told in words(tree(cast.browser(cast.ada).get(page)).css_first("main"))
    set_gateway(url=gateway, template='{"body": "{{text}}"}', numbers={}, by=TEST)
    assert told not in words(tree(cast.browser(cast.ada).get(page)).css_first("main"))
    ring(AlertCall.objects.get().pk)
    assert len(Taker.taken) == 1


@pytest.mark.parametrize(
    ("form", "template", "why"), [
        ("json", '{"a": {{text}}}', "json"), ("json", "[" * 1990 + "]", "json"), ("json", '{"a": "{{text', "json"),
        ("json", '{"a": "{{text}} {{secret}}"}', "names"), ("json", '{"a": "{{ text.__class__ }}"}', "names"),
        ("json", '{"to": "{{to}}"}', "silent"), ("form", "to", "line"), ("form", "=x", "line"), ("form", " ", "empty"),
        ("form", "a={{text}}" + "x" * 2000, "empty"), ("json", '{"\\ud800": "x", "t": "{{text}}"}', "unsent"),
        ("json", "[" * 400 + '"{{text}}"' + "]" * 400, "unsent"), ("json", '["{{text}}", NaN]', "unsent"),
        ("json", '["{{text}}", 1e999]', "unsent"), ("json", '{"{{text}}": "x"}', "silent"),
        ("form", "{{text}}=x", "silent"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_filled_in_is_refused(form: str, template: str, why: str) -> None:
    with pytest.raises(WrongTemplate) as refused:
        check_template(form, template)
    assert refused.value.why == why


def test_a_secret_stays_with_the_server_for_which_it_was_entered(cast: Cast, gateway: str) -> None:
    given: dict[str, Any] = {"header": "X-Api-Key", "numbers": {}, "by": TEST}
    for why, more in (
        ("needed", {}), ("header", {"header": "Host", "secret": "a"}), ("header", {"header": "X Y", "secret": "a"}),
        ("secret", {"secret": "a\r\nX: b"}),
    ):  # fmt: skip
        with pytest.raises(WrongSecret) as refused:
            set_gateway(url=gateway, **given | more)
        assert refused.value.why == why
    set_gateway(url=gateway, secret="s3cret", **given)
    assert set_gateway(url=f"{gateway}/v2", **given).sealed
    with pytest.raises(WrongSecret):
        set_gateway(url="https://other.example/sms", **given)
    assert not set_gateway(url="https://other.example/sms", **given | {"header": ""}).sealed


def test_it_is_set_up_explained_and_tried_in_the_settings(
    cast: Cast, rota: Rota, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "is_public", lambda _address: True)
    ada, page, piotr = cast.browser(cast.ada), "/settings/on-call/gateway/", f"n-{cast.piotr.pk}"
    typed = {"url": gateway, "form": "json", "template": '{"n": "{{to}}", "t": "{{tex}}"}', piotr: "+49 40 1"}
    refused = ada.post(page, typed)
    assert refused.status_code == 422 and "There is nothing of that name: {{tex}}" in refused.content.decode()
    typed |= {"template": '{"n": "{{to}}", "t": "{{text}}"}', "header": "Authorization"}
    assert "it stays only with the server" in ada.post(page, typed).content.decode()
    assert ada.post(page, typed | {"secret": SECRET}).status_code == 302
    shown = ada.get(page).content.decode()
    assert "A secret is kept" in shown and "s3cret" not in shown and "&quot;n&quot;: &quot;+49401&quot;" in shown
    for status, told in ((202, "taken: 202"), (401, "refused: 401")):
        Taker.status = status
        assert ada.post(f"{page}trial/", {"agent": cast.piotr.pk}).status_code == 302
        assert "on its way" in ada.get(page).content.decode()
        drain("calls-out")
        shown = ada.get(page).content.decode()
        assert told in shown and "queued &lt;b&gt;1&lt;/b&gt; for •••" in shown and "s3cret" not in shown
    tried = Event.objects.filter(kind="oncall.gateway_tried", actor_id=cast.ada.pk)
    assert [event.changes for event in tried] == [{"agent": cast.piotr.pk}] * 2
    assert json.loads(Taker.taken[-1][1])["n"] == "+49401" and "A trial" in Taker.taken[-1][1]
    Gateway.objects.update(url="http://127.0.0.1:9/")
    ada.post(f"{page}trial/", {"agent": cast.piotr.pk})
    drain("calls-out")
    assert "not reached" in ada.get(page).content.decode()
    assert ada.post(f"{page}trial/", {"agent": cast.anna.pk}).status_code == 404, "nobody who can be called"


def test_of_a_server_inside_a_trial_shows_the_status_alone_and_runs_once(cast: Cast, rota: Rota, gateway: str) -> None:
    ada, page = cast.browser(cast.ada), "/settings/on-call/gateway/"
    set_gateway(url=gateway, numbers={str(cast.piotr.pk): "+49401"}, by=TEST)
    for _click in range(2):
        assert ada.post(f"{page}trial/", {"agent": cast.piotr.pk}).status_code == 302
    assert "A trial is on its way already" in ada.get(page).content.decode()
    Gateway.objects.update(tried_at=clock.now() - timedelta(seconds=31))
    assert try_gateway(cast.piotr, by=TEST), "the first is late"
    drain("calls-out")
    assert len(Taker.taken) == 1 and Event.objects.filter(kind="oncall.gateway_tried").count() == 2
    row = Gateway.objects.get()
    assert (row.trial_status, row.trial_said) == (202, "")


def test_a_late_trial_leaves_no_more_once_another_has_begun(cast: Cast, rota: Rota, gateway: str) -> None:
    set_gateway(url=gateway, numbers={str(cast.piotr.pk): "+49401", str(cast.ada.pk): "+49402"}, by=TEST)
    assert try_gateway(cast.piotr, by=TEST)
    Gateway.objects.update(tried_at=clock.now() - timedelta(seconds=31))
    assert try_gateway(cast.ada, by=TEST)
    drain("calls-out")
    assert [json.loads(said)["to"] for _head, said in Taker.taken] == ["+49402"]
    assert Gateway.objects.get().trial_status == 202


@pytest.mark.parametrize(
    "said", [
        r"a/b+ S3\cret", r"a\/b+ S3\\cret", "a%2Fb%2b+S3%5ccret", r"\u0061/b\u002B S3\\cret",
        "&#97;&#x2F;b+ S3&#092;cret",
    ],
)  # fmt: skip
def test_a_secret_that_comes_back_in_another_spelling_is_masked(db: None, said: str) -> None:
    row = Gateway(url="https://sms.example/", sealed=seal_secret("https://sms.example/", r"a/b+ S3\cret"))
    assert shown_of(f"<{said}>".encode(), row) == "<•••>"


def test_it_is_switched_off_by_an_empty_address_and_forgets_its_secret(cast: Cast, rota: Rota, gateway: str) -> None:
    ada, page, header = cast.browser(cast.ada), "/settings/on-call/gateway/", {"header": "X-Api-Key"}
    set_gateway(url=gateway, secret=SECRET, **header, numbers={}, by=TEST)
    answer = ada.post(page, {"url": "", "form": "json"} | header)
    assert answer.status_code == 302 and answer.wsgi_request.sensitive_post_parameters == ("secret",)
    row = Gateway.objects.get()
    assert (row.url, row.sealed, row.header) == ("", "", "X-Api-Key")
    assert ada.post(page, {"url": gateway, "form": "json"} | header).status_code == 422, "the secret is asked for anew"


def test_numbers_of_whoever_is_not_on_the_page_stay_and_two_who_save_lose_nothing(
    cast: Cast, rota: Rota, gateway: str
) -> None:
    ada, page, piotr, anna = cast.browser(cast.ada), "/settings/on-call/gateway/", str(cast.piotr.pk), str(cast.anna.pk)
    set_gateway(url=gateway, numbers={piotr: "+49 40 1", anna: "+49 40 2", "0": "+49 40 3"}, by=TEST)
    opened = tree(ada.get(page))
    assert opened.css_first(f"[name=n-{anna}]").attributes["value"] == "+49 40 2", "in no rota, but there is a number"
    sent = {field.attributes["name"]: field.attributes.get("value") or "" for field in opened.css("main input[name]")}
    sent |= {"form": "json", "template": USUAL[BodyForm.JSON]}
    set_gateway(url=gateway, numbers={piotr: "+49 40 9"}, by=TEST)
    refused = ada.post(page, sent | {f"n-{anna}": ""})
    assert refused.status_code == 409 and "has set this to “+49 40 9” meanwhile" in refused.content.decode()
    assert Gateway.objects.get().numbers == {piotr: "+49 40 9", anna: "+49 40 2", "0": "+49 40 3"}
    sent["mark"] = tree(refused).css_first("[name=mark]").attributes["value"] or ""
    assert ada.post(page, sent | {f"n-{anna}": ""}).status_code == 302
    assert Gateway.objects.get().numbers == {piotr: "+49 40 1", "0": "+49 40 3"}


def test_a_gateway_of_before_goes_on_to_ring_for_whoever_it_rang(db: None) -> None:
    upgrade = import_module("tresen.service.oncall.migrations.0002_sms_gateway")
    for numbers in ({}, {"1": "+49401"}):
        Gateway.objects.all().delete()
        Gateway.objects.create(url="https://sms.example/in", numbers=numbers)
        upgrade.say_it_as_before(apps, None)
        row = Gateway.objects.get()
        check_template(row.form, row.template)
        assert needs_number(row) == bool(numbers)


def test_other_systems_hear_of_calls_by_webhooks(cast: Cast, rota: Rota) -> None:
    kinds = ["oncall.called", "oncall.acknowledged"]
    create_endpoint(set={"name": "Pager", "url": "https://hooks.example/in", "kinds": kinds}, by=TEST)
    ticket = called(cast)
    acknowledge(Alert.objects.get(), agent=cast.piotr, by=Actor.agent(cast.piotr))
    said = [(call.kind, json.loads(call.body)["data"]) for call in Delivery.objects.order_by("pk")]
    assert [kind for kind, _data in said] == kinds
    assert all(data["ticket"] == ticket.number and data["alert"] == Alert.objects.get().pk for _kind, data in said)
    assert said[0][1]["rota"] == "Nights" and "Piotr" not in str(said)

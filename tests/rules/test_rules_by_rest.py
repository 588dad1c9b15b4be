"""/rules, /webhooks to read and to write; levels, rotas, recurring tickets, procedures and proposals to read."""

from __future__ import annotations

from datetime import date, time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Caller, Cast, json
from tests.rules.conftest import NewRule
from tresen.core.people.teams import update_team
from tresen.core.tickets.categories import create_category
from tresen.kit import clock
from tresen.service.learning.models import Proposal
from tresen.service.oncall.services import add_layer, create_rota
from tresen.service.procedures.services import create_procedure
from tresen.service.recurring.services import create_recurring
from tresen.service.rules.models import Rule
from tresen.service.webhooks.models import Endpoint
from tresen.service.webhooks.services import create_endpoint, secrets_of


def test_administrators_read_rules_and_webhooks_and_no_secret(cast: Cast, rule: NewRule) -> None:
    rule("Up", "created", "vpn", priority=4)
    create_endpoint(set={"name": "Other", "url": "https://hooks.example/in", "kinds": ["ticket.created"]}, by=TEST)
    anna, ada = cast.calls(cast.anna), cast.calls(cast.ada)
    assert [anna.get(path).status_code for path in ("/rules", "/webhooks")] == [403, 403]
    (told,) = json(ada.get("/rules"), 200)["items"]
    assert told["condition"] == "vpn" and told["actions"] == [{"do": "priority", "value": "4"}] and told["version"] == 1
    (said,) = json(ada.get("/webhooks"), 200)["items"]
    assert said["url"] == "https://hooks.example/in" and not {"secret", "old_secret"} & said.keys()


def test_a_rule_is_made_and_changed_and_what_is_wrong_is_named(cast: Cast) -> None:
    ada = cast.calls(cast.ada)
    body = {"name": "VPN", "triggers": ["created"], "condition": "vpn", "team": cast.netz.pk, "brand": cast.brand.pk,
            "actions": [{"do": "priority", "value": "4"}, {"do": "add_tags", "value": ["vpn"]}]}  # fmt: skip
    made = ada.post("/rules", body, Idempotency_Key="one")
    told = json(made, 201)
    assert made.headers["Location"] == f"/api/v1/rules/{told['id']}" and not told["active"] and told["version"] == 1
    assert json(ada.post("/rules", body, Idempotency_Key="one"), 201)["id"] == told["id"] and Rule.objects.count() == 1
    assert json(ada.post("/rules", body), 409)["type"].endswith("#conflict")
    path = f"/rules/{told['id']}"
    etag = ada.get(path).headers["ETag"]
    changed = json(ada.patch(path, {"active": True, "team": None}, if_match=etag), 200)
    assert changed["active"] and changed["team"] is None and changed["version"] == 2
    assert json(ada.patch(path, {"name": "Other"}, if_match=etag), 412)["current"]["version"] == 2
    by_time = json(ada.patch(path, {"since": "created", "minutes": 60}), 200)
    assert (by_time["triggers"], by_time["since"], by_time["minutes"]) == ([], "created", 60)
    back = json(ada.patch(path, {"triggers": ["customer"]}), 200)
    assert (back["triggers"], back["since"], back["minutes"]) == (["customer"], None, None)
    for wrong, field in (
        ({"condition": "priority>=hgh"}, "condition"), ({"condition": "assignee:me"}, "condition"),
        ({"triggers": ["never"]}, "triggers.0"), ({"triggers": []}, "triggers"), ({"team": 999}, "team"),
        ({"actions": []}, "actions.0.do"), ({"actions": [{"do": "fly"}]}, "actions.0.do"),
        ({"actions": [{"do": "priority", "value": "9"}]}, "actions.0.value"),
        ({"actions": [{"do": "priority", "value": "4", "pk": 1}]}, "actions.0.pk"),
        ({"stopped_why": ""}, "stopped_why"),
        ({"minutes": 0}, "minutes"), ({"is_active": True}, "is_active"), ({"version": 9}, "version"),
    ):  # fmt: skip
        errors = json(ada.patch(path, wrong), 400)["errors"]
        assert [error["field"] for error in errors] == [field], wrong
    anna = cast.calls(cast.anna)
    assert anna.post("/rules", body).status_code == 403
    assert [anna.get(path).status_code, anna.patch(path, {"name": "x"}).status_code] == [404, 404]


def test_a_webhook_is_made_and_changed_and_its_secret_stays_inside(cast: Cast) -> None:
    ada = cast.calls(cast.ada)
    body = {"name": "Wall", "url": "https://hooks.example/in", "kinds": ["ticket.created"]}
    told = json(ada.post("/webhooks", body), 201)
    secrets = secrets_of(Endpoint.objects.get())
    assert set(told) == {"id", "name", "url", "active", "kinds", "failing_since", "stopped_why"}
    path = f"/webhooks/{told['id']}"
    assert json(ada.patch(path, {"active": False, "kinds": []}), 200)["active"] is False
    for wrong, field in (
        ({"url": "http://hooks.example/"}, "url"), ({"url": "https://127.0.0.1/"}, "url"),
        ({"kinds": ["x"]}, "kinds.0"), ({"secret": "x"}, "secret"), ({"sealed": "x"}, "sealed"),
        ({"name": " "}, "name"),
    ):  # fmt: skip
        assert json(ada.patch(path, wrong), 400)["errors"][0]["field"] == field, wrong
    assert secrets_of(Endpoint.objects.get()) == secrets
    assert all(secret not in ada.get(path).content.decode() for secret in secrets)
    anna = cast.calls(cast.anna)
    assert [anna.post("/webhooks", body).status_code, anna.get(path).status_code] == [403, 404]


def _asked(calls: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert calls.get(path).status_code == 200
    return len(found)


def test_how_the_desk_is_arranged_can_be_read(cast: Cast) -> None:
    update_team(cast.orders, set={"level": 2}, by=TEST)
    rota = create_rota(set={"name": "Nights", "level": 2, "keeper": cast.ada}, by=TEST)
    add_layer(rota, by=TEST, set={"rank": 1, "people": [cast.piotr.pk], "starts_on": date(2020, 1, 1), "days": 7,
                                  "hands_over_at": time(9), "timezone": "UTC"})  # fmt: skip
    category = create_category(names={"en": "Network"}, by=TEST)
    comes_daily = {"name": "Backups", "subject": "Look", "text": "Look.", "frequency": "daily"}
    whose = {"requester": cast.carol, "brand": cast.brand, "starts_on": date(2020, 1, 1)}
    create_recurring(set={**comes_daily, **whose}, by=TEST)
    step = {
        "ask": "Is it plugged in?",
        "hint": "",
        "ways": [{"label": "Yes", "go": "handed"}, {"label": "No", "go": "solved"}],
    }
    create_procedure(name="VPN", category=category, steps=[step], is_active=True, by=TEST)  # type: ignore[list-item]
    ticket = cast.ticket()
    Proposal.objects.create(
        ticket=ticket, field="priority", value="4", confidence=0.91, words=["vpn"], made_at=clock.now()
    )
    ada, anna = cast.calls(cast.ada), cast.calls(cast.anna)
    assert [row["teams"] for row in json(anna.get("/levels"), 200)["items"]][:2] == [[cast.netz.pk], [cast.orders.pk]]
    (told,) = json(ada.get("/rotas"), 200)["items"]
    assert (told["on_call"], told["holes"], told["layers"][0]["people"]) == ([cast.piotr.pk], [], [cast.piotr.pk])
    (comes,) = json(ada.get("/recurring"), 200)["items"]
    assert (comes["name"], comes["holes"], comes["fault"]) == ("Backups", [], None)
    (guide,) = json(anna.get("/procedures"), 200)["items"]
    assert (guide["category"], guide["steps"], guide["begun"]) == (category.slug, [step], 0)
    (proposal,) = json(anna.get(f"/tickets/{ticket.number}/proposals"), 200)["items"]
    assert (proposal["field"], proposal["confidence"], proposal["state"]) == ("priority", 0.91, "open")
    assert [anna.get(path).status_code for path in ("/rotas", "/recurring")] == [403, 403]
    before = [_asked(ada, path) for path in ("/rotas", "/recurring")]
    for n in range(3):
        create_rota(set={"name": f"R{n}", "level": 2, "keeper": cast.ada}, by=TEST)
        create_recurring(set={**comes_daily, **whose, "name": f"B{n}"}, by=TEST)
    assert [_asked(ada, path) for path in ("/rotas", "/recurring")] == before, "none for each"
    assert cast.calls(cast.piotr).get(f"/tickets/{ticket.number}/proposals").status_code == 404

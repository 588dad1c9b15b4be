"""Settings, rules: put together line by line, ordered, switched, compared, and what they did."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.rules.conftest import NewRule
from tresen.core.tickets.services import update_ticket
from tresen.faces.desk.rules.reading import looks_at
from tresen.kit.fingerprint import fingerprint
from tresen.service.rules.jobs import sweep
from tresen.service.rules.models import Rule, RuleLook, RuleRun
from tresen.service.rules.services import change_rule, rule_values
from tresen.spine.events.models import Event


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.browser(cast.ada)


@pytest.fixture
def typed(cast: Cast) -> dict[str, Any]:
    return {
        "name": "Network first", "when": "events", "triggers": ["created", "customer"], "unit": "h", "since": "created",
        "condition": "vpn priority<urgent", "is_active": "on", "actions": "2", "a-0-do": "team",
        "a-0-value": str(cast.netz.pk), "a-1-do": "add_tags", "a-1-value": "vpn, home",
    }  # fmt: skip


def test_a_rule_is_put_together_saved_and_works(ada: Client, cast: Cast, typed: dict[str, Any]) -> None:
    assert ada.get("/settings/rules/").status_code == 200
    assert ada.get("/settings/rules/new/").status_code == 200
    page = ada.post("/settings/rules/new/", {**typed, "new": "note", "add": "1"}).content.decode()
    assert "a-2-text" in page and "vpn, home" in page and not Rule.objects.exists()
    page = ada.post("/settings/rules/new/", {**typed, "up": "1"}).content.decode()
    assert page.index('value="add_tags"') < page.index('name="a-1-do" value="team"')
    answer = ada.post("/settings/rules/new/", typed)
    made = Rule.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/settings/rules/{made.pk}/")
    assert made.actions == [
        {"do": "team", "value": str(cast.netz.pk)}, {"do": "add_tags", "value": ["vpn", "home"]},
    ]  # fmt: skip
    shown = ada.get("/settings/rules/").content.decode()
    assert "Team: Netz · Add tags: vpn, home" in shown and "a ticket was made, the customer wrote" in shown
    ticket = cast.ticket(team=None)
    assert Event.objects.get(kind="ticket.changed").actor_name == "Network first"
    log = ada.get(f"/settings/rules/{made.pk}/log/").content.decode()
    assert ticket.shown_number in log and "Team, Add tags" in log
    on_ticket = cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/rules/").content.decode()
    assert "Network first" in on_ticket and "1 rule looked" in on_ticket
    assert cast.browser(cast.piotr).get(f"/desk/tickets/{ticket.number}/rules/").status_code == 404
    assert "Rule “Network first”" in cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/").content.decode()


def test_what_rules_did_on_a_ticket_outlives_who_looked(cast: Cast, rule: NewRule, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02 08:00Z", tick=False)
    rule("First", "created", "vpn", priority=3)
    rule("Other", "created", "printer", priority=1)
    ticket, calm = cast.ticket(), cast.ticket("Paper", "Toner")
    path, words = f"/desk/tickets/{ticket.number}/rules/", "Who else looked is no longer kept"
    assert "No rule has looked at this ticket." not in (page := rules_page(cast, path)) and words not in page
    time_machine.move_to("2026-04-06 08:00Z", tick=False)
    sweep()
    assert not RuleLook.objects.exists()
    page = rules_page(cast, path)
    assert "First" in page and "Priority" in page and words in page
    assert "What rules did is kept for 400 days, which of them looked for 30." in page
    assert "No rule has done anything on this ticket" in rules_page(cast, f"/desk/tickets/{calm.number}/rules/")
    with CaptureQueriesContext(connection) as queries:
        looks_at(ticket)
    assert len(queries) == 2  # whose names are asked for, too, where there are looks
    change_rule(Rule.objects.get(name="First"), set={"triggers": ["created", "changed"]}, by=TEST)
    for n in range(32):
        update_ticket(ticket, by=TEST, set={"subject": f"VPN {n}"})
    assert "Only the newest are shown here" in rules_page(cast, path)


def test_what_many_rules_did_is_told_of_every_event_that_is_shown(cast: Cast, rule: NewRule) -> None:
    first, ticket = rule("First", "created", "nothing-so", priority=3), cast.ticket()
    update_ticket(ticket, by=TEST, set={"subject": "VPN again"})
    created, changed = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("pk")[:2]
    for event, many in ((created, 1), (changed, 301)):
        RuleRun.objects.bulk_create(
            RuleRun(rule=first, version=1, ticket=ticket, event=event, root=event.pk * 1000 + n, outcome="changed",
                    did=["priority"], at=event.at) for n in range(many)
        )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        newest, oldest = looks_at(ticket)
    assert (len(newest.runs), len(oldest.runs), len(queries)) == (301, 1, 3)


def rules_page(cast: Cast, path: str) -> str:
    return cast.browser(cast.anna).get(path).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"condition": "priority>=hgh"}, "Did you mean"), ({"condition": "assignee:me"}, "A rule is nobody"),
        ({"triggers": []}, "Choose at least one"), ({"when": "time"}, "Say how long"),
        ({"when": "time", "amount": "2", "since": ""}, "Choose at least one"),
        ({"a-0-do": "snooze", "a-0-hours": "9" * 5000}, "That value is not possible"),
        ({"when": "time", "amount": "367", "unit": "d"}, "up to a year"), ({"actions": "0"}, "what the rule is to do"),
        ({"a-0-value": "999"}, "That value is not possible"), ({"name": "Silver"}, "already a rule"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    ada: Client, rule: NewRule, typed: dict[str, Any], wrong: dict[str, Any], told: str
) -> None:
    rule("Silver", "created", priority=4)
    answer = ada.post("/settings/rules/new/", {**typed, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page
    assert "actions" in wrong or "vpn, home" in page
    assert Rule.objects.count() == 1


def test_numbers_beyond_measure_are_none(ada: Client, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("actions", "remove", "up"):
        assert ada.post("/settings/rules/new/", {**typed, name: "9" * 5000}).status_code in (302, 422)
    monkeypatch.setattr("tresen.service.rules.services.MOST_RULES", 1)
    answer = ada.post("/settings/rules/new/", {**typed, "name": "Another"})
    assert answer.status_code == 422 and "two thousand" in answer.content.decode()
    assert ada.post("/settings/rules/gallery/", {"slug": "vip"})["Location"] == "/settings/rules/"


def test_the_list_asks_as_much_for_many_rules_as_for_one(ada: Client, cast: Cast, rule: NewRule) -> None:
    asked = []
    for n in range(6):
        rule(f"R{n}", "created", "team:netz status:new", status="waiting", team=cast.netz.pk)
        with CaptureQueriesContext(connection) as queries:
            ada.get("/settings/rules/")
        asked.append(len(queries))
    assert asked[1] == asked[5]


def test_nobody_overwrites_in_silence_and_every_version_can_come_back(ada: Client, rule: NewRule, typed: Any) -> None:
    made = rule("Network first", "created", "vpn", priority=3)
    mark = fingerprint(rule_values(made))
    change_rule(made, set={"condition": "vpn home", "actions": [{"do": "priority", "value": "4"}]}, by=TEST)
    answer = ada.post(f"/settings/rules/{made.pk}/", {**typed, "mark": mark})
    assert answer.status_code == 409 and "“vpn home” meanwhile" in answer.content.decode()
    page = ada.get(f"/settings/rules/{made.pk}/versions/").content.decode()
    assert "<ins>vpn home</ins>" in page and "Return to version 1" in page
    assert ada.post(f"/settings/rules/{made.pk}/versions/", {"number": "1"}).status_code == 302
    made.refresh_from_db()
    assert (made.condition, made.actions, made.version) == ("vpn", [{"do": "priority", "value": "3"}], 3)
    assert ada.post(f"/settings/rules/{made.pk}/versions/", {"number": "9"}).status_code == 404


def test_rules_are_ordered_step_by_step_or_all_at_once_switched_and_deleted(
    ada: Client, cast: Cast, rule: NewRule
) -> None:
    first, second, third = (rule(name, "created", priority=n) for n, name in enumerate("ABC", 1))
    ada.post("/settings/rules/order/", {"up": str(third.pk)})
    assert list(Rule.objects.values_list("name", flat=True)) == ["A", "C", "B"]
    ada.post("/settings/rules/order/", {"slug": [str(second.pk), str(first.pk), "nobody"]})
    assert list(Rule.objects.values_list("name", flat=True)) == ["B", "A", "C"]
    cast.ticket()
    assert [run.rule.name for run in RuleRun.objects.order_by("pk")] == ["B", "A", "C"]
    ada.post(f"/settings/rules/{first.pk}/switch/", {"to": "off"})
    first.refresh_from_db()
    assert not first.is_active and first.version == 1
    assert ada.get(f"/settings/rules/{first.pk}/delete/").status_code == 200
    ada.post(f"/settings/rules/{first.pk}/delete/")
    assert not Rule.objects.filter(pk=first.pk).exists()


def test_a_rule_that_names_what_is_gone_says_so_and_is_not_switched_on(ada: Client, cast: Cast, rule: NewRule) -> None:
    made = rule("Orders", "created", "team:orders", priority=4)
    change_rule(made, set={"is_active": False}, by=TEST)
    cast.orders.delete()
    assert "knows no “orders”" in ada.get("/settings/rules/").content.decode()
    answer = ada.post(f"/settings/rules/{made.pk}/switch/", {"to": "on"})
    assert answer["Location"] == f"/settings/rules/{made.pk}/"
    made.refresh_from_db()
    assert not made.is_active

"""The laboratory: a rule tried on what was says what then happens, and changes nothing; the gallery works as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import translation

from tests.cast import TEST, Cast
from tests.rules.conftest import NewRule
from tresen.channels.mail.limits import change_limits
from tresen.core.people.teams import update_team
from tresen.core.teamwork.templates import create_template
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import add_received, update_ticket
from tresen.core.tickets.tagging import tags_named
from tresen.kit import clock
from tresen.service.rules.compiling import Compiled
from tresen.service.rules.due import act_on_due
from tresen.service.rules.gallery import GALLERY
from tresen.service.rules.models import Rule, RuleRun, RuleTrial
from tresen.service.rules.services import change_rule, create_rule
from tresen.service.rules.trials import start_trial
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.jobs.worker import drain

NOT_COUNTED = {"RuleTrial", "Job", "Schedule"}


def story(cast: Cast) -> None:
    """Some tickets and what happens to them, always the same."""
    waiting = Status.objects.get(slug="waiting")
    for n, (subject, text) in enumerate([("VPN", "The VPN is down"), ("Order", "A new screen"), ("Mail", "No mail")]):
        ticket = cast.ticket(subject, text, team=(None, cast.netz, cast.orders)[n])
        tags = tags_named(["old"], by=TEST)
        update_ticket(ticket, by=TEST, set={"priority": 3, "fields": {"rack": 1}, "tags": tags})
        update_ticket(ticket, by=TEST, set={"status": waiting, "assignee": cast.anna})
        add_received(ticket, by=TEST, contact=cast.carol, content=Content("Is the vpn up?"), channel=Channel.MAIL,
                     trust=Trust.CLAIMED)  # fmt: skip
        update_ticket(ticket, by=TEST, set={
            "priority": 2, "subject": f"{subject} again", "fields": {"rack": 2},
        })  # fmt: skip
        add_received(ticket, by=TEST, contact=cast.carol, content=Content("And now?"), channel=Channel.MAIL,
                     trust=Trust.CLAIMED)  # fmt: skip


def assert_foreseen(rule: Rule, runs: Sequence[RuleRun]) -> None:
    """What the laboratory foresaw is what the runs say; there are some, and none of them went wrong."""
    found = RuleTrial.objects.get(rule=rule).found
    assert runs and {run.outcome for run in runs} <= {"changed", "nothing"}, [(run.outcome, run.why) for run in runs]
    assert not Rule.objects.get(pk=rule.pk).stopped_why
    assert found["matched"] == len(runs) > 0
    assert found["changed"] == sum(bool(run.did) for run in runs) > 0
    assert found["did"] == Counter(kind for run in runs for kind in run.did)


def predicted(rule: Rule) -> tuple[int, int, dict[str, int]]:
    """Matched, changed, and how often each action."""
    start_trial(rule, days=7)
    drain()
    found = RuleTrial.objects.get(rule=rule).found
    return found.get("matched", 0), found.get("changed", 0), found.get("did", {})


def counts() -> dict[str, int]:
    tables = {m.__name__: m._meta.db_table for m in apps.get_models() if m.__name__ not in NOT_COUNTED}
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables.values()))
        return dict(zip(tables, cursor.fetchone(), strict=True))


CASES: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("created", "vpn", [{"do": "urgency", "value": "3"}, {"do": "add_tags", "value": "vpn"}]),
    ("customer", "vpn priority:high", [{"do": "type", "value": "problem"}, {"do": "note", "text": "Look."}]),
    ("changed", "status:waiting team:none", [
        {"do": "add_tags", "value": "loose"}, {"do": "notify", "whom": "assignee"},
    ]),
    ("created,changed", "assignee:none", [{"do": "priority", "value": "4"}]),
    ("changed", "rack:1", [{"do": "add_tags", "value": "seen"}, {"do": "own_field", "field": "rack", "value": "5"}]),
    ("created,changed", "rack:none,2", [{"do": "own_field", "field": "rack", "value": "3"}]),
    ("changed", "subject:again -tag:seen", [{"do": "add_tags", "value": "seen"}]),
]  # fmt: skip


@pytest.mark.parametrize(("on", "condition", "actions"), CASES)
def test_the_prediction_is_what_then_happens(
    cast: Cast, rule: NewRule, on: str, condition: str, actions: list[dict[str, Any]]
) -> None:
    tags_named(["seen"], by=TEST)
    create_field(names={"en": "Rack"}, kind="number", by=TEST)
    tried = rule("Tried", on, condition, actions=actions)
    change_rule(tried, set={"is_active": False}, by=TEST)
    story(cast)
    drain()
    before = counts()
    predicted(tried)
    assert counts() == before
    change_rule(tried, set={"is_active": True}, by=TEST)
    story(cast)
    assert_foreseen(tried, RuleRun.objects.filter(rule=tried))


def things(cast: Cast) -> dict[str, str]:
    """What further actions name, by their short words: a reply, a macro, a checklist, a webhook, teams on levels."""
    change_limits(set={"auto_unverified_per_hour": 100, "auto_per_day": 100}, by=TEST)
    update_team(cast.orders, set={"level": 2}, by=TEST)
    cast.orders.refresh_from_db()
    steps = create_template(name="Steps", steps=["Look", "Say so"], by=TEST)
    reply = create_saved_reply(set={"name": "Hours", "texts": {"en": "Dear {{contact.name}}"}}, by=TEST)
    macro = create_macro(set={"name": "Up", "changes": {"urgency": 3, "checklist": steps.pk}}, by=TEST)
    url = "https://hooks.example/in"
    endpoint, _secret = create_endpoint(set={"name": "Other", "url": url, "kinds": []}, by=TEST)
    network = create_category(names={"en": "Network"}, team=cast.orders, by=TEST)
    found = {"reply": reply, "macro": macro, "steps": steps, "hook": endpoint, "network": network}
    found |= {"orders": cast.orders, "netz": cast.netz, "piotr": cast.piotr}
    return {name: str(row.pk) for name, row in found.items()}


FURTHER: list[tuple[str, str, list[dict[str, str]]]] = [
    ("created", "", [{"do": "reply", "text": "reply"}]),
    ("created,changed", "", [{"do": "macro", "macro": "macro"}]),
    ("changed", "priority:high", [{"do": "child", "subject": "Door", "team": "orders", "text": "Order one."}]),
    ("created,customer,changed", "", [{"do": "escalate", "level": "next"}]),
    ("changed", "level:2", [{"do": "add_tags", "value": "seen"}, {"do": "team", "value": "netz"}]),
    ("created,changed", "", [{"do": "team", "value": "orders"}]),
    ("created,changed", "", [{"do": "checklist", "checklist": "steps"}]),
    ("changed", "status:waiting", [{"do": "snooze", "hours": "5"}]),
    ("created,customer", "", [{"do": "webhook", "endpoint": "hook"}, {"do": "language", "value": "pl"}]),
    ("created,changed,customer", "", [{"do": "give"}]),
    ("created,changed", "", [{"do": "status", "value": "waiting"}]),
    ("changed,customer", "status:open", [{"do": "status", "value": "on-hold"}]),
    ("created,changed,customer", "", [{"do": "ball", "value": "third_party"}]),
    ("created,changed", "priority:normal", [{"do": "impact", "value": "3"}]),
    ("created,changed", "", [{"do": "priority", "value": "4"}, {"do": "impact", "value": "3"}]),
    ("created,changed", "team:none", [{"do": "category", "value": "network"}]),
    ("created,changed", "", [{"do": "assignee", "value": "piotr"}]),
    ("created,changed", "assignee:none", [{"do": "assignee", "value": "piotr"}, {"do": "team", "value": "netz"}]),
    ("created,changed", "", [{"do": "tell_leads", "reason": "Look."}, {"do": "status", "value": "solved"}]),
    ("created,changed", "", [{"do": "status", "value": "solved"}, {"do": "tell_leads", "reason": ""}]),
    ("changed", "tag:old", [{"do": "remove_tags", "value": "old"}]),
    ("created,changed,customer", "", [{"do": "add_tags", "value": "new one"}]),
]  # fmt: skip


@pytest.mark.parametrize(("on", "condition", "actions"), FURTHER)
def test_the_prediction_of_further_actions_is_what_then_happens(
    cast: Cast, rule: NewRule, on: str, condition: str, actions: list[dict[str, Any]]
) -> None:
    tags_named(["seen", "old"], by=TEST)
    create_field(names={"en": "Rack"}, kind="number", by=TEST)
    named = things(cast)
    tried = rule("Tried", on, condition, actions=[
        {key: value if key == "do" else named.get(value, value) for key, value in action.items()} for action in actions
    ])  # fmt: skip
    change_rule(tried, set={"is_active": False}, by=TEST)
    story(cast)
    drain("default")
    before = counts()
    start_trial(tried, days=7)
    drain("default")
    assert counts() == before
    change_rule(tried, set={"is_active": True}, by=TEST)
    story(cast)
    assert_foreseen(tried, RuleRun.objects.filter(rule=tried, ticket__subject__endswith=" again"))


def test_a_rule_by_time_is_foreseen_acts_once_for_a_moment_and_on_nothing_old(cast: Cast, time_machine: Any) -> None:
    start = clock.now()
    time_machine.move_to(start - timedelta(days=3), tick=False)
    old = cast.ticket("Old")
    values = {"name": "Lies there", "since": "turn", "minutes": 120, "condition": "ball:us",
              "actions": [{"do": "priority", "value": "3"}]}  # fmt: skip
    made = create_rule(set=values, by=TEST)
    time_machine.move_to(start, tick=False)
    assert predicted(made) == (1, 1, {"priority": 1})
    change_rule(made, set={"is_active": True}, by=TEST)
    assert act_on_due(clock.now()) == 0
    fresh = cast.ticket("Fresh")
    time_machine.move_to(start + timedelta(minutes=121), tick=False)
    assert act_on_due(clock.now()) == 1 and act_on_due(clock.now()) == 0
    fresh.refresh_from_db()
    old.refresh_from_db()
    assert (fresh.priority, old.priority) == (3, 2)
    time_machine.move_to(start + timedelta(minutes=30), tick=False)  # the clock was set back an hour and a half
    assert act_on_due(clock.now()) == 0
    time_machine.move_to(start + timedelta(minutes=200), tick=False)
    update_ticket(fresh, by=TEST, set={"ball": "customer"})
    update_ticket(fresh, by=TEST, set={"ball": "us", "priority": 1})
    assert act_on_due(clock.now()) == 0
    time_machine.move_to(start + timedelta(minutes=321), tick=False)
    assert act_on_due(clock.now()) == 1
    assert RuleRun.objects.filter(ticket=fresh, outcome="changed").count() == 2


def test_a_rule_does_not_wait_for_its_own_change_and_a_fault_on_one_ticket_costs_no_other(
    cast: Cast, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)
    values = {"name": "Remind", "since": "changed", "minutes": 60, "condition": "vpn", "is_active": True,
              "actions": [{"do": "note", "text": "Still there."}]}  # fmt: skip
    create_rule(set=values, by=TEST)
    bad, good = cast.ticket(), cast.ticket()
    holds = Compiled.holds
    monkeypatch.setattr(
        Compiled, "holds", lambda one, facts, at: 1 / (facts.ticket.pk - bad.pk) and holds(one, facts, at)
    )
    time_machine.move_to(start + timedelta(minutes=61), tick=False)
    with pytest.raises(ZeroDivisionError):
        act_on_due(clock.now())
    monkeypatch.undo()
    assert [run.ticket_id for run in RuleRun.objects.all()] == [good.pk]
    for minutes, acted in ((62, 1), (200, 0), (400, 0)):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        assert act_on_due(clock.now()) == acted
    update_ticket(good, by=TEST, set={"priority": 3})
    time_machine.move_to(start + timedelta(minutes=461), tick=False)
    assert act_on_due(clock.now()) == 1


def test_the_laboratory_is_a_page_with_counts_and_examples(cast: Cast, rule: NewRule) -> None:
    ada: Client = cast.browser(cast.ada)
    tried = rule("Tried", "created", "vpn", priority=4)
    change_rule(tried, set={"is_active": False}, by=TEST)
    ticket = cast.ticket()
    place = f"/settings/rules/{tried.pk}/laboratory/"
    assert "Not tried yet" in ada.get(place).content.decode()
    assert ada.post(place, {"days": "30"}).status_code == 302
    assert "0 of 1 tickets" in ada.get(place, headers={"HX-Request": "true"}).content.decode()
    drain()
    page = ada.get(place).content.decode()
    assert "matched on 1 of 1 tickets" in page and ticket.shown_number in page and "Priority" in page
    assert Ticket.objects.get().priority == 2


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_every_rule_of_the_gallery_can_be_taken_over(cast: Cast, language: str) -> None:
    ada = cast.browser(cast.ada)
    with translation.override(language):
        for example in GALLERY:
            answer = ada.post("/settings/rules/gallery/", {"slug": example.slug})
            assert answer.status_code == 302, example.slug
    assert Rule.objects.filter(is_active=False).count() == len(GALLERY)
    assert ada.post("/settings/rules/gallery/", {"slug": "vip"}).status_code == 302
    assert ada.post("/settings/rules/gallery/", {"slug": "nobody"}).status_code == 404
    assert "Add tags: outage" in ada.get("/settings/rules/gallery/").content.decode()

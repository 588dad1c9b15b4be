"""Rules that act when a promise runs short or has run out say which: first response, resolution, level, supplier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.cast import TEST, Cast, json
from tests.desk.conftest import tree, words
from tests.sla.conftest import TARGETS
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_reply
from tresen.service.rules.models import Rule, RuleLook
from tresen.service.sla.jobs import watch
from tresen.service.sla.models import Policy
from tresen.service.sla.services import change_policy
from tresen.spine.jobs.worker import drain

Wall = Callable[[str], datetime]


def write_rule(cast: Cast, name: str, trigger: str, condition: str = "", **more: Any) -> None:
    """By the form of the settings: the rule tags its ticket with its own name."""
    typed = {"name": name, "when": "events", "triggers": [trigger], "condition": condition, "is_active": "on",
             "unit": "h", "since": "created", "actions": "1", "a-0-do": "add_tags", "a-0-value": name}  # fmt: skip
    answer = cast.browser(cast.ada).post("/settings/rules/new/", {**typed, **more})
    assert answer.status_code == 302, words(tree(answer).body)


def let_pass(wall: Wall, *times: str) -> None:
    for time in times:
        wall(time)
        watch()
        drain("default")


def tags(ticket: Ticket) -> set[str]:
    return {tag.name for tag in ticket.tags.all()}


def test_a_rule_acts_on_the_promise_it_names_and_on_no_other(cast: Cast, policy: Policy, wall: Wall) -> None:
    change_policy(policy, set={"targets": {**TARGETS, "level-1": {"2": 600}}}, by=TEST)
    for kind in ("warned", "breached"):
        for promise in ("first_response", "next_response", "resolution", "level"):
            write_rule(cast, f"{kind} {promise}", f"{kind}_{promise}")
    write_rule(cast, "any", "breached")
    wall("2026-05-04 06:00")  # Monday, 08:00 in Berlin
    ticket = cast.ticket()
    let_pass(wall, "2026-05-04 09:30")
    assert tags(ticket) == {"warned first_response"}
    let_pass(wall, "2026-05-04 11:30")
    assert tags(ticket) == {"warned first_response", "breached first_response", "any"}
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("We look."))
    let_pass(wall, "2026-05-05 08:00")
    assert "warned level" in tags(ticket) and "breached level" not in tags(ticket)
    let_pass(wall, "2026-05-05 10:30", "2026-05-05 15:01")
    assert tags(ticket) == {
        "warned first_response", "breached first_response", "any", "warned level", "breached level",
        "warned resolution", "breached resolution",
    }  # fmt: skip
    page = words(tree(cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/rules/")).body)
    assert "the time to solve it has run out" in page and "the time for a first response runs short" in page
    looked = {look.event.changes["metric"]: len(look.rules) for look in RuleLook.objects.select_related("event")}
    assert looked == {"first_response": 2, "level": 2, "resolution": 2}  # that which names it, and that for any


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("breached:first-response", {"late", "mixed"}), ("breached:resolution", {"mixed"}),
        ("warned:yes", {"late", "soon"}), ("breached:resolution,level", {"mixed"}),
        ("warned:first-response -breached:yes", {"soon"}),
        ("warned:erste-antwort", {"soon"}), ("überschritten:pierwsza-odpowiedź", {"late", "mixed"}),
        ("breached:no", {"soon", "calm"}), ("warned:resolution", {"late"}), ("breached:supplier", set()),
    ],
)  # fmt: skip
def test_a_line_asks_for_a_promise_in_rules_and_in_the_search(
    cast: Cast, policy: Policy, wall: Wall, condition: str, found: set[str]
) -> None:
    write_rule(cast, "asked", "changed", condition)
    for subject, start in (("mixed", "04 06:00"), ("late", "05 06:00"), ("soon", "06 07:00"), ("calm", "06 09:00")):
        wall(f"2026-05-{start}")
        cast.ticket(subject)
    let_pass(wall, "2026-05-06 10:30")
    anna = cast.calls(cast.anna)
    shown = anna.get(f"/tickets?query={condition}").json()
    assert {row["subject"] for row in shown["items"]} == found, shown
    for ticket in Ticket.objects.all():
        json(anna.patch(f"/tickets/{ticket.number}", {"type": "question"}, if_match=f'"{ticket.version}"'), 200)
    assert {ticket.subject for ticket in Ticket.objects.all() if "asked" in tags(ticket)} == found


def test_a_promise_that_there_is_not_is_said_where_it_is_written(cast: Cast, policy: Policy) -> None:
    typed = {"name": "X", "when": "events", "triggers": ["breached"], "unit": "h", "since": "created", "actions": "1",
             "a-0-do": "add_tags", "a-0-value": "x", "condition": "breached:first-respons"}  # fmt: skip
    answer = cast.browser(cast.ada).post("/settings/rules/new/", typed)
    assert answer.status_code == 422 and "first-response" in words(tree(answer).body) and not Rule.objects.exists()
    page = tree(cast.browser(cast.ada).get("/settings/rules/new/"))
    promised = next(field for field in page.css("fieldset") if field.css_first("legend").text() == "Promised times")
    assert {box.attributes["value"] for box in promised.css("input")} >= {"breached", "breached_level"}
    assert "breached:first-response" in words(page.body)

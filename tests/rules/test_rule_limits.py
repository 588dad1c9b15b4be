"""How deep rules may call one another and to how many people one writes is set in the settings, within bounds."""

from __future__ import annotations

import pytest

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.rules.conftest import NewRule
from tresen.core.people.models import Agent, Role, User
from tresen.core.tickets.services import update_ticket
from tresen.service.notifications.models import Notification
from tresen.service.rules.models import Outcome, Rule, RuleRun, RuleSet
from tresen.spine.events.models import Event

PATH = "/settings/rules/limits/"


def test_what_is_set_counts_from_the_next_event_on(cast: Cast, rule: NewRule) -> None:
    for n in range(20):
        user = User.objects.create(email=f"agent{n}@lindhafen.example", name=f"Agent {n}")
        Agent.objects.create(user=user, role_id=Role.AGENT).teams.add(cast.netz)
    rule("Step 0", "changed", "priority:urgent", add_tags="step1")
    rule("Loud", "changed", "tag:step1", actions=[{"do": "notify", "whom": "team"}])
    for n in range(1, 6):
        rule(f"Step {n}", "changed", f"tag:step{n}", add_tags=f"step{n + 1}")
    ada = cast.browser(cast.ada)
    mark = tree(ada.get(PATH)).css_first("[name=mark]").attributes["value"]
    assert ada.post(PATH, {"most_deep": "3", "most_mails": "7", "mark": mark})["Location"] == PATH
    changed = Event.objects.get(kind="rules.limits_changed")
    assert changed.changes == {"most_deep": [10, 3], "most_mails": [50, 7]} and changed.actor_name == "Ada Berg"
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"priority": 4})
    assert RuleRun.objects.filter(rule__name__startswith="Step", outcome=Outcome.CHANGED).count() == 3
    assert Rule.objects.get(stopped_why="depth").name == "Step 3"
    assert Notification.objects.filter(kind="rule").count() == 7
    page = words(tree(ada.get(f"/settings/rules/{Rule.objects.get(name='Step 3').pk}/")).body)
    assert "More rules called one another than the limit allows." in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"most_deep": "0"}, "greater than or equal to 1"), ({"most_deep": "51"}, "less than or equal to 50"),
        ({"most_mails": "501"}, "less than or equal to 500"), ({"most_mails": "9" * 5000}, "most_mails"),
        ({"most_mails": ""}, "required"),
    ],
)  # fmt: skip
def test_bounds_hold_and_nothing_typed_is_lost(cast: Cast, typed: dict[str, str], told: str) -> None:
    answer = cast.browser(cast.ada).post(PATH, {"most_deep": "4", "most_mails": "60", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and ('value="60"' in page or 'value="4"' in page)
    assert not RuleSet.objects.exists()


def test_two_who_set_them_at_once_do_not_overwrite_each_other_and_nobody_else_may(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    mark = tree(ada.get(PATH)).css_first("[name=mark]").attributes["value"]
    assert ada.post(PATH, {"most_deep": "4", "most_mails": "60", "mark": mark}).status_code == 302
    late = ada.post(PATH, {"most_deep": "5", "most_mails": "60", "mark": mark})
    assert late.status_code == 409 and "“4” meanwhile" in late.content.decode()
    assert RuleSet.objects.get().most_deep == 4
    assert cast.browser(cast.anna).get(PATH).status_code in (403, 404)

"""In a real browser, by keyboard: a ticket goes up and comes back, a rota gets its people, a rule is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tresen.core.people.models import Agent
from tresen.core.people.teams import update_team
from tresen.core.tickets.models import Ticket
from tresen.service.oncall.models import Rota
from tresen.service.rules.services import create_rule
from tresen.spine.jobs.worker import drain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of(chromium: Any, live_server: Any) -> Iterator[Callable[[Agent], Any]]:
    """The browser page of an agent; what nobody caught there fails the test."""
    contexts, faults = [], list[str]()

    def make(agent: Agent) -> Any:
        session = Client()
        session.force_login(agent.user)
        context = chromium.new_context(base_url=live_server.url, viewport={"width": 1300, "height": 900})
        contexts.append(context)
        context.add_cookies([{"name": "tresen", "value": session.cookies["tresen"].value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def test_a_ticket_goes_up_and_comes_back_by_keyboard(cast: Cast, page_of: Callable[[Agent], Any]) -> None:
    update_team(cast.orders, set={"level": 2}, by=TEST)
    ticket = cast.ticket("The tunnel breaks", assignee=cast.anna)
    anna, piotr = page_of(cast.anna), page_of(cast.piotr)
    anna.goto(f"/desk/tickets/{ticket.number}/")
    anna.wait_for_selector("key-map:defined", state="attached")
    with anna.expect_navigation(url="**/escalate/"):
        anna.keyboard.press("e")
    # Without a word it does not go, and what was chosen stays.
    anna.focus("main button:has-text('Hand up')")
    with anna.expect_navigation():
        anna.keyboard.press("Enter")
    assert anna.locator("[name=to]:checked").count() == 1 and anna.locator("main [role=alert], main .error").count()
    anna.focus("[name=tried]")
    anna.keyboard.type("Restarted the gateway")
    anna.focus("[name=needed]")
    anna.keyboard.type("Look at its log")
    anna.focus("main button:has-text('Hand up')")
    with anna.expect_navigation(url=f"**/desk/tickets/{ticket.number}/**"):
        anna.keyboard.press("Enter")
    anna.wait_for_selector("#t-head .prop:has-text('L2')")
    piotr.goto(f"/desk/tickets/{ticket.number}/")
    piotr.wait_for_selector("#timeline :text('Restarted the gateway')")
    piotr.focus("#hand-back")
    with piotr.expect_navigation(url="**/return/"):
        piotr.keyboard.press("Enter")
    piotr.focus("[name=answer]")
    piotr.keyboard.type("A new certificate mends it")
    piotr.focus("main form [type=submit], main form button:not([type])")
    with piotr.expect_navigation(url="**/desk/views/**"):  # it is no longer his
        piotr.keyboard.press("Enter")
    ticket.refresh_from_db()
    assert (ticket.level, ticket.assignee) == (1, cast.anna)
    anna.reload()
    anna.wait_for_selector("#timeline :text('A new certificate mends it')")


def test_a_rota_shows_its_hole_until_somebody_takes_turns(cast: Cast, page_of: Callable[[Agent], Any]) -> None:
    page = page_of(cast.ada)
    page.goto("/settings/on-call/new/")
    page.fill("[name=name]", "Nights")
    with page.expect_navigation():
        page.click("main form button.primary")
    rota = Rota.objects.get()
    page.goto(f"/settings/on-call/{rota.pk}/")
    page.wait_for_selector(".banner:has-text('Nobody is on call')")
    assert page.locator(".rota-week .hole").count() >= 7
    page.fill("#layer-form [name=people]", "Piotr Wieczorek")
    page.fill("#layer-form [name=starts_on]", "2026-01-05")
    with page.expect_navigation():
        page.click("#layer-form .acts .btn")
    assert not page.locator(".rota-week .hole").count() and not page.is_visible(".banner:has-text('Nobody')")
    assert page.locator(".rota-week tbody tr").first.locator(".piece:has-text('Piotr')").count() >= 7


def test_a_rule_is_tried_and_the_page_tells_by_itself_what_it_found(
    cast: Cast, page_of: Callable[[Agent], Any]
) -> None:
    given = {"triggers": ["created"], "condition": "tunnel", "actions": [{"do": "priority", "value": "4"}]}
    rule = create_rule(set={"name": "Tunnels", "is_active": False, **given}, by=TEST)
    ticket = cast.ticket("The tunnel breaks")
    page = page_of(cast.ada)
    page.goto(f"/settings/rules/{rule.pk}/laboratory/")
    page.focus("main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    drain()
    page.wait_for_selector("#rule-trial .finding:has-text('1 of 1')")
    page.wait_for_selector(f"#rule-trial tbody a[href*='{ticket.number}']")
    assert Ticket.objects.get().priority == 2

"""Working together by keyboard alone: a colleague is called, a step is ticked, the ticket is followed and sleeps."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import TEST, Cast
from tests.desk.conftest import page
from tests.desk.test_ticket_in_browser import AXE_OPTIONS
from tresen.core.teamwork.checklist import add_items
from tresen.core.teamwork.models import ChecklistItem, Mention, Snooze
from tresen.core.tickets.models import Participant
from tresen.core.tickets.services import update_ticket

__all__ = ["page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_colleagues_work_together_by_keyboard_alone(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    [step] = add_items(ticket, ["Order the part"], by=TEST)
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("n")
    page.keyboard.type("Please look, @pio")
    page.wait_for_selector("note-calls .item[aria-selected=true]:has-text('Piotr Wieczorek')")
    page.evaluate(Axe().axe_script)
    faults = page.evaluate(
        "options => axe.run('note-calls', options).then(r => r.violations.map(v => v.id))", AXE_OPTIONS
    )
    assert faults == []
    page.keyboard.press("Enter")
    assert page.input_value("#note-text") == "Please look, @Piotr Wieczorek "
    page.wait_for_selector("note-calls [role=status]:has-text('does not see this ticket yet')")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.note .mention:has-text('@Piotr Wieczorek')")
    assert Mention.objects.get().agent == cast.piotr
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.wait_for_selector("#watch[aria-pressed=true]")
    assert Participant.objects.filter(agent=cast.anna, role="follower").exists()
    page.focus(f"#tick-{step.pk}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#tick-{step.pk}[aria-checked=true]")
    page.wait_for_function(f"() => document.activeElement.id === 'tick-{step.pk}'")
    assert ChecklistItem.objects.get().done_by == cast.anna
    page.keyboard.press("z")
    page.wait_for_function("() => document.activeElement.name === 'reason'")
    page.keyboard.type("The part is ordered")
    page.keyboard.press("Enter")
    page.wait_for_selector("#t-head .banner:has-text('The part is ordered')")
    assert Snooze.objects.get().reason == "The part is ordered"
    page.wait_for_function("() => document.activeElement.id === 't-head'")  # what opened it is gone with it
    page.focus("#write-time")
    page.keyboard.press("Enter")
    page.focus("#time-minutes")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    page.wait_for_selector("#time-spent h2:has-text('15')")
    page.wait_for_function("() => document.activeElement.id === 'write-time'")
    update_ticket(ticket, by=TEST, set={"assignee": cast.anna})
    page.reload()
    page.wait_for_selector(".rail [data-action=go-notifications]")
    assert page.complaints == []

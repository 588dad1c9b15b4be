"""Lists of open tickets begin with what is due next; behind it stands what nothing is promised for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.desk.test_list_sorting import walk
from tests.sla.conftest import status
from tresen.core.tickets.choices import Ball
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_reply, update_ticket
from tresen.faces.desk.lists import reading
from tresen.service.sla.models import Policy

# Priorities by impact and urgency.
HOW = {"urgent": (3, 3), "high": (2, 3), "normal": (2, 2), "low": (1, 1)}
Wall = Callable[[str], datetime]


def test_over_all_pages_what_is_due_next_comes_first_and_what_waits_last(
    policy: Policy, cast: Cast, wall: Wall, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr(reading._page_keys, "_ready", {})
    made: dict[str, Ticket] = {}
    for minute, name in enumerate(("low", "paused", "normal", "urgent", "paused later", "high", "solved")):
        wall(f"2026-03-02 08:0{minute}")
        impact, urgency = HOW.get(name, HOW["normal"])
        made[name] = cast.ticket(name, impact=impact, urgency=urgency, assignee=cast.anna)
    for minute, name in enumerate(("paused", "paused later"), 10):
        wall(f"2026-03-02 08:{minute}")
        add_reply(made[name], by=TEST, agent=cast.anna, content=Content("Which one?"))
        update_ticket(made[name], by=TEST, set={"ball": Ball.CUSTOMER})
    update_ticket(made["solved"], by=TEST, set={"status": status("solved")})
    anna = cast.browser(cast.anna)
    by_number = {ticket.number: name for name, ticket in made.items()}
    for url in ("/desk/views/open/", "/desk/views/mine/", "/desk/teams/netz/"):
        assert [by_number[number] for number in walk(anna, url)] == [
            "urgent", "high", "normal", "low", "paused later", "paused",
        ], url  # fmt: skip
    assert "what is due next first" in words(tree(anna.get("/desk/views/open/", headers=HTMX)).css_first("h2"))
    assert by_number[walk(anna, "/desk/views/all/")[-1]] == "low"  # there by the last change


def test_a_row_takes_its_place_when_something_else_is_due(policy: Policy, cast: Cast, wall: Wall) -> None:
    wall("2026-03-02 08:00")
    one, other = cast.ticket("one", impact=3, urgency=3), cast.ticket("other")
    anna = cast.browser(cast.anna)
    assert walk(anna, "/desk/views/open/") == [one.number, other.number]
    # The other becomes urgent, the first one waits: its row says so where it stands, the list anew has them turned.
    update_ticket(other, by=TEST, set={"impact": 3, "urgency": 3})
    add_reply(one, by=TEST, agent=cast.anna, content=Content("Which one?"))
    update_ticket(one, by=TEST, set={"ball": Ball.CUSTOMER})
    assert "Customer" in words(_row(anna, one))
    assert walk(anna, "/desk/views/open/") == [other.number, one.number]


def _row(client: Client, ticket: Ticket) -> Any:
    return tree(client.get(f"/desk/rows/{ticket.number}/?view=open", headers=HTMX)).css_first("li.row .due")

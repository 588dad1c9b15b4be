"""Who is looking, who is typing: told to colleagues who see the ticket, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from tresen.core.people.models import Team
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.live.jobs import sweep_live
from tresen.service.live.models import Notice, Presence

TAB = "ab12cd34ef56"


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    made.piotr.teams.add(made.netz)
    return made


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket()


def says(client: Client, ticket: Ticket, state: str, tab: str = TAB) -> Any:
    return client.post(f"/desk/live/presence/{ticket.number}/", {"tab": tab, "state": state})


def others(client: Client, ticket: Ticket) -> str:
    return client.get(f"/desk/live/presence/{ticket.number}/").content.decode()


def test_each_sees_what_the_other_does_and_not_himself(cast: Cast, ticket: Ticket) -> None:
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    assert "Anna" not in says(anna, ticket, "looking").content.decode()
    assert "Anna Kowalczyk is looking" in says(piotr, ticket, "looking").content.decode()
    says(piotr, ticket, "replying")
    assert "Piotr Wieczorek is writing a reply" in others(anna, ticket)
    says(piotr, ticket, "looking", tab="another0tab")
    assert "Piotr Wieczorek is writing a reply" in others(anna, ticket), "of two tabs the one that writes counts"
    piotr.post("/desk/live/leave/", {"tab": TAB})
    assert "Piotr Wieczorek is looking" in others(anna, ticket)


def test_only_what_is_news_is_told(cast: Cast, ticket: Ticket) -> None:
    anna, other = cast.browser(cast.anna), cast.ticket("Other")
    for state in ("looking", "looking", "noting", "noting"):
        says(anna, ticket, state)
    assert Notice.objects.filter(ticket=ticket).count() == 2
    says(anna, other, "looking")
    assert Notice.objects.filter(ticket=ticket).count() == 3
    assert Notice.objects.filter(ticket=other).count() == 1
    anna.post("/desk/live/leave/", {"tab": TAB})
    anna.post("/desk/live/leave/", {"tab": TAB})
    assert Notice.objects.filter(ticket=other).count() == 2


def test_who_was_not_heard_of_for_long_is_gone(cast: Cast, ticket: Ticket) -> None:
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    says(piotr, ticket, "replying")
    Presence.objects.update(seen_at=clock.now() - timedelta(seconds=200))
    assert "Piotr" not in others(anna, ticket)
    says(piotr, ticket, "replying")
    assert "Piotr" in others(anna, ticket)
    assert Notice.objects.count() == 2
    Presence.objects.update(seen_at=clock.now() - timedelta(minutes=11))
    Notice.objects.update(at=clock.now() - timedelta(minutes=11))
    sweep_live()
    assert not Presence.objects.exists()
    assert not Notice.objects.exists()


def test_a_ticket_one_may_not_see_shows_nobody_and_takes_nobody(cast: Cast) -> None:
    hidden = cast.ticket(team=Team.objects.create(name="Closed", slug="closed"))
    anna = cast.browser(cast.anna)
    assert says(anna, hidden, "looking").status_code == 404
    assert anna.get(f"/desk/live/presence/{hidden.number}/").status_code == 404
    assert not Presence.objects.exists()


def test_who_lost_the_right_to_see_the_ticket_is_not_shown_on_it(cast: Cast, ticket: Ticket) -> None:
    says(cast.browser(cast.piotr), ticket, "replying")
    cast.piotr.teams.clear()
    assert "Piotr" not in others(cast.browser(cast.anna), ticket)


@pytest.mark.parametrize("sent", [{"tab": "x", "state": "looking"}, {"tab": TAB, "state": "dancing"}, {"tab": TAB}])
def test_what_no_page_of_ours_sends_is_refused(cast: Cast, ticket: Ticket, sent: dict[str, str]) -> None:
    assert cast.browser(cast.anna).post(f"/desk/live/presence/{ticket.number}/", sent).status_code == 400


def test_rows_are_those_that_still_belong_into_the_list(cast: Cast) -> None:
    mine, free, hidden = (
        cast.ticket("Mine", assignee=cast.anna),
        cast.ticket("Free"),
        cast.ticket("No", team=cast.orders),
    )
    anna = cast.browser(cast.anna)
    asked = "&".join(f"n={ticket.number}" for ticket in (mine, free, hidden))
    for view, belongs in (("view=mine", {mine}), ("view=unassigned", {free}), ("q=VPN", {mine, free})):
        page = anna.get(f"/desk/live/rows/?{view}&{asked}").content.decode()
        assert {t for t in (mine, free, hidden) if f'data-number="{t.number}"' in page} == belongs, view
    assert anna.get(f"/desk/live/rows/?{asked}").status_code == 404

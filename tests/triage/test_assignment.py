"""Tickets find somebody by themselves: with the reason on the ticket, when somebody comes, when somebody is absent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.undo.conftest import undo
from tresen.core.attendance.services import add_absence, set_state
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets import operations
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.notifications.models import Notification
from tresen.service.routing import giving
from tresen.service.routing.giving import Full, NotHere, give_waiting, take_next
from tresen.service.routing.jobs import deal
from tresen.service.routing.settings import set_agent, set_team
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain


@pytest.fixture
def team(cast: Cast) -> Cast:
    """Anna and Piotr in one team, in turn."""
    cast.piotr.teams.set([cast.netz])
    set_team(cast.netz, set={"method": "round"}, by=TEST)
    return cast


def owner(ticket: Ticket) -> Agent | None:
    return Ticket.objects.get(pk=ticket.pk).assignee


def can_take(agent: Agent, **more: object) -> None:
    nothing = {"cap": None, "channel_caps": {}, "skills": [], "languages": []}
    set_agent(agent, **{**nothing, **more}, by=TEST)  # type: ignore[arg-type]


def test_tickets_go_round_and_say_why(team: Cast) -> None:
    tickets = [team.ticket() for _ in range(3)]
    assert [owner(t) for t in tickets] == [team.anna, team.piotr, team.anna]
    assert tickets[0].assignee == team.anna, "whoever made it sees it at once"
    page = tree(team.browser(team.ada).get(f"/desk/tickets/{tickets[2].number}/"))
    assert "Tresen: Anna Kowalczyk: next in turn, 2 tickets" in words(page.css_first("#timeline-tail"))
    assert Notification.objects.filter(agent=team.anna, kind="assigned").count() == 2
    assert owner(team.ticket(team=team.orders)) is None, "that team goes by hand"


def test_a_skill_a_language_and_a_cap_count(team: Cast) -> None:
    network = create_category(names={"en": "Network"}, by=TEST)
    wifi = create_category(names={"en": "Wi-Fi"}, parent=network, by=TEST)
    set_team(team.netz, set={"method": "least", "by_skill": True, "by_language": True}, by=TEST)
    can_take(team.piotr, skills=[network], languages=["pl"], cap=2)
    first = team.ticket(set={"category": wifi, "team": team.netz})
    assert owner(first) == team.piotr
    assert owner(team.ticket(text="Dzień dobry, nie mogę się zalogować. Proszę o pomoc.")) == team.piotr
    full = team.ticket(set={"category": wifi, "team": team.netz})
    assert owner(full) is None
    waits = Event.objects.get(kind="ticket.waits")
    assert waits.stream_id == full.pk and waits.changes["why"] == {"skill": 1, "full": 1}
    page = tree(team.browser(team.ada).get(f"/desk/tickets/{first.number}/"))
    assert "Piotr Wieczorek: has the least to do, knows Wi-Fi, 1 of 2 tickets" in words(page.body)


def test_a_ticket_that_comes_to_the_team_later_and_its_undo(team: Cast) -> None:
    ticket = team.ticket(team=team.orders)
    operation = operations.start("change", agent=team.ada)
    update_ticket(ticket, by=TEST, set={"team": team.netz}, operation=operation)
    assert owner(ticket) is None, "who changes many in one transaction holds none of the team's people"
    drain("default")
    assert owner(ticket) == team.anna
    undo(operation)
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.team, now.assignee) == (team.orders, None)


def test_who_answered_last_time_gets_the_next_one(team: Cast) -> None:
    set_team(team.netz, set={"is_sticky": True}, by=TEST)
    assert [owner(team.ticket()) for _ in range(3)] == [team.anna] * 3
    set_state(team.anna, state="busy", by=TEST)
    assert owner(team.ticket()) == team.piotr


def test_what_came_at_night_is_given_out_when_somebody_is_there(team: Cast) -> None:
    for agent in (team.anna, team.piotr):
        set_state(agent, state="off", by=TEST)
    tickets = [team.ticket() for _ in range(4)]
    deal()
    assert [owner(t) for t in tickets] == [None] * 4
    for agent in (team.anna, team.piotr):
        set_state(agent, state="available", by=TEST)
    deal()
    deal()
    assert sorted(str(owner(t)) for t in tickets) == ["Anna Kowalczyk"] * 2 + ["Piotr Wieczorek"] * 2
    assert Event.objects.filter(kind="ticket.assigned").count() == 4


def test_a_team_that_is_off_duty_holds_up_no_other(team: Cast) -> None:
    set_team(team.orders, set={"method": "round"}, by=TEST)
    for agent in Agent.objects.filter(teams__in=[team.netz, team.orders]):
        set_state(agent, state="off", by=TEST)
    ours = [team.ticket(impact=3, urgency=3) for _ in range(3)]
    theirs = team.ticket(team=team.orders)
    set_state(team.ada, state="available", by=TEST)
    team.ada.teams.set([team.orders])
    assert give_waiting(most=2) == 1
    assert [owner(ticket) for ticket in ours] == [None] * 3 and owner(theirs) == team.ada


def test_who_is_absent_keeps_what_he_takes_himself(team: Cast) -> None:
    today = clock.now().date()
    before = team.ticket(assignee=team.anna, team=team.orders)
    given, taken = team.ticket(team=team.orders), team.ticket(team=team.orders)
    add_absence(
        team.anna, kind="holiday", substitute=team.ada, starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=1), by=TEST,
    )  # fmt: skip
    update_ticket(given, by=Actor.agent(team.ada), set={"assignee": team.anna})
    update_ticket(taken, by=Actor.agent(team.anna), set={"assignee": team.anna})
    deal()
    deal()
    assert (owner(before), owner(given), owner(taken)) == (team.ada, team.ada, team.anna)


def test_the_tickets_of_who_is_absent_go_to_the_substitute_or_back(team: Cast) -> None:
    mine, solved = team.ticket(assignee=team.anna), team.ticket(assignee=team.anna, team=team.orders)
    today = clock.now().date()
    days = {"starts_on": today - timedelta(days=1), "ends_on": today + timedelta(days=1)}
    add_absence(team.anna, kind="sickness", substitute=team.ada, **days, by=TEST)
    deal()
    assert (owner(mine), owner(solved)) == (team.ada, team.ada)
    other = team.ticket(assignee=team.piotr, team=team.orders)
    add_absence(team.piotr, kind="holiday", **days, by=TEST)
    deal()
    assert owner(other) is None
    page = tree(team.browser(team.ada).get(f"/desk/tickets/{other.number}/"))
    assert "back to the team: Piotr Wieczorek is absent" in words(page.body)


def test_give_me_the_next_one(cast: Cast) -> None:
    plain, urgent = cast.ticket(subject="plain"), cast.ticket(subject="urgent", impact=3, urgency=3)
    anna = cast.browser(cast.anna)
    assert anna.post("/desk/next/")["Location"] == f"/desk/tickets/{urgent.number}/"
    assert owner(urgent) == cast.anna
    undo(operations.recent_of(cast.anna)[0])
    assert owner(urgent) is None
    can_take(cast.anna, cap=1)
    assert take_next(cast.anna, principal=Principal.of_agent(cast.anna)) == urgent
    with pytest.raises(Full):
        take_next(cast.anna, principal=Principal.of_agent(cast.anna))
    assert anna.post("/desk/next/")["Location"] == "/desk/views/mine/"
    set_state(cast.anna, state="away", by=TEST)
    with pytest.raises(NotHere):
        take_next(cast.anna, principal=Principal.of_agent(cast.anna))
    piotr = cast.browser(cast.piotr)
    assert piotr.post("/desk/next/")["Location"] == "/desk/views/unassigned/", "it waits in another team"
    assert owner(plain) is None


def test_what_nobody_can_take_holds_up_nothing(team: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    network, printers = (create_category(names={"en": name}, by=TEST) for name in ("Network", "Printers"))
    for agent in (team.anna, team.piotr):
        set_state(agent, state="off", by=TEST)
    set_team(team.netz, set={"by_skill": True}, by=TEST)
    can_take(team.piotr, skills=[network])
    can_take(team.anna, skills=[printers])
    stuck = [team.ticket(set={"category": network, "team": team.netz}, impact=3, urgency=3) for _ in range(7)]
    fits = team.ticket(set={"category": printers, "team": team.netz})
    set_state(team.anna, state="available", by=TEST)
    assert [give_waiting(most=4) for _ in range(2)] == [1, 0]
    assert owner(fits) == team.anna and {owner(ticket) for ticket in stuck} == {None}
    set_team(team.netz, set={"method": "hand"}, by=TEST)
    next_one = team.ticket(set={"category": printers, "team": team.netz})
    monkeypatch.setattr(giving, "LOOKED_THROUGH", 4)
    assert [take_next(team.anna, principal=Principal.of_agent(team.anna)) for _ in range(2)] == [next_one, None]
    set_team(team.netz, set={"method": "round"}, by=TEST)
    set_state(team.piotr, state="available", by=TEST)
    assert sum(give_waiting(most=4) for _ in range(3)) == 7


def test_whoever_is_busy_is_told_so_when_he_asks_for_the_next_one(cast: Cast) -> None:
    cast.ticket()
    set_state(cast.anna, state="busy", by=TEST)
    anna = cast.browser(cast.anna)
    assert anna.post("/desk/next/")["Location"] == "/settings/attendance/me/"
    page = words(tree(anna.get(f"/settings/attendance/{cast.anna.pk}/")).body)
    assert "You have said that you are busy" in page and "not at work" not in page


def test_effort_counts_in_the_least_load(team: Cast) -> None:
    heavy = create_category(names={"en": "Servers"}, effort=3, by=TEST)
    set_team(team.netz, set={"method": "least"}, by=TEST)
    first = team.ticket(set={"category": heavy, "team": team.netz})
    assert [owner(first), *(owner(team.ticket()) for _ in range(4))] == [team.anna, *[team.piotr] * 3, team.anna]


def test_the_page_says_since_when_he_is_here(team: Cast, time_machine: Any) -> None:
    team.ada.user.timezone = team.anna.user.timezone = "UTC"
    team.ada.user.save()
    time_machine.move_to(datetime(2026, 3, 3, 9, tzinfo=UTC), tick=False)
    set_state(team.anna, state="busy", by=TEST)
    set_state(team.anna, state="available", by=TEST)
    time_machine.move_to(datetime(2026, 3, 3, 11, tzinfo=UTC), tick=False)
    ticket = team.ticket()
    page = words(tree(team.browser(team.ada).get(f"/desk/tickets/{ticket.number}/")).body)
    assert "Anna Kowalczyk: next in turn, 1 ticket, here since 09:00" in page


def test_the_settings_say_how(cast: Cast) -> None:
    ada, network = cast.browser(cast.ada), create_category(names={"en": "Network"}, by=TEST)
    page = f"/settings/teams/{cast.netz.pk}/assignment/"
    assert ada.post(page, {"method": "least", "by_skill": "on"}).status_code == 302
    assert ada.post(page, {"method": "nonsense"}).status_code == 422
    own = f"/settings/agents/{cast.anna.pk}/assignment/"
    assert ada.post(own, {"cap": "8", "cap_phone": "2", "skills": [network.pk], "languages": ["pl"]}).status_code == 302
    assert ada.post(own, {"cap": "0"}).status_code == 422
    row = cast.anna.routing
    assert (row.cap, row.channel_caps, row.languages) == (8, {"phone": 2}, ["pl"])
    assert "Network" in words(tree(ada.get(page)).css_first("table"))
    assert (cast.netz.routing.method, cast.netz.routing.by_skill) == ("least", True)

"""Whatever brings a ticket to a higher level calls whoever is on call there, once; what takes it away ends the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import TEST, Cast
from tresen.core.people.models import Team
from tresen.core.people.principals import Principal
from tresen.core.people.teams import update_team
from tresen.core.tickets import operations
from tresen.core.tickets.binning import delete_ticket, restore_ticket
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.services import add_note, add_reply, update_ticket
from tresen.core.tickets.splitting import split
from tresen.core.tickets.undoing import undo
from tresen.kit import clock
from tresen.service.levels.handing import Package, escalate, hand_back
from tresen.service.oncall.calling import acknowledge, call_next
from tresen.service.oncall.models import Alert, AlertCall, Rota
from tresen.service.oncall.reactions import follow_level
from tresen.service.oncall.services import create_rota
from tresen.service.rules.services import create_rule
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain


def called() -> list[str]:
    """Everybody who is called when the time has come, in order."""
    for _ in range(2):
        drain("default")
    return [call.agent.user.name for call in AlertCall.objects.order_by("pk").select_related("agent__user")]


def states() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def by_hand(cast: Cast) -> None:
    update_ticket(cast.ticket(), by=Actor.agent(cast.anna), set={"team": cast.orders})


def by_a_rule(cast: Cast) -> None:
    given = {"name": "Orders", "triggers": ["created"], "condition": "vpn", "is_active": True}
    create_rule(set=given | {"actions": [{"do": "team", "value": str(cast.orders.pk)}]}, by=TEST)
    cast.ticket(requester=cast.dave)


def by_a_category(cast: Cast) -> None:
    category = create_category(names={"en": "Orders"}, team=cast.orders, by=TEST)
    update_ticket(cast.ticket(team=None), by=TEST, set={"category": category})


def as_a_new_one(cast: Cast) -> None:
    cast.ticket(team=cast.orders)


def with_a_note(cast: Cast) -> None:
    note = Content("Yours.")
    add_note(cast.ticket(), by=Actor.agent(cast.anna), agent=cast.anna, content=note, set={"team": cast.orders})


def with_a_reply(cast: Cast) -> None:
    said = Content("Others look at it.")
    add_reply(cast.ticket(), by=Actor.agent(cast.anna), agent=cast.anna, content=said, set={"team": cast.orders})


def handed_up(cast: Cast) -> None:
    escalate(cast.ticket(), by=TEST, agent=None, level=2, package=Package(needed="Look."))


@pytest.mark.parametrize("way", [by_hand, by_a_rule, by_a_category, as_a_new_one, with_a_note, with_a_reply, handed_up])
def test_every_way_up_calls_once(cast: Cast, rota: Rota, way: Callable[[Cast], None]) -> None:
    way(cast)
    assert called() == ["Piotr Wieczorek"] and states() == ["open"]


def test_the_first_level_calls_nobody_and_no_rota_without_a_level_that_rises(cast: Cast, rota: Rota) -> None:
    create_rota(set={"name": "First", "level": 1, "keeper": cast.ada}, by=TEST)
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"priority": 4, "team": None})
    assert called() == []


def test_another_team_of_the_level_and_a_reaction_that_runs_again_call_nobody_else(cast: Cast, rota: Rota) -> None:
    other = update_team(Team.objects.create(name="Stock", slug="stock"), set={"level": 2}, by=TEST)
    ticket = cast.ticket(team=cast.orders)
    update_ticket(ticket, by=TEST, set={"team": other})
    assert called() == ["Piotr Wieczorek"]
    acknowledge(Alert.objects.get(), agent=cast.piotr, by=Actor.agent(cast.piotr))
    follow_level(Event.objects.get(kind="ticket.created"))  # as the job does that tries it again
    assert called() == ["Piotr Wieczorek"] and states() == ["acknowledged"]


def test_a_rule_that_sends_it_on_while_it_rises_calls_the_last_level_alone(cast: Cast, rota: Rota) -> None:
    create_rota(set={"name": "Core", "level": 3, "keeper": cast.ada}, by=TEST)
    wanted = {"name": "On", "triggers": ["level"], "condition": "vpn", "is_active": True}
    create_rule(set=wanted | {"actions": [{"do": "escalate", "level": "3"}]}, by=TEST)
    handed_up(cast)
    assert called() == ["Ada Berg"] and states() == ["over", "open"]


def test_whoever_takes_it_along_and_what_is_split_from_it_calls_nobody(cast: Cast, rota: Rota) -> None:
    mine = {"team": cast.orders, "assignee": cast.piotr}
    ticket = cast.ticket()
    add_note(ticket, by=TEST, agent=cast.anna, content=Content("Look."))
    update_ticket(ticket, by=Actor.agent(cast.piotr), set=mine)
    number = take_number(cast.brand)
    split(
        ticket,
        messages=[ticket.messages.get(kind="received").pk],
        by=Actor.agent(cast.ada),
        agent=cast.ada,
        number=number,
    )
    assert called() == [] and not Alert.objects.exists()


def set_a_category(cast: Cast, ticket: Ticket) -> None:
    category = create_category(names={"en": "Orders"}, team=cast.orders, by=TEST)
    update_ticket(ticket, by=TEST, set={"team": None})
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"category": category})


def raise_the_level(cast: Cast, ticket: Ticket) -> None:
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"level": 2})


@pytest.mark.parametrize("way", [set_a_category, raise_the_level])
def test_who_merely_held_it_below_does_not_keep_others_from_being_called(
    cast: Cast, rota: Rota, way: Callable[[Cast, Ticket], None]
) -> None:
    way(cast, cast.ticket(assignee=cast.anna))
    assert Ticket.objects.get().assignee == cast.anna and called() == ["Piotr Wieczorek"]


def test_an_undo_calls_nobody_where_nobody_was_called_before(cast: Cast, rota: Rota) -> None:
    ticket, by = cast.ticket(), Actor.agent(cast.piotr)
    update_ticket(ticket, by=by, set={"team": cast.orders, "assignee": cast.piotr})
    cast.piotr.teams.add(cast.netz)
    operation = operations.start("change", agent=cast.piotr)
    update_ticket(ticket, by=by, set={"team": cast.netz}, operation=operation)
    undo(operation, by=by, principal=Principal.of_agent(cast.piotr))
    assert Ticket.objects.get().level == 2 and called() == [] and states() == []


def test_nobody_gets_a_ticket_by_a_call_that_it_has_left(cast: Cast, rota: Rota) -> None:
    ticket = cast.ticket(team=cast.orders)
    cast.piotr.teams.add(cast.netz)
    assert called() == ["Piotr Wieczorek"]
    page, piotr = f"/desk/alerts/{Alert.objects.get().pk}/", cast.browser(cast.piotr)
    assert "I have it" in piotr.get(page).content.decode()
    update_ticket(ticket, by=TEST, set={"team": cast.netz})
    shown = piotr.get(page).content.decode()
    assert "I have it" not in shown and "It has left the level" in shown
    assert "it was not given to you" in piotr.post(page, follow=True).content.decode()
    assert Ticket.objects.get().assignee is None and states() == ["over"]
    assert not Event.objects.filter(kind="oncall.acknowledged").exists()


def test_a_ticket_in_the_bin_calls_nobody_keeps_no_other_from_calling_and_calls_anew_when_it_comes_back(
    cast: Cast, rota: Rota
) -> None:
    first = cast.ticket(team=cast.orders)
    assert called() == ["Piotr Wieczorek"]
    by = Actor.agent(cast.ada)
    binned = delete_ticket(first, by=by, agent=cast.ada)
    cast.ticket(team=cast.orders)
    assert called() == ["Piotr Wieczorek"] * 2 and not AlertCall.objects.filter(joined=True).exists()
    alert = Alert.objects.get(ticket=first)
    Alert.objects.filter(pk=alert.pk).update(next_at=clock.now())
    call_next(alert.pk)
    assert called() == ["Piotr Wieczorek"] * 2
    undo(binned, by=by, principal=Principal.of_agent(cast.ada))
    assert called() == ["Piotr Wieczorek"] * 3 and states() == ["over", "open", "open"]
    acknowledge(Alert.objects.get(ticket=first, state="open"), agent=cast.piotr, by=Actor.agent(cast.piotr))
    delete_ticket(first, by=by, agent=cast.ada)
    restore_ticket(first, by=by)
    assert len(called()) == 3, "somebody has it"


def test_the_way_of_the_first_mail_leads_to_the_call_of_now(cast: Cast, rota: Rota) -> None:
    handed_up(cast)
    assert called() == ["Piotr Wieczorek"]
    page, piotr = f"/desk/alerts/{Alert.objects.get().pk}/", cast.browser(cast.piotr)
    hand_back(Ticket.objects.get(), by=TEST, agent=cast.piotr, answer="Done.")
    escalate(Ticket.objects.get(), by=TEST, agent=None, level=2, package=Package(needed="Look again."))
    assert states() == ["over", "open"]
    assert "nobody is called any more" not in piotr.get(page).content.decode()
    assert "Nobody else is called" in piotr.post(page, follow=True).content.decode()
    assert states() == ["over", "acknowledged"] and Ticket.objects.get().assignee == cast.piotr
    assert called() == ["Piotr Wieczorek"]


def test_an_undo_ends_the_call_at_once(cast: Cast, rota: Rota) -> None:
    ticket, by = cast.ticket(), Actor.agent(cast.anna)
    operation = operations.start("change", agent=cast.anna)
    update_ticket(ticket, by=by, set={"team": cast.orders}, operation=operation)
    assert states() == ["open"]
    cast.anna.teams.add(cast.orders)
    undo(operation, by=by, principal=Principal.of_agent(cast.anna))
    assert Ticket.objects.get().level == 1
    assert states() == ["over"] and called() == []


@pytest.mark.parametrize(("is_acknowledged", "after"), [(True, ["acknowledged"]), (False, ["over", "open"])])
def test_a_return_that_is_undone_calls_again_unless_somebody_had_it(
    cast: Cast, rota: Rota, is_acknowledged: bool, after: list[str]
) -> None:
    handed_up(cast)
    by: Any = Actor.agent(cast.piotr)
    if is_acknowledged:
        acknowledge(Alert.objects.get(), agent=cast.piotr, by=by)
    cast.piotr.teams.add(cast.netz)
    operation = operations.start("change", agent=cast.piotr)
    hand_back(Ticket.objects.get(), by=by, agent=cast.piotr, answer="Done.", operation=operation)
    assert states()[0] == after[0]
    undo(operation, by=by, principal=Principal.of_agent(cast.piotr))
    assert Ticket.objects.get().level == 2 and states() == after

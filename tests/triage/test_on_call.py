"""Rotas: who is called when, over changes of the clocks, zones and exceptions; the settings and the gateway."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast
from tresen.core.people.agents import deactivate_agent
from tresen.core.people.models import User
from tresen.core.people.principals import Principal
from tresen.core.tickets import operations
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.services import add_note, add_reply, update_ticket
from tresen.core.tickets.undoing import undo
from tresen.service.levels.handing import Package, escalate
from tresen.service.levels.services import create_level
from tresen.service.oncall.calling import HasLeft, acknowledge
from tresen.service.oncall.models import Alert, AlertCall, Gateway, Rota
from tresen.service.oncall.services import change_rota, create_rota, remove_layer
from tresen.service.oncall.telling import mail_call, tell_holes
from tresen.service.oncall.turns import Instead, Plan, Turns
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

ANNA, PIOTR = 1, 2


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(plan: Plan, start: str, end: str, rank: int = 1) -> list[tuple[str, int | None]]:
    return [(f"{one.starts_at.astimezone(UTC):%a %H:%M}", one.agent) for one in plan.duties(rank, at(start), at(end))]


def turns(**more: Any) -> Turns:
    usual: dict[str, Any] = {"rank": 1, "people": [ANNA, PIOTR], "starts_on": date(2026, 3, 23), "at": time(9),
                             "days": 7, "zone": "Europe/Berlin"}  # fmt: skip
    return Turns(**(usual | more))


def test_the_hour_of_a_hand_over_is_that_of_the_clock_on_the_wall() -> None:
    plan = Plan([turns()])
    assert shown(plan, "2026-03-22 00:00", "2026-04-07 00:00") == [
        ("Sun 00:00", None), ("Mon 08:00", ANNA), ("Mon 07:00", PIOTR), ("Mon 07:00", ANNA)]  # fmt: skip


def test_layers_follow_the_sun_and_what_nobody_takes_is_a_hole() -> None:
    def hours(first: int, last: int) -> Any:
        def spans(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
            day = start.replace(hour=0, minute=0)
            return [(day + timedelta(days=n, hours=first), day + timedelta(days=n, hours=last)) for n in range(9)]

        return spans

    plan = Plan([turns(people=[ANNA], hours=hours(0, 12)), turns(people=[PIOTR], hours=hours(12, 22))])
    start, end = at("2026-03-24 00:00"), at("2026-03-25 00:00")
    assert [one.agent for one in plan.duties(1, start, end)] == [ANNA, PIOTR, None]
    assert plan.holes([(start, end)], start, end) == [(at("2026-03-24 22:00"), end)]
    office = [(at("2026-03-24 08:00"), at("2026-03-24 17:00"))]
    assert plan.holes(office, start, end) == []


def test_an_exception_goes_before_and_whoever_is_absent_is_left_out() -> None:
    begin, end = at("2026-03-24 00:00"), at("2026-03-24 12:00")
    plan = Plan([turns()], [Instead(1, PIOTR, begin, end)])
    assert shown(plan, "2026-03-24 00:00", "2026-03-25 00:00") == [("Tue 00:00", PIOTR), ("Tue 12:00", ANNA)]
    gone = Plan([turns(), turns(rank=2, people=[PIOTR])], away={ANNA: [(begin, end)]})
    assert shown(gone, "2026-03-24 00:00", "2026-03-25 00:00") == [("Tue 00:00", None), ("Tue 12:00", ANNA)]
    assert gone.on_call(begin) == [PIOTR]
    assert gone.on_call(end) == [ANNA, PIOTR]


def handed_up(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    escalate(ticket, by=Actor.agent(cast.anna), agent=cast.anna, level=2, package=Package(needed="Look."))
    drain("default")
    return ticket


def test_when_nobody_acknowledges_the_keeper_is_told_in_the_end(cast: Cast, rota: Rota, time_machine: Any) -> None:
    start = datetime(2026, 3, 1, 2, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    tickets = [handed_up(cast) for _ in range(2)]
    for minute in range(0, 60, 11):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        drain("default")
    for ticket in tickets:
        alert = Alert.objects.get(ticket=ticket)
        assert alert.state == "over" and [call.agent for call in alert.calls.all()] == [cast.piotr] * 3 + [cast.ada]
        assert not alert.calls.get(agent=cast.ada).joined, "of each that nobody answered"


def test_a_ticket_that_goes_on_while_one_level_is_called_calls_the_next(cast: Cast, rota: Rota) -> None:
    third = create_rota(set={"name": "Core", "level": 3, "keeper": cast.ada}, by=TEST)
    ticket = handed_up(cast)
    escalate(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, level=3, package=Package(needed="Look."))
    drain("default")
    assert [call.agent for call in AlertCall.objects.order_by("pk")] == [cast.piotr, cast.ada]
    assert Alert.objects.get(state="open").rota == third
    with pytest.raises(HasLeft):  # his word was asked for the second level
        acknowledge(Alert.objects.get(state="over"), agent=cast.piotr, by=Actor.agent(cast.piotr))


def test_who_has_said_that_he_has_it_does_not_take_it_back_by_an_undo(cast: Cast, rota: Rota) -> None:
    ticket = handed_up(cast)
    cast.browser(cast.piotr).post(f"/desk/alerts/{Alert.objects.get().pk}/")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.piotr and Alert.objects.get().state == "acknowledged"
    assert not Operation.objects.exists()


def taken(cast: Cast, ticket: Ticket) -> Operation:
    """By piotr, with a click."""
    operation = operations.start("change", agent=cast.piotr)
    wanted = {"assignee": cast.piotr}
    update_ticket(ticket, by=Actor.agent(cast.piotr), set=wanted, operation=operation)
    return operation


def test_who_takes_a_ticket_has_acknowledged_and_an_undo_calls_again(cast: Cast, rota: Rota) -> None:
    ticket = handed_up(cast)
    operation = taken(cast, ticket)
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", cast.piotr)
    event = Event.objects.get(kind="oncall.acknowledged")
    assert (event.actor_name, event.cause.kind) == ("Piotr Wieczorek", "ticket.changed")
    shown = cast.browser(cast.piotr).get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert "by taking the ticket" in shown
    undo(operation, by=Actor.agent(cast.piotr), principal=Principal.of_agent(cast.piotr))
    assert [one.state for one in Alert.objects.order_by("pk")] == ["acknowledged", "open"]


def test_a_note_that_takes_it_acknowledges_and_its_undo_calls_again_whoever_had_it(cast: Cast, rota: Rota) -> None:
    ticket, by = handed_up(cast), Actor.agent(cast.piotr)
    update_ticket(ticket, by=TEST, set={"assignee": cast.ada})
    operation = operations.start("change", agent=cast.piotr)
    update_ticket(ticket, by=by, set={"priority": 4}, operation=operation)
    wanted = {"assignee": cast.piotr}
    add_note(ticket, by=by, agent=cast.piotr, content=Content("Mine."), set=wanted, operation=operation)
    assert Alert.objects.get().state == "acknowledged"
    undo(operation, by=by, principal=Principal.of_agent(cast.piotr))
    ticket.refresh_from_db()
    assert ticket.assignee == cast.ada
    assert [one.state for one in Alert.objects.order_by("pk")] == ["acknowledged", "open"]


def test_an_answer_acknowledges_when_it_comes_from_whoever_was_called(cast: Cast, rota: Rota) -> None:
    ticket = handed_up(cast)
    for agent, state in ((cast.anna, "open"), (cast.piotr, "acknowledged")):
        add_reply(ticket, by=Actor.agent(agent), agent=agent, content=Content("We look at it."))
        assert Alert.objects.get().state == state
    assert Event.objects.get(kind="oncall.acknowledged").changes["deed"] == "answered"


def test_who_is_given_a_ticket_has_not_acknowledged(cast: Cast, rota: Rota) -> None:
    ticket = handed_up(cast)
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"assignee": cast.piotr})
    assert Alert.objects.get().state == "open"


def test_administrators_stand_in_for_a_keeper_who_has_left(
    cast: Cast, rota: Rota, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "tresen.service.oncall.telling.send_account_mail", lambda **mail: told.append((mail["to"], mail["text"]))
    )
    change_rota(rota, set={"keeper": cast.anna}, by=TEST)
    deactivate_agent(cast.anna, by=TEST)
    remove_layer(rota.layers.get(), by=TEST)
    tell_holes()
    ((to, text),) = told
    assert to == cast.ada.user.email and "Anna Kowalczyk, who keeps this rota, can no longer sign in" in text
    ada = cast.browser(cast.ada)
    assert "no keeper" in ada.get("/settings/on-call/").content.decode()
    assert "can no longer sign in" in ada.get(f"/settings/on-call/{rota.pk}/").content.decode()
    ticket = cast.ticket()
    escalate(ticket, by=TEST, agent=None, level=2, package=Package(needed="Look."))
    drain("default")
    assert [call.agent for call in AlertCall.objects.all()] == [cast.ada]


def test_a_level_with_a_rota_cannot_be_put_to_rest(cast: Cast) -> None:
    makers = create_level(set={"names": {"en": "Makers"}}, by=TEST)
    made = create_rota(set={"name": "Nights", "level": makers.number, "keeper": cast.ada}, by=TEST)
    ada = cast.browser(cast.ada)
    answer = ada.post(f"/settings/levels/{makers.pk}/", {"name_en": "Makers"})
    assert answer.status_code == 422 and "Teams, rotas and open tickets there: Nights" in answer.content.decode()
    change_rota(made, set={"is_active": False}, by=TEST)
    assert ada.post(f"/settings/levels/{makers.pk}/", {"name_en": "Makers"}).status_code == 302


@pytest.mark.parametrize(
    ("language", "minutes", "said"), [
        ("en", 1, "in 1 minute."), ("en", 5, "in 5 minutes."), ("de", 1, "in 1 Minute"), ("de", 5, "in 5 Minuten"),
        ("pl", 1, "za 1 minutę"), ("pl", 3, "za 3 minuty"), ("pl", 5, "za 5 minut"),
    ],
)  # fmt: skip
def test_a_call_says_how_long_it_waits_as_one_says_it(
    cast: Cast, rota: Rota, monkeypatch: pytest.MonkeyPatch, language: str, minutes: int, said: str
) -> None:
    told: list[str] = []
    monkeypatch.setattr("tresen.service.oncall.telling.send_account_mail", lambda **mail: told.append(mail["text"]))
    User.objects.filter(pk=cast.piotr.user_id).update(language=language)
    change_rota(rota, set={"ack_minutes": minutes}, by=TEST)
    handed_up(cast)
    mail_call(AlertCall.objects.get().pk)
    assert said in told[0]


def test_a_hole_that_goes_on_is_told_once(cast: Cast, monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> None:
    told: list[str] = []
    monkeypatch.setattr("tresen.service.oncall.telling.send_account_mail", lambda **mail: told.append(mail["to"]))
    start = datetime(2026, 3, 1, 2, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    create_rota(set={"name": "Nobody", "level": 2, "keeper": cast.ada}, by=TEST)
    for minutes in (0, 15, 30, 60 * 24):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        tell_holes()
    assert told == [cast.ada.user.email]


def test_a_rota_is_set_up_in_the_settings(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    wrong = {"name": "Nights", "level": "2", "cover": "outside", "ack_minutes": "5", "keeper": cast.ada.pk}
    assert ada.post("/settings/on-call/new/", wrong).status_code == 422
    assert ada.post("/settings/on-call/new/", wrong | {"cover": "always", "is_active": "on"}).status_code == 302
    rota = Rota.objects.get()
    page = f"/settings/on-call/{rota.pk}/"
    assert "Nobody is on call" in ada.get(page).content.decode()
    layer = {"what": "layer", "rank": "1", "people": "Piotr Wieczorek\nNobody Real", "starts_on": "2020-01-01",
             "hands_over_at": "09:00", "days": "7", "timezone": "Europe/Berlin"}  # fmt: skip
    assert ada.post(page, layer).status_code == 422
    for day in ("9999-12-31", "0001-01-01"):
        assert ada.post(page, layer | {"people": "piotr wieczorek", "starts_on": day}).status_code == 422
    other = {"what": "override", "rank": "1", "agent": cast.piotr.pk, "starts_at": "2026-01-01T08:00"}
    assert ada.post(page, other | {"ends_at": "9999-12-31T23:59"}).status_code == 422
    assert ada.post(page, layer | {"people": "piotr wieczorek"}).status_code == 302
    shown = ada.get(page).content.decode()
    assert "Nobody is on call" not in shown and "Piotr Wieczorek" in shown
    assert "Piotr Wieczorek" in ada.get("/settings/on-call/").content.decode()
    assert ada.post("/settings/on-call/gateway/", {f"n-{cast.piotr.pk}": "call me"}).status_code == 422
    numbers = {cast.piotr.pk: "+49 40 123", cast.ada.pk: "+49 40 456"}  # the keeper is called, too
    ada.post("/settings/on-call/gateway/", {f"n-{key}": number for key, number in numbers.items()})
    assert Gateway.objects.get().numbers == {str(key): number for key, number in numbers.items()}
    ada.post(page, {"what": "drop-layer", "key": rota.layers.get().pk})
    assert not rota.layers.exists()

"""Levels: a ticket goes up with what was tried, found and is needed, and the answer comes back to the same person."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from tests.cast import TEST, Cast, json
from tests.desk.conftest import tree
from tresen.core.calendars.services import create_calendar
from tresen.core.people.models import Agent, Brand, Role, Team, User
from tresen.core.people.principals import Principal
from tresen.core.people.teams import update_team
from tresen.core.tickets import undoing
from tresen.core.tickets.level_models import Level, LevelStay
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import start
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.levels.climbing import act_on
from tresen.service.levels.figures import figures_since, time_on_levels
from tresen.service.levels.handing import CannotHandOver, Package, escalate, hand_back, leads_of, tell_leads
from tresen.service.levels.models import Handover
from tresen.service.notifications.models import Notification
from tresen.service.rules.services import create_rule
from tresen.service.search.services import apply_query
from tresen.service.sla.jobs import watch
from tresen.service.sla.models import Clock
from tresen.service.sla.services import create_policy
from tresen.service.webhooks.models import Delivery
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record
from tresen.spine.jobs.worker import drain

DAYS, WHOLE = ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), [["00:00", "24:00"]]


@pytest.fixture
def second(cast: Cast) -> Team:
    """Orders works on the second level; its one member is piotr."""
    return update_team(cast.orders, set={"level": 2}, by=TEST)


@pytest.fixture
def ticket(cast: Cast, second: Team) -> Ticket:
    """Anna's, on the first level."""
    return cast.ticket(assignee=cast.anna)


def up(cast: Cast, ticket: Ticket, **more: Any) -> Handover:
    more.setdefault("level", 2)
    more.setdefault("package", Package(tried="Restarted it.", needed="Look at the gateway."))
    return escalate(ticket, by=Actor.agent(cast.anna), agent=cast.anna, **more)


def back(cast: Cast, ticket: Ticket) -> Handover:
    return hand_back(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, answer="The gateway is mended.")


def now(ticket: Ticket) -> tuple[int, Team | None, Agent | None]:
    found = Ticket.objects.get(pk=ticket.pk)
    return found.level, found.team, found.assignee


def test_a_desk_begins_with_three_levels_and_everybody_on_the_first(cast: Cast) -> None:
    assert list(Level.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert cast.ticket().level == 1


def test_a_ticket_goes_up_and_comes_back_to_the_same_person(cast: Cast, ticket: Ticket, second: Team) -> None:
    row = up(cast, ticket, assignee=cast.piotr)
    assert now(ticket) == (2, second, cast.piotr)
    assert row.note is not None and "Tried: Restarted it." in row.note.text and row.note.is_internal
    assert ticket.participants.filter(agent=cast.anna, role="follower").exists()
    back(cast, ticket)
    assert now(ticket) == (1, cast.netz, cast.anna)
    told = Notification.objects.get(agent=cast.anna, event__kind="ticket.returned")
    assert told.kind == "returned"
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).values_list("kind", flat=True)
    assert list(events) == ["ticket.created", "ticket.escalated", "ticket.returned"]


def test_what_somebody_of_another_team_handed_up_comes_back_to_its_team(cast: Cast, ticket: Ticket) -> None:
    escalate(ticket, by=Actor.agent(cast.ada), agent=cast.ada, level=2, package=Package(needed="Look at it."))
    back(cast, ticket)
    level, team, owner = now(ticket)
    assert (level, team) == (1, cast.netz) and owner != cast.ada and (owner is None or cast.netz in owner.teams.all())


def test_nothing_goes_up_without_a_word_nor_to_where_it_is(cast: Cast, ticket: Ticket) -> None:
    for why, more in (
        ("empty", {"package": Package()}), ("level", {"level": 1}), ("level", {"level": 9}),
        ("team", {"team": cast.netz}), ("agent", {"assignee": cast.anna}),
    ):  # fmt: skip
        with pytest.raises(CannotHandOver) as refused:
            up(cast, ticket, **more)
        assert refused.value.why == why
    with pytest.raises(CannotHandOver) as refused:
        back(cast, ticket)
    assert refused.value.why == "nothing"
    assert not Message.objects.filter(ticket=ticket, kind="note").exists()


def test_a_level_without_teams_leaves_the_ticket_with_its_team(cast: Cast, ticket: Ticket) -> None:
    up(cast, ticket, level=3)
    assert now(ticket) == (3, cast.netz, None)


def test_going_to_and_fro_is_counted(cast: Cast, ticket: Ticket) -> None:
    for _ in range(3):
        up(cast, ticket)
        back(cast, ticket)
    assert list(ticket.handovers.filter(way="up").values_list("round", flat=True)) == [1, 2, 3]
    assert figures_since(clock.now() - timedelta(days=1))[2].again == 2


def test_whoever_handed_it_up_learns_that_it_is_solved(cast: Cast, ticket: Ticket) -> None:
    up(cast, ticket, assignee=cast.piotr)
    solved = Status.objects.default_of("solved")
    update_ticket(ticket, by=Actor.agent(cast.piotr), set={"status": solved})
    assert Notification.objects.filter(agent=cast.anna, kind="solved").count() == 1
    assert figures_since(clock.now() - timedelta(days=1))[2].solved == 1


def test_time_is_kept_level_by_level(cast: Cast, ticket: Ticket, time_machine: Any) -> None:
    begun = ticket.created_at
    time_machine.move_to(begun + timedelta(hours=1), tick=False)
    up(cast, ticket)
    time_machine.move_to(begun + timedelta(hours=4), tick=False)
    back(cast, ticket)
    found = Ticket.objects.get(pk=ticket.pk)
    spent = time_on_levels(found, found.stays.all(), now=begun + timedelta(hours=6))
    assert spent == {1: timedelta(hours=3), 2: timedelta(hours=3)}
    assert [(stay.level, stay.agent) for stay in LevelStay.objects.all()] == [(1, cast.anna), (2, None)]


def test_the_time_of_a_level_counts_stays_that_went_on_and_those_that_ended_with_the_solution(
    cast: Cast, ticket: Ticket, second: Team, time_machine: Any
) -> None:
    begun, solved = ticket.created_at, {"status": Status.objects.default_of("solved")}
    other, opened = cast.ticket(), cast.ticket(team=second)
    time_machine.move_to(begun + timedelta(hours=1), tick=False)
    up(cast, ticket)
    time_machine.move_to(begun + timedelta(hours=3), tick=False)
    update_ticket(other, by=TEST, set=solved)
    update_ticket(other, by=TEST, set={"team": second})  # after it was solved: its last stay is the one before
    time_machine.move_to(begun + timedelta(hours=6), tick=False)
    update_ticket(ticket, by=TEST, set=solved)
    figures = figures_since(begun - timedelta(hours=1))
    assert [round(figures[n].stay / timedelta(hours=1), 2) for n in (1, 2) if figures[n].stay] == [2, 5]
    assert [figures[n].stays for n in (1, 2)] == [2, 1] and opened.level == 2
    page = " ".join(cast.browser(cast.ada).get("/settings/levels/").content.decode().split())
    assert "2 stays" in page and "those solved here; open ones do not count" in page


def test_another_team_brings_its_level_along(cast: Cast, ticket: Ticket, second: Team) -> None:
    update_ticket(ticket, by=TEST, set={"team": second})
    assert now(ticket)[0] == 2
    assert cast.ticket(team=second).level == 2


def test_handing_up_can_be_undone(cast: Cast, ticket: Ticket) -> None:
    operation = start("change", agent=cast.anna)
    up(cast, ticket, assignee=cast.piotr, operation=operation)
    assert ticket.participants.filter(agent=cast.anna).exists()
    undoing.undo(Operation.objects.get(), by=Actor.agent(cast.anna), principal=Principal.of_agent(cast.anna))
    assert now(ticket) == (1, cast.netz, cast.anna)
    assert not ticket.participants.filter(agent=cast.anna).exists()
    assert not Handover.objects.exists() and not Message.objects.filter(ticket=ticket, kind="note").exists()


def test_a_lead_of_the_team_is_told(cast: Cast, ticket: Ticket) -> None:
    cast.piotr.role_id = Role.TEAM_LEAD
    cast.piotr.save()
    cast.piotr.teams.add(cast.netz)
    leads = tell_leads(ticket, by=Actor.agent(cast.anna), agent=cast.anna, reason="The customer is furious.")
    assert leads == [cast.piotr]
    assert Notification.objects.get(agent=cast.piotr).kind == "manager"
    assert now(ticket) == (1, cast.netz, cast.anna)
    Agent.objects.filter(pk=cast.anna.pk).update(role=Role.TEAM_LEAD)
    cast.anna.teams.clear()
    assert leads_of(cast.ticket(team=None)) == [cast.ada], "where there is no team nobody leads it"


def test_an_agent_hands_up_and_back_at_the_desk(cast: Cast, ticket: Ticket, second: Team) -> None:
    Level.objects.filter(number=2).update(questions=[{"en": "Which version?", "de": "Welche Version?", "pl": ""}])
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    page = anna.get(f"/desk/tickets/{ticket.number}/escalate/").content.decode()
    assert "Piotr Wieczorek" in page and "Which version?" in page
    for language, asked in (("de", "Welche Version?"), ("pl", "Which version?"), ("en", "Which version?")):
        User.objects.filter(pk=cast.anna.user_id).update(language=language)
        assert asked in anna.get(f"/desk/tickets/{ticket.number}/escalate/").content.decode(), language
    to = f"2:{second.pk}"
    refused = anna.post(f"/desk/tickets/{ticket.number}/escalate/", {"to": to, "who": "suggested"})
    assert refused.status_code == 422
    said = {"to": to, "who": "suggested", "tried": "All of it", "answer-2-0": "Version 7"}
    anna.post(f"/desk/tickets/{ticket.number}/escalate/", said)
    assert now(ticket) == (2, second, cast.piotr)
    note = Message.objects.get(ticket=ticket, kind="note")
    assert note.text == "Tried: All of it\n\nWhich version?: Version 7"
    shown = anna.get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert "handed up to level 2" in shown and "L2" in shown
    assert "Version 7" in piotr.get(f"/desk/tickets/{ticket.number}/return/").content.decode()
    piotr.post(f"/desk/tickets/{ticket.number}/return/", {"answer": "Restart it twice."})
    assert now(ticket) == (1, cast.netz, cast.anna)


def test_tickets_are_found_by_level(cast: Cast, ticket: Ticket) -> None:
    other, principal = cast.ticket(), Principal.of_agent(cast.ada)
    up(cast, ticket)
    for line, found in (
        ("level:2", {ticket}), ("level>1", {ticket}), ("level<=1", {other}), ('level:"second level"', {ticket}),
    ):  # fmt: skip
        assert set(apply_query(Ticket.objects.all(), line, principal)) == found, line


def test_levels_are_set_up_in_the_settings(cast: Cast) -> None:
    ada: Client = cast.browser(cast.ada)
    made = {"name_en": "Makers", "teams": [cast.orders.pk], "climbs": "on",
            "question_en": ["Which  version?", "", "Since when?"], "question_de": ["Welche Version?"]}  # fmt: skip
    assert ada.post("/settings/levels/new/", made).status_code == 302
    level = Level.objects.get(number=4)
    assert level.questions == [
        {"en": "Which version?", "de": "Welche Version?", "pl": ""}, {"en": "Since when?", "de": "", "pl": ""},
    ] and level.climbs and not level.tells_leads  # fmt: skip
    shown = ada.get(f"/settings/levels/{level.pk}/").content.decode()
    assert 'value="Welche Version?"' in shown and shown.count('name="question_pl"') == 5
    too_many = ada.post("/settings/levels/new/", {"name_en": "X", "question_en": [f"{n}?" for n in range(11)]})
    assert too_many.status_code == 422 and "At most 10 questions." in too_many.content.decode()
    (said,) = (row for row in json(cast.calls(cast.ada).get("/levels"), 200)["items"] if row["number"] == 4)
    assert said["questions"] == [{"en": "Which version?", "de": "Welche Version?"}, {"en": "Since when?"}]
    cast.orders.refresh_from_db()
    assert cast.orders.level == 4
    page = ada.get("/settings/levels/").content.decode()
    assert "4 · Makers" in page and "Orders" in page
    rest = {"name_en": "Makers", "teams": [cast.orders.pk]}
    assert ada.post(f"/settings/levels/{level.pk}/", rest).status_code == 422
    assert ada.post(f"/settings/levels/{level.pk}/", {"name_en": "Makers"}).status_code == 302
    cast.orders.refresh_from_db()
    level.refresh_from_db()
    assert (cast.orders.level, level.is_active) == (1, False)


def test_questions_of_before_stay_as_those_of_the_language_of_the_desk(cast: Cast) -> None:
    moved = import_module("tresen.core.tickets.migrations.0006_questions_by_language")
    Brand.objects.filter(pk=cast.brand.pk).update(language="de")
    Level.objects.filter(number=2).update(questions=["Welche Version?", "Seit wann?"])
    moved.by_language(apps, None)
    level = Level.objects.get(number=2)
    assert level.questions == [{"de": "Welche Version?"}, {"de": "Seit wann?"}]
    assert level.asks == ["Welche Version?", "Seit wann?"], "also for whoever reads English"
    moved.in_one_language(apps, None)
    assert Level.objects.get(number=2).questions == ["Welche Version?", "Seit wann?"]


def test_time_on_a_level_warns_leads_and_then_the_ticket_goes_up_by_itself(
    cast: Cast, second: Team, time_machine: Any
) -> None:
    time_machine.move_to("2026-03-02T02:00:00Z", tick=False)
    Level.objects.filter(number=1).update(climbs=True)
    always = create_calendar(set={"name": "Always", "timezone": "UTC", "weekly": dict.fromkeys(DAYS, WHOLE)}, by=TEST)
    targets = {"level-1": {"2": 60}, "level-2": {"2": 120}}
    create_policy(set={"name": "All", "calendar": always, "targets": targets, "is_active": True}, by=TEST)
    ticket = cast.ticket(assignee=cast.anna)
    for minute, at, told in ((46, 1, 1), (50, 1, 1), (61, 2, 1), (62, 2, 1)):
        time_machine.move_to(f"2026-03-02T0{2 + minute // 60}:{minute % 60:02}:00Z", tick=False)
        watch()
        drain("default")
        assert (now(ticket)[0], Event.objects.filter(kind="manager.told").count()) == (at, told), minute
    event = Event.objects.get(kind="ticket.escalated")
    assert (event.actor_kind, event.cause.kind) == ("system", "clock.breached")
    assert ticket.participants.filter(agent=cast.anna, role="follower").exists()
    clocks = Clock.objects.filter(ticket=ticket, metric="level").order_by("started_at")
    assert [(clock.minutes, clock.stopped_at is None) for clock in clocks] == [(60, False), (120, True)]
    assert now(ticket)[1] == second


def test_what_came_back_in_this_moment_does_not_go_up_by_the_clock(cast: Cast, ticket: Ticket) -> None:
    Level.objects.filter(number=1).update(climbs=True)
    read_before = Ticket.objects.get(pk=ticket.pk)
    with transaction.atomic():
        ran_out = record("clock.breached", stream=ticket, by=TEST)
    up(cast, ticket)
    back(cast, ticket)
    act_on(read_before, ran_out)
    assert now(ticket)[0] == 1 and Handover.objects.count() == 2


def test_programs_hand_up_and_back(cast: Cast, ticket: Ticket, second: Team) -> None:
    anna, piotr, path = cast.calls(cast.anna), cast.calls(cast.piotr), f"/tickets/{ticket.number}"
    assert json(anna.post(f"{path}/escalate", {"level": 1, "summary": "Tried it."}), 400)
    assert json(anna.post(f"{path}/escalate", {"level": 2, "summary": "  "}), 400)
    done = json(anna.post(f"{path}/escalate", {"level": 2, "summary": "Tried it.", "assignee": cast.piotr.pk}), 200)
    assert (done["level"], done["team"]["id"], done["assignee"]["id"]) == (2, second.pk, cast.piotr.pk)
    assert json(piotr.post(f"{path}/return", {"summary": "Restart it."}), 200)["level"] == 1
    assert json(piotr.post(f"{path}/return", {"summary": "Again."}), 404)
    assert json(anna.post(f"{path}/return", {"summary": "Again."}), 409)["why"] == "nothing"
    assert [row["number"] for row in json(anna.get("/tickets?query=level:1"), 200)["items"]] == [ticket.number]


def test_a_rule_tells_the_leads_and_the_ticket_stays(cast: Cast, second: Team) -> None:
    tell = {"do": "tell_leads", "reason": "Look after this one."}
    create_rule(by=TEST, set={"name": "Leads", "triggers": ["created"], "condition": "vpn", "actions": [tell],
                              "is_active": True})  # fmt: skip
    made = cast.ticket(assignee=cast.anna)
    event = Event.objects.get(kind="manager.told")
    assert event.changes["agents"] == [cast.ada.pk] and event.actor_name == "Leads"
    assert made.messages.get(kind="note").text == "Look after this one." and now(made)[0] == 1


def test_a_rule_hands_up_and_an_endpoint_hears_of_it(cast: Cast, second: Team) -> None:
    wanted = {"name": "Problems", "triggers": ["created"], "condition": "type:problem", "is_active": True}
    create_rule(set=wanted | {"actions": [{"do": "escalate", "level": "next"}]}, by=TEST)
    create_endpoint(set={"name": "Pager", "url": "https://hooks.example/in", "kinds": ["ticket.escalated"]}, by=TEST)
    calm, grave = cast.ticket(assignee=cast.anna), cast.ticket(assignee=cast.anna, type="problem")
    assert now(calm)[0] == 1 and now(grave)[:2] == (2, second)
    row = Handover.objects.get()
    assert (row.ticket, row.by_clock, row.from_agent) == (grave, False, cast.anna)
    assert Delivery.objects.get().kind == "ticket.escalated"
    page = cast.browser(cast.ada).get(f"/desk/tickets/{grave.number}/").content.decode()
    assert "handed up to level 2" in page and "time on the level is over" not in page


def test_an_old_answer_page_answers_no_other_hand_over(cast: Cast, ticket: Ticket, second: Team) -> None:
    core = update_team(Team.objects.create(name="Core", slug="core"), set={"level": 3}, by=TEST)
    first = up(cast, ticket)
    escalate(
        ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, level=3, team=core, package=Package(needed="A look.")
    )
    ada = cast.browser(cast.ada)
    address = f"/desk/tickets/{ticket.number}/return/"
    page = tree(ada.get(address))
    seen = page.css_first("input[name=handover]").attributes["value"]
    assert seen and seen != str(first.pk)
    answer = {"answer": "Mended.", "handover": seen}
    assert ada.post(address, answer).status_code == 302
    refused = ada.post(address, answer)
    assert refused.status_code == 422 and "answered meanwhile" in refused.content.decode()
    assert now(ticket)[0] == 2


def test_a_colleague_of_another_team_is_not_dropped_in_silence(cast: Cast, ticket: Ticket, second: Team) -> None:
    page = cast.browser(cast.anna).post(
        f"/desk/tickets/{ticket.number}/escalate/",
        {"to": f"2:{second.pk}", "who": str(cast.anna.pk), "needed": "A look."},
    )
    assert page.status_code == 422 and "does not work in the team" in page.content.decode()
    assert now(ticket)[0] == 1

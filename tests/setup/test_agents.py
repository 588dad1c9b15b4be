"""Colleagues: invited, changed, deactivated."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import PASSWORD, Cast
from tresen.core.people.agents import agent_values
from tresen.core.people.models import Agent, Role, User
from tresen.core.tickets import services
from tresen.core.tickets.models import Status, Ticket
from tresen.faces.setup.saving import marked
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain


def url(agent: Agent, act: str = "") -> str:
    return f"/settings/agents/{agent.pk}/{act}"


def form(agent: Agent, **more: object) -> dict[str, object]:
    values = {**marked(agent_values(agent)), **more}
    return values


def person(**more: object) -> dict[str, object]:
    return {"name": "Mira Osei", "email": "mira@lindhafen.example", "role": "agent", "language": "pl",
            "timezone": "Europe/Warsaw", **more}  # fmt: skip


def test_where_mail_stays_here_the_link_is_shown_once(cast: Cast, ada: Client) -> None:
    answer = ada.post("/settings/agents/invite/", person(teams=[cast.netz.pk]))
    assert answer.status_code == 200
    found = re.search(r'value="(\S+/invite/\S+/)"', answer.content.decode())
    assert found
    assert found.group(1).startswith(settings.BASE_URL)
    mira = Agent.objects.get(user__email="mira@lindhafen.example")
    assert list(mira.teams.all()) == [cast.netz]
    assert "/invite/" not in ada.get(url(mira)).content.decode().replace(url(mira, "invite/"), "")
    path = found.group(1).removeprefix(settings.BASE_URL)
    new = {"password": "neue-leitung-88", "again": "neue-leitung-88"}
    assert Client().post(path, new).url == "/desk/"


def test_an_address_has_one_account(cast: Cast, ada: Client) -> None:
    answer = ada.post("/settings/agents/invite/", person(email="ANNA@lindhafen.example"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "already an account" in text
    assert 'value="Mira Osei"' in text


def test_name_teams_and_role_are_changed_and_noted(cast: Cast, ada: Client) -> None:
    wanted = form(cast.anna, name="Anna Nowak", role="team_lead", teams=[cast.orders.pk])
    assert ada.post(url(cast.anna), wanted).status_code == 302
    cast.anna.refresh_from_db()
    assert (cast.anna.role_id, list(cast.anna.teams.all())) == (Role.TEAM_LEAD, [cast.orders])
    event = Event.objects.get(kind="agent.changed")
    assert event.changes["teams"] == [["Netz"], ["Orders"]]
    assert event.actor_name == "Ada Berg"


def test_of_two_who_save_the_second_is_told_and_loses_nothing(cast: Cast, ada: Client) -> None:
    mine, theirs = form(cast.anna, name="Anna Nowak"), form(cast.anna, name="Anna Kowal")
    assert ada.post(url(cast.anna), theirs).status_code == 302
    answer = ada.post(url(cast.anna), mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Anna Kowal" in text
    assert 'value="Anna Nowak"' in text
    mark = re.search(r'name="mark" value="(\w+)"', text)
    assert mark
    assert ada.post(url(cast.anna), {**mine, "mark": mark.group(1)}).status_code == 302
    cast.anna.user.refresh_from_db()
    assert cast.anna.user.name == "Anna Nowak"


def test_another_role_signs_the_colleague_out(cast: Cast, ada: Client) -> None:
    piotr = cast.browser(cast.piotr)
    assert piotr.get("/me/").status_code == 200
    ada.post(url(cast.piotr), form(cast.piotr, role="admin"))
    assert piotr.get("/me/").status_code == 302


def test_nobody_changes_the_own_role_also_where_there_are_other_administrators(cast: Cast) -> None:
    Agent.objects.filter(pk=cast.piotr.pk).update(role=Role.ADMIN)
    browser = Client()
    browser.post("/sign-in/", {"email": "ada@lindhafen.example", "password": PASSWORD})
    answer = browser.post(url(cast.ada), form(cast.ada, role="agent"))
    assert (answer.status_code, Agent.objects.get(pk=cast.ada.pk).role_id) == (422, Role.ADMIN)
    assert "Nobody changes their own role" in answer.content.decode()
    assert browser.get("/settings/tags/").status_code == 200


@pytest.mark.parametrize("act", ["deactivate/", ""])
def test_the_last_administrator_stays(cast: Cast, ada: Client, act: str) -> None:
    if act:
        ada.post(url(cast.ada, act))
    else:
        assert ada.post(url(cast.ada), form(cast.ada, role="agent")).status_code == 422
    cast.ada.refresh_from_db()
    assert (cast.ada.role_id, User.objects.get(pk=cast.ada.user.pk).is_active) == (Role.ADMIN, True)


def test_an_invited_administrator_who_has_not_come_is_no_other_administrator(cast: Cast, ada: Client) -> None:
    ada.post("/settings/agents/invite/", person(role="admin"))
    assert ada.post(url(cast.ada), form(cast.ada, role="agent")).status_code == 422


def test_open_tickets_of_who_leaves_go_back_to_their_teams(cast: Cast, ada: Client) -> None:
    held = [cast.ticket(assignee=cast.anna) for _ in range(3)]
    solved = cast.ticket(assignee=cast.anna)
    done = Status.objects.get(category="solved")
    services.update_ticket(solved, by=cast_actor(cast), set={"status": done})
    assert "3 open tickets go back" in ada.get(url(cast.anna)).content.decode()
    ada.post(url(cast.anna, "deactivate/"))
    drain("default")
    for ticket in held:
        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.team) == (None, cast.netz)
    assert Ticket.objects.get(pk=solved.pk).assignee == cast.anna
    assert Event.objects.filter(kind="ticket.changed", actor_name="deactivation").count() == 3


def cast_actor(cast: Cast):
    from tresen.spine.events.actors import Actor

    return Actor.agent(cast.ada)


def test_who_leaves_is_out_at_once_and_can_come_back(cast: Cast, ada: Client) -> None:
    anna, token = cast.browser(cast.anna), cast.calls(cast.anna)
    assert token.get("/tickets").status_code == 200
    ada.post(url(cast.anna, "deactivate/"))
    assert anna.get("/me/").status_code == 302
    assert token.get("/tickets").status_code == 401
    ada.post(url(cast.anna, "reactivate/"))
    assert token.get("/tickets").status_code == 401
    answer = Client().post("/sign-in/", {"email": "anna@lindhafen.example", "password": PASSWORD})
    assert answer.status_code == 302


def test_a_colleague_is_signed_out_everywhere(cast: Cast, ada: Client) -> None:
    anna = cast.browser(cast.anna)
    ada.post(url(cast.anna, "sign-out/"))
    assert anna.get("/me/").status_code == 302
    assert ada.post(url(cast.ada, "sign-out/")).status_code == 302
    assert ada.get("/settings/").status_code == 200


def test_an_active_account_gets_no_second_invitation(cast: Cast, ada: Client) -> None:
    answer = ada.post(url(cast.anna, "invite/"), follow=True)
    assert "needs no invitation" in answer.content.decode()
    assert not Event.objects.filter(kind="agent.invited").exists()

"""An invitation, from the mail to the desk."""

from __future__ import annotations

import re
from typing import Any

import time_machine
from django.test import Client

from tests.cast import TEST, Cast
from tests.outbox import account_mails
from tresen.core.people.accounts import create_administrator, invite_again, invite_agent, mint_invitation
from tresen.core.people.agents import change_agent, set_team_members
from tresen.core.people.models import Agent, OneTimeLink, Role, User
from tresen.core.people.roles import change_role, create_role
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

NEW = {"password": "neue-leitung-88", "again": "neue-leitung-88"}


def invite(cast: Cast, email: str = "mira@lindhafen.example") -> tuple[Agent, str]:
    """Invites a colleague and returns the path in the mail."""
    agent = invite_agent(email=email, name="Mira Osei", teams=[cast.netz], language="en", by=TEST)
    drain("mail-out")
    found = re.search(r"/invite/\S+", account_mails()[-1].text)
    assert found
    return agent, found.group()


def test_the_invited_colleague_chooses_a_password_and_is_at_the_desk(cast: Cast) -> None:
    _agent, path = invite(cast)
    client = Client()
    page = client.get(path)
    assert page.status_code == 200
    assert "Welcome, Mira Osei" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert client.post(path, NEW).url == "/desk/"
    assert client.get("/me/").status_code == 200
    signed_in = Client().post("/sign-in/", {"email": "mira@lindhafen.example", "password": NEW["password"]})
    assert signed_in.status_code == 302


def test_another_role_meanwhile_leaves_the_invitation_good(cast: Cast) -> None:
    agent, path = invite(cast)
    page, ada = f"/settings/agents/{agent.pk}/", cast.browser(cast.ada)
    sent = {"name": "Mira Osei", "email": agent.user.email, "role": "team_lead", "teams": [cast.netz.pk]}
    assert ada.post(page, sent).status_code == 302
    assert ada.post(page, {**sent, f"role_in_{cast.netz.pk}": "agent"}).status_code == 302
    assert Client().post(path, NEW).status_code == 302 and Agent.objects.get(pk=agent.pk).role_id == "team_lead"


def test_a_link_that_its_sender_has_read_dies_when_it_would_give_more_than_the_sender_has(cast: Cast) -> None:
    lena = User.objects.create(email="lena@lindhafen.example", name="Lena")
    keeper = create_role(name="Keeper", rights=["see", "see_loose", "see_all", "create", "reply", "note", "change",
                                                "assign", "set_people"], by=TEST)  # fmt: skip
    trainee = create_role(name="Trainee", rights=["see", "note"], by=TEST)
    browser, ada = cast.browser(Agent.objects.create(user=lena, role=keeper)), cast.browser(cast.ada)
    person = {"name": "Mira Osei", "email": "mira@lindhafen.example", "language": "en", "timezone": "Europe/Warsaw"}

    def link_on(answer: Any) -> str:
        found = re.search(r"/invite/[^/\s\"]+/", answer.content.decode())
        assert answer.status_code == 200 and found
        return found.group()

    read = link_on(browser.post("/settings/agents/invite/", {**person, "role": trainee.key, "teams": [cast.netz.pk]}))
    mira = Agent.objects.get(user__email=person["email"])
    page, sent = f"/settings/agents/{mira.pk}/", {**person, "teams": [cast.netz.pk]}
    for way, change in (
        ("role", lambda: ada.post(page, {**sent, "role": "admin"})),
        ("rights", lambda: ada.post(f"/settings/roles/{trainee.pk}/", {"name": "Trainee", "rights": ["merge"]})),
        ("role there", lambda: ada.post(f"/settings/teams/{cast.netz.pk}/", {
            "name": "Netz", "is_active": "on", "agents": [cast.anna.pk, mira.pk], f"role_of_{mira.pk}": "team_lead",
        })),
    ):  # fmt: skip
        assert ada.post(page, {**sent, "name": f"Mira {way}", "role": trainee.key}).status_code == 302
        assert Client().get(read).status_code == 200, "what she might give herself leaves it good"
        answer = change()
        assert Client().get(read).status_code == 404, way
        told = Event.objects.filter(kind="agent.invited", stream_id=mira.pk).latest("pk")
        assert told.actor_name == "Ada Berg", "a fresh one is on its way to Mira's own address"
        if way == "role":
            assert Client().get(link_on(answer)).status_code == 200, "and where mail does not leave, Ada reads it"
            assert browser.post(f"{page}invite/").status_code == 403
        else:
            assert f"Mira {way}: the invitation no longer opens" in ada.get(page).content.decode()
        back = {**sent, "role": trainee.key, f"role_in_{cast.netz.pk}": ""}
        assert ada.post(page, back).status_code == 302
        change_role(trainee, set={"rights": ["see", "note"]}, by=TEST)
        read = link_on(browser.post(f"{page}invite/"))


def test_a_link_stays_good_when_others_join_the_team_and_once_it_was_renewed(cast: Cast) -> None:
    anna, ada = Actor.agent(cast.anna), Actor.agent(cast.ada)
    mira = invite_agent(email="mira@lindhafen.example", name="Mira", teams=[cast.netz], by=anna)
    link = f"/invite/{mint_invitation(mira.user)}/"
    Agent.objects.filter(pk=cast.anna.pk).update(role=create_role(name="Trainee", rights=["see"], by=TEST))

    def is_good_with(*agents: Agent) -> bool:
        renewed = set_team_members(cast.netz, agents=[*agents, cast.anna], by=ada)
        assert bool(renewed) == (Client().get(link).status_code == 404)
        return not renewed

    assert is_good_with(mira, cast.piotr), "nothing of hers has changed"
    change_agent(mira, set={"role": "admin"}, by=ada)
    assert Client().get(link).status_code == 404
    link = f"/invite/{mint_invitation(mira.user)}/"
    assert is_good_with() and is_good_with(mira), "who sent the first one has not read this one"


def test_looking_at_the_link_uses_nothing_up(cast: Cast) -> None:
    _agent, path = invite(cast)
    for _ in range(3):
        assert Client().get(path).status_code == 200
    assert Client().post(path, NEW).status_code == 302


def test_the_link_works_once(cast: Cast) -> None:
    _agent, path = invite(cast)
    Client().post(path, NEW)
    again = Client()
    assert again.get(path).status_code == 404
    assert again.post(path, {"password": "other-one-99", "again": "other-one-99"}).status_code == 404
    assert again.get("/me/").status_code == 302


def test_after_72_hours_it_is_dead_and_a_new_one_can_be_sent(cast: Cast) -> None:
    agent, path = invite(cast)
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(72 * 3600 + 1)
        assert Client().get(path).status_code == 404
        invite_again(agent, by=TEST)
        drain("mail-out")
        assert len(account_mails()) >= 2
    assert OneTimeLink.objects.filter(user=agent.user).count() == 2


def test_every_link_dies_when_the_account_becomes_active(cast: Cast) -> None:
    agent, path = invite(cast)
    other = f"/invite/{mint_invitation(agent.user)}/"
    Client().post(path, NEW)
    assert Client().get(other).status_code == 404
    assert Client().get(f"/invite/{mint_invitation(agent.user)}/").status_code == 404


def test_a_deactivated_account_accepts_no_invitation(cast: Cast) -> None:
    agent, path = invite(cast)
    agent.user.is_active = False
    agent.user.save()
    assert Client().get(path).status_code == 404


def test_the_job_and_the_table_hold_no_token(cast: Cast) -> None:
    agent = invite_agent(email="mira@lindhafen.example", name="Mira", by=TEST)
    assert Job.objects.get(name="account.invite").payload == {"user_id": agent.user.pk}
    token = mint_invitation(agent.user)
    assert token not in str(list(OneTimeLink.objects.values_list()))


def test_an_administrator_from_the_command_line_comes_in_by_a_link(db: None) -> None:
    token = create_administrator(email="ada@lindhafen.example", name="Ada")
    client = Client()
    assert client.post(f"/invite/{token}/", NEW).url == "/desk/"
    assert Agent.objects.get().role_id == Role.ADMIN
    assert client.get("/settings/").status_code == 200
    assert Client().get("/first-run/").status_code == 404

"""The second factors of colleagues: who has one, who must have one, and what helps when it is lost."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.authenticator import half_in, set_up_app
from tests.cast import Cast
from tests.outbox import account_mails
from tresen.core.people.factors import factors_of, who_needs_factor
from tresen.core.people.models import Agent, Role, User
from tresen.faces.cli.main import main
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

PAGE = "/settings/signing-in/"


def test_the_page_says_who_has_none_and_sets_who_must_have_one(cast: Cast, ada: Client) -> None:
    set_up_app(cast.browser(cast.anna))
    text = ada.get(PAGE).content.decode()
    assert "Piotr Wieczorek" in text and "Anna Kowalczyk" not in text
    assert ada.post(PAGE, {"second_factor": "some"}).status_code == 422
    for _ in range(2):
        assert ada.post(PAGE, {"second_factor": "admins"}).url == PAGE
    assert who_needs_factor() == "admins"
    assert Event.objects.get(kind="sign_in_rule.changed").changes["second_factor"] == ["nobody", "admins"]
    assert ada.get("/settings/").status_code == 200, "whoever is signed in works on"


def test_the_list_shows_who_has_one_and_asks_no_more_for_more_agents(
    cast: Cast, ada: Client, django_assert_max_num_queries
) -> None:
    assert ada.get("/settings/agents/").content.decode().count("set up") == 0
    set_up_app(cast.browser(cast.anna))
    with django_assert_max_num_queries(9):
        assert ada.get("/settings/agents/").content.decode().count("set up") == 1


def test_an_administrator_resets_what_a_colleague_has_lost(cast: Cast, ada: Client) -> None:
    anna = cast.browser(cast.anna)
    set_up_app(anna)
    page, act = f"/settings/agents/{cast.anna.pk}/", f"/settings/agents/{cast.anna.pk}/second-factor/"
    assert act in ada.get(page).content.decode()
    assert cast.browser(cast.piotr).post(act).status_code == 404
    assert factors_of(cast.anna.user)
    for _ in range(2):
        assert ada.post(act).url == page
    assert not factors_of(cast.anna.user)
    event = Event.objects.get(kind="factor.reset")
    assert (event.actor_name, event.changes["app"]) == ("Ada Berg", True)
    assert "password alone is enough" in ada.get(page).content.decode()
    drain("mail-out")
    assert "was reset by an administrator" in account_mails()[-1].text
    assert half_in(cast.anna.user).get("/me/").status_code == 200


def test_nobody_resets_the_factors_of_somebody_stronger(cast: Cast, ada: Client) -> None:
    usual = Role.objects.get(key=Role.AGENT).rights
    hr = Role.objects.create(key="hr", name="HR", rights={**usual, "set_people": True, "see_all": True})
    Agent.objects.filter(pk=cast.piotr.pk).update(role=hr)
    for agent in (cast.ada, cast.anna):
        set_up_app(cast.browser(agent))
    piotr = cast.browser(cast.piotr)
    for agent, may in ((cast.ada, False), (cast.anna, True)):
        act = f"/settings/agents/{agent.pk}/second-factor/"
        assert (act in piotr.get(f"/settings/agents/{agent.pk}/").content.decode()) is may
        assert piotr.post(act).status_code == (302 if may else 404)
        assert bool(factors_of(agent.user)) is not may
    assert piotr.get(PAGE).status_code == 404


def test_the_command_line_lets_the_last_administrator_in_again(cast: Cast, ada: Client) -> None:
    set_up_app(ada)
    assert half_in(cast.ada.user).get("/me/").status_code == 302
    command = ["admin", "reset-factors", "--email"]
    ran = CliRunner().invoke(main, [*command, "Ada@lindhafen.example"])
    assert (ran.exit_code, "password alone" in ran.output) == (0, True)
    assert ada.get("/me/").status_code == 302
    assert half_in(cast.ada.user).get("/me/").status_code == 200
    for address, told in ((cast.ada.user.email, "no second factor"), ("x@y.example", "no active agent")):
        ran = CliRunner().invoke(main, [*command, address])
        assert (ran.exit_code, told in ran.output) == (1, True)


@pytest.mark.parametrize("language", ["de", "pl"])
def test_the_mail_speaks_the_language_of_the_person(cast: Cast, language: str) -> None:
    User.objects.filter(pk=cast.anna.user_id).update(language=language)
    set_up_app(cast.browser(cast.anna))
    drain("mail-out")
    words = {"de": "eingerichtet", "pl": "aplikację"}[language]
    assert words in account_mails()[-1].text

"""An authenticator app and recovery codes: set up on one's own page, asked for after the password."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from tests.authenticator import CODE, code_of, half_in, set_up_app
from tests.cast import PASSWORD, TEST, Cast
from tests.outbox import account_mails
from tresen.core.people.factors import change_who_needs_factor, factors_of
from tresen.core.people.models import Agent, Session, User
from tresen.core.people.roles import create_role
from tresen.kit import clock
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

SECOND, OWN = "/sign-in/second/", "/me/sign-in/"


def mail_to(user: User) -> str:
    """The last mail about the account, once all that waits has left."""
    drain("mail-out")
    last = account_mails()[-1]
    assert last.to == user.email
    return last.text


def test_an_app_counts_once_a_code_of_it_was_typed(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    page = client.get(f"{OWN}app/").content.decode()
    assert '<svg role="img"' in page and "style=" not in page
    refused = client.post(f"{OWN}app/", {"sealed": "nonsense", "code": "123456", "proof": PASSWORD})
    assert refused.url == f"{OWN}app/"
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    assert client.post(f"{OWN}app/", {"sealed": sealed[1], "code": "000000", "proof": PASSWORD}).status_code == 422
    foreign = {"sealed": sealed[1], "code": "000000", "proof": PASSWORD}
    assert cast.browser(cast.piotr).post(f"{OWN}app/", foreign).url == f"{OWN}app/"
    assert not factors_of(cast.anna.user)
    _secret, codes = set_up_app(client)
    assert len(set(codes)) == 10
    assert factors_of(cast.anna.user).codes_left == 10
    assert Event.objects.get(kind="factor.added").changes["kind"] == "app"
    assert "authenticator app was set up" in mail_to(cast.anna.user)
    assert codes[0] not in client.get(OWN).content.decode()


def test_after_the_password_comes_the_code_and_then_the_page_wanted_first(cast: Cast) -> None:
    secret, _ = set_up_app(cast.browser(cast.anna))
    client = half_in(cast.anna.user, next="/me/keys/")
    assert client.get("/desk/").url.startswith("/sign-in/")
    page = client.get(SECOND)
    assert page.status_code == 200
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert client.post(SECOND, {"code": "000000"}).status_code == 422
    assert client.post(SECOND, {"code": ""}).status_code == 422
    code = code_of(secret)
    assert client.post(SECOND, {"code": f"{code[:3]} {code[3:]}"}).url == "/me/keys/"
    assert client.get("/me/keys/").status_code == 200


def test_without_a_factor_the_password_is_enough(cast: Cast) -> None:
    assert half_in(cast.anna.user).get("/me/").status_code == 200


def test_the_second_step_is_not_there_for_nobody_and_not_for_ever(cast: Cast) -> None:
    assert Client().get(SECOND).url == "/sign-in/"
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret, _ = set_up_app(cast.browser(cast.anna))
        client = half_in(cast.anna.user)
        travel.shift(601)
        answer = client.post(SECOND, {"code": code_of(secret)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert "within ten minutes" in answer.content.decode()
    assert not Session.objects.filter(user=cast.anna.user).exclude(user_agent="").exists()


def test_a_recovery_code_works_once_and_is_told_by_mail(cast: Cast) -> None:
    _secret, codes = set_up_app(cast.browser(cast.anna))
    assert half_in(cast.anna.user).post(SECOND, {"code": codes[3]}).url == "/desk/"
    assert half_in(cast.anna.user).post(SECOND, {"code": codes[3]}).status_code == 422
    assert half_in(cast.anna.user).post(SECOND, {"code": codes[4].replace(" ", "-")}).url == "/desk/"
    assert "Left are: 8" in mail_to(cast.anna.user)


def test_new_codes_need_a_proof_and_take_the_place_of_the_old(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    _secret, old = set_up_app(client)
    assert client.post(f"{OWN}codes/", {"proof": "wrong"}).status_code == 422
    assert factors_of(cast.anna.user).codes_left == 10
    answer = client.post(f"{OWN}codes/", {"proof": PASSWORD}).content.decode()
    new = CODE.findall(answer)
    assert len(new) == 10 and not set(new) & set(old)
    assert half_in(cast.anna.user).post(SECOND, {"code": old[0]}).status_code == 422
    assert half_in(cast.anna.user).post(SECOND, {"code": new[0]}).url == "/desk/"
    assert Event.objects.filter(kind="recovery_codes.made").count() == 1


@pytest.mark.parametrize("way", ["password", "code", "recovery"])
def test_removing_needs_the_password_or_a_factor_again(cast: Cast, way: str) -> None:
    client = cast.browser(cast.anna)
    secret, codes = set_up_app(client)
    assert "password alone is enough" in client.get(f"{OWN}app/remove/").content.decode()
    assert client.post(f"{OWN}app/remove/").status_code == 422
    assert client.post(f"{OWN}app/remove/", {"proof": "not-my-password"}).status_code == 422
    assert factors_of(cast.anna.user)
    proof = {"password": PASSWORD, "code": code_of(secret), "recovery": codes[0]}[way]
    assert client.post(f"{OWN}app/remove/", {"proof": proof}).url == OWN
    assert not factors_of(cast.anna.user)
    assert not cast.anna.user.recovery_codes.exists()
    assert "was removed" in mail_to(cast.anna.user)
    assert half_in(cast.anna.user).get("/me/").status_code == 200


def test_another_device_takes_the_place_of_the_first(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    old, _ = set_up_app(client)
    new, codes = set_up_app(client)
    assert codes == []
    assert half_in(cast.anna.user).post(SECOND, {"code": code_of(old)}).status_code == 422
    assert half_in(cast.anna.user).post(SECOND, {"code": code_of(new)}).url == "/desk/"


def test_a_password_set_by_mail_leaves_the_second_factor_on(cast: Cast) -> None:
    from tests.account.test_password_reset import NEW, ask

    secret, _ = set_up_app(cast.browser(cast.anna))
    client = Client()
    client.post(client.get(ask()).url, NEW)
    assert client.post("/sign-in/", {"email": cast.anna.user.email, "password": NEW["password"]}).url == SECOND
    assert client.post(SECOND, {"code": code_of(secret)}).url == "/desk/"


def test_customers_have_no_such_page_and_are_never_asked(cast: Cast) -> None:
    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    cast.carol.user = user
    cast.carol.save()
    change_who_needs_factor("all", by=TEST)
    client = half_in(user)
    assert client.get("/me/").status_code == 200
    assert client.get(OWN).status_code == 404


def test_programs_are_not_asked(cast: Cast) -> None:
    set_up_app(cast.browser(cast.anna))
    change_who_needs_factor("all", by=TEST)
    assert cast.calls(cast.piotr).get("/tickets").status_code == 200
    assert cast.calls(cast.anna).get("/tickets").status_code == 200


# --- Where the desk asks for one -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "asked"), [("nobody", []), ("admins", ["ada", "piotr"]), ("all", ["ada", "anna", "piotr"])]
)
def test_whoever_needs_one_sets_it_up_before_anything_else(cast: Cast, who: str, asked: list[str]) -> None:
    create_role(name="rules", rights=["see", "set_rules"], by=TEST)
    Agent.objects.filter(pk=cast.piotr.pk).update(role="rules")
    change_who_needs_factor(who, by=TEST)
    for name in ("ada", "anna", "piotr"):
        client = half_in(getattr(cast, name).user)
        assert (client.get("/me/").status_code == 302) is (name in asked)
        assert client.get("/sign-in/set-up/").status_code == (200 if name in asked else 302)


def test_setting_one_up_at_the_sign_in_leads_to_the_page_wanted_first(cast: Cast) -> None:
    change_who_needs_factor("all", by=TEST)
    client = half_in(cast.anna.user, next="/me/keys/")
    page = client.get("/sign-in/set-up/").content.decode()
    assert "/sign-in/set-up/app/" in page and "/sign-out/" in page
    _secret, codes = set_up_app(client, "/sign-in/set-up/app/")
    assert len(codes) == 10
    assert client.get("/me/keys/").status_code == 200
    assert "/sign-in/" in Client().get("/me/keys/").url
    other = half_in(cast.anna.user)
    assert other.get("/sign-in/set-up/app/").url == SECOND
    assert other.get(SECOND).status_code == 200


def test_an_invited_colleague_sets_one_up_before_anything_else(cast: Cast) -> None:
    from tests.account.test_invitation import NEW, invite

    change_who_needs_factor("all", by=TEST)
    _agent, path = invite(cast)
    client = Client()
    assert client.post(path, NEW).url == "/sign-in/set-up/"
    assert client.get("/desk/").url.startswith("/sign-in/")


def test_who_needs_one_cannot_remove_the_only_one(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    set_up_app(client)
    change_who_needs_factor("all", by=TEST)
    assert "Set up another one first" in client.get(f"{OWN}app/remove/").content.decode()
    assert client.post(f"{OWN}app/remove/", {"proof": PASSWORD}).status_code == 422
    assert factors_of(cast.anna.user)


def test_out_of_the_setting_up_one_can_sign_out(cast: Cast) -> None:
    change_who_needs_factor("all", by=TEST)
    client = half_in(cast.anna.user)
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/sign-in/set-up/").url == "/sign-in/"

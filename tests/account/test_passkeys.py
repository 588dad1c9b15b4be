"""Passkeys: added, listed, removed; after the password or instead of it. What a device may get wrong is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.authenticator import (
    CODE,
    PRESENT,
    Device,
    add_passkey,
    asked_to_make,
    asked_to_sign,
    half_in,
    set_up_app,
)
from tests.cast import PASSWORD, TEST, Cast
from tests.outbox import account_mails
from tresen.core.people.factor_models import Passkey
from tresen.core.people.factors import MOST_PASSKEYS, change_who_needs_factor, factors_of
from tresen.core.people.models import Session, User
from tresen.kit import clock
from tresen.spine.jobs.worker import drain

OWN, ASK = "/me/sign-in/", "/sign-in/passkey/"


@pytest.fixture(autouse=True)
def desk(settings: Any) -> None:
    """Browsers offer passkeys here."""
    settings.BASE_URL = "https://desk.example"


@pytest.fixture
def device(cast: Cast) -> Device:
    """Anna's device, whose passkey is added."""
    device = Device()
    answer = add_passkey(cast.browser(cast.anna), device)
    assert len(CODE.findall(answer.content.decode())) == 10
    return device


def sign_in(device: Device, client: Client | None = None, **more: str) -> Any:
    """Signs in with the device's passkey, without a password."""
    client = client or Client()
    return client.post(ASK, {"credential": device.sign(asked_to_sign(client)), **more})


def test_a_passkey_opens_the_desk_without_a_password(cast: Cast, device: Device) -> None:
    assert "passkey-ask" in Client().get("/sign-in/").content.decode()
    client = Client()
    assert "allowCredentials" not in asked_to_sign(client)
    assert sign_in(device, client, next="/me/keys/").url == "/me/keys/"
    text = client.get(OWN).content.decode()
    assert "Laptop" in text
    assert Passkey.objects.get().last_used_at


def test_a_passkey_is_a_second_step_after_the_password(cast: Cast, device: Device) -> None:
    client = half_in(cast.anna.user, next="/me/keys/")
    page = client.get("/sign-in/second/").content.decode()
    assert "passkey-ask" in page and "Without your passkey" in page
    options = asked_to_sign(client)
    assert len(options["allowCredentials"]) == 1
    assert client.post(ASK, {"credential": device.sign(options)}).url == "/me/keys/"
    assert client.get("/me/").status_code == 200


def test_nobody_goes_on_with_the_password_of_one_and_the_passkey_of_another(cast: Cast, device: Device) -> None:
    set_up_app(cast.browser(cast.piotr))
    client = half_in(cast.piotr.user)
    assert client.post(ASK, {"credential": device.sign(asked_to_sign(client))}).status_code == 422
    assert client.get("/me/").status_code == 302


WRONG: dict[str, dict[str, Any]] = {
    "origin": {"origin": "https://desk.example.evil.example"},
    "subdomain": {"origin": "https://sub.desk.example"},
    "scheme": {"origin": "http://desk.example"},
    "name": {"rp_id": "evil.example"},
    "nobody there": {"flags": 0},
    "nobody verified": {"flags": PRESENT},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_a_device_may_not_say_is_refused_at_both_doors(cast: Cast, device: Device, wrong: str) -> None:
    for name, value in WRONG[wrong].items():
        setattr(device, name, value)
    assert sign_in(device).status_code == 422
    other = Device(credential_id=b"another key, of another device", **WRONG[wrong])
    client = cast.browser(cast.piotr)
    answer = add_passkey(client, other)
    assert answer.url == f"{OWN}passkey/"
    assert not factors_of(cast.piotr.user)
    assert "was not added" in client.get(answer.url).content.decode()


def test_a_key_of_another_hand_does_not_open_under_the_same_name(cast: Cast, device: Device) -> None:
    thief = Device(handle=device.handle)
    assert thief.credential_id == device.credential_id
    assert sign_in(thief).status_code == 422
    device.handle = b"somebody else"
    assert sign_in(device).status_code == 422


def test_an_answer_works_once_and_for_its_own_question(cast: Cast, device: Device) -> None:
    client = Client()
    first = asked_to_sign(client)
    asked_to_sign(client)
    assert client.post(ASK, {"credential": device.sign(first)}).status_code == 422
    answer = device.sign(asked_to_sign(client))
    assert Client().post(ASK, {"credential": answer}).status_code == 422
    assert client.post(ASK, {"credential": answer}).status_code == 302
    client.post("/sign-out/")
    assert client.post(ASK, {"credential": answer}).status_code == 422
    with time_machine.travel(clock.now(), tick=False) as travel:
        late = device.sign(asked_to_sign(client))
        travel.shift(301)
        assert client.post(ASK, {"credential": late}).status_code == 422


def test_a_copied_key_is_told_by_its_counter(cast: Cast, device: Device) -> None:
    device.counter = 7
    assert sign_in(device).status_code == 302
    assert sign_in(device).status_code == 422
    device.counter = 8
    assert sign_in(device).status_code == 302


@pytest.mark.parametrize("sent", ["null", "[]", "{}", "x", "[" * 9000, json.dumps({"id": 1, "response": []}), "0"])
def test_nonsense_is_refused_and_breaks_nothing(cast: Cast, device: Device, sent: str) -> None:
    client = Client(raise_request_exception=False)
    asked_to_sign(client)
    assert client.post(ASK, {"credential": sent}).status_code == 422
    anna = cast.browser(cast.anna)
    asked_to_make(anna)
    assert anna.post(f"{OWN}passkey/", {"credential": sent}).status_code == 302
    assert Passkey.objects.count() == 1


def test_the_passkey_of_a_deactivated_account_opens_nothing(cast: Cast, device: Device) -> None:
    User.objects.filter(pk=cast.anna.user_id).update(is_active=False)
    assert sign_in(device).status_code == 422


def test_a_new_passkey_needs_a_name_and_a_proof_before_the_device_is_asked(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    for typed in ({"name": "", "proof": PASSWORD}, {"name": "Laptop", "proof": "wrong"}, {"name": "Laptop"}):
        answer = client.post(f"{OWN}passkey/", typed)
        assert answer.status_code == 422
        assert "passkey-options" not in client.get(f"{OWN}passkey/").content.decode()
    assert client.post(f"{OWN}passkey/", {"credential": Device().make(
        {"user": {"id": "YWJj"}, "challenge": "YWJj"})}).url == f"{OWN}passkey/"  # fmt: skip
    assert not factors_of(cast.anna.user)


def test_several_passkeys_are_listed_and_removed_one_by_one(cast: Cast, device: Device) -> None:
    client = cast.browser(cast.anna)
    options = asked_to_make(client, name="Key ring")
    assert len(options["excludeCredentials"]) == 1
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert cast.anna.user.email not in str(options["user"]["id"])
    ring = Device(credential_id=b"the key on the key ring of anna")
    assert client.post(f"{OWN}passkey/", {"credential": ring.make(options)}).url == OWN
    laptop, on_ring = Passkey.objects.order_by("pk")
    path = f"{OWN}passkey/{laptop.pk}/remove/"
    assert "Your other second factors stay" in client.get(path).content.decode()
    assert cast.browser(cast.piotr).get(path).status_code == 404
    assert client.post(path, {"proof": PASSWORD}).url == OWN
    assert sign_in(device).status_code == 422
    assert sign_in(ring).status_code == 302
    drain("mail-out")
    told = [mail.text for mail in account_mails() if mail.to == cast.anna.user.email]
    assert [
        next(words for words in ("“Laptop” was added", "“Key ring” was added", "“Laptop” was removed") if words in text)
        for text in told[-3:]
    ] == ["“Laptop” was added", "“Key ring” was added", "“Laptop” was removed"]
    assert on_ring.name == "Key ring"


def test_a_known_passkey_is_not_added_twice_nor_without_end(cast: Cast, device: Device) -> None:
    client = cast.browser(cast.piotr)
    assert add_passkey(client, device).url == f"{OWN}passkey/"
    assert not factors_of(cast.piotr.user)
    for n in range(MOST_PASSKEYS):
        Passkey.objects.create(user=cast.piotr.user, name=str(n), credential_hash=str(n), data=Passkey.objects.get(
            user=cast.anna.user).data)  # fmt: skip
    assert add_passkey(client, Device(credential_id=b"one more key than there may be")).url == f"{OWN}passkey/"
    assert cast.piotr.user.passkeys.count() == MOST_PASSKEYS


def test_a_passkey_set_up_at_the_sign_in_lets_in(cast: Cast) -> None:
    change_who_needs_factor("all", by=TEST)
    client = half_in(cast.anna.user)
    answer = add_passkey(client, Device(), "/sign-in/set-up/passkey/")
    assert len(CODE.findall(answer.content.decode())) == 10
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("base", "origin", "name"),
    [("https://Desk.Example:443", "https://desk.example", "desk.example"),
     ("https://desk.example:8443", "https://desk.example:8443", "desk.example"),
     ("https://büro.example", "https://xn--bro-hoa.example", "xn--bro-hoa.example")],
)  # fmt: skip
def test_the_address_is_compared_as_browsers_write_it(
    cast: Cast, settings: Any, base: str, origin: str, name: str
) -> None:
    settings.BASE_URL = base
    add_passkey(cast.browser(cast.anna), Device(origin=origin, rp_id=name))
    assert cast.anna.user.passkeys.count() == 1


def test_a_session_by_passkey_has_a_new_key(cast: Cast, device: Device) -> None:
    client = Client()
    asked_to_sign(client)
    before = client.session.session_key
    sign_in(device, client)
    assert client.session.session_key != before
    assert Session.objects.filter(user=cast.anna.user).count() == 2  # where it was added, and here


@pytest.mark.parametrize(
    ("base", "works"),
    [("https://desk.example", True), ("http://localhost:8000", True), ("http://desk.example", False),
     ("https://203.0.113.5", False), ("http://127.0.0.1:8000", False), ("https://[2001:db8::1]", False)],
)  # fmt: skip
def test_where_browsers_offer_no_passkeys_the_pages_say_so(
    cast: Cast, device: Device, settings: Any, base: str, works: bool
) -> None:
    settings.BASE_URL = base
    client = cast.browser(cast.anna)
    assert (f'href="{OWN}passkey/"' in client.get(OWN).content.decode()) is works
    assert ("do not work at this address" not in client.get(f"{OWN}passkey/").content.decode()) is works
    assert ("passkey-ask" in Client().get("/sign-in/").content.decode()) is works

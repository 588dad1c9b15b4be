"""S38: guessing is slowed down, however it is done, and does not keep the owner out (P6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.authenticator import code_of, half_in, set_up_app
from tests.cast import PASSWORD, Cast, make_cast
from tresen.faces.account.attempts import SECOND_STEP, TOTAL, TOTAL_SECONDS
from tresen.kit import clock
from tresen.spine.jobs.worker import drain
from tresen.spine.limits.models import Count
from tresen.spine.limits.services import hit

ANNA = "anna@lindhafen.example"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def guess(address: str = ANNA, password: str = "wrong", peer: str = "127.0.0.1", **headers: str) -> int:
    typed = {"email": address, "password": password}
    return Client().post("/sign-in/", typed, REMOTE_ADDR=peer, headers=headers).status_code


def test_s38_after_five_wrong_passwords_one_waits_a_quarter_of_an_hour(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        assert [guess() for _ in range(20)] == [422] * 5 + [429] * 15
        assert guess(password=PASSWORD) == 429
        answer = Client().post("/sign-in/", {"email": ANNA, "password": "wrong"})
        assert answer.headers["Retry-After"] == "900"
        assert "15 minutes" in answer.content.decode()
        travel.shift(901)
        assert guess(password=PASSWORD) == 302


def test_s38_spelling_the_address_otherwise_makes_no_new_account_of_it(cast: Cast) -> None:
    spellings = [ANNA, ANNA.upper(), f" {ANNA}", "Anna@Lindhafen.Example", f"{ANNA} ", "anna@LINDHAFEN.example"]
    assert [guess(spelling) for spelling in spellings] == [422] * 5 + [429]


def test_s38_claimed_addresses_make_no_new_peer(cast: Cast) -> None:
    codes = [guess(**{"X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}"}) for n in range(6)]
    assert codes == [422] * 5 + [429]


def test_s38_one_password_on_many_accounts_is_noticed(cast: Cast, full_size: bool) -> None:
    codes = [guess(f"person{n}@lindhafen.example", "Sommer2026!") for n in range(500 if full_size else 50)]
    assert codes == [422] * 30 + [429] * (len(codes) - 30)
    assert guess("person7@lindhafen.example", peer="203.0.113.9") == 422


def test_s38_a_whole_ipv6_network_is_one_peer(cast: Cast) -> None:
    codes = [guess(peer=f"2001:db8:1:2::{n:x}") for n in range(1, 7)]
    assert codes == [422] * 5 + [429]


def test_s38_a_hundred_failures_in_all_need_a_new_password(cast: Cast) -> None:
    peers = [f"203.0.{n // 250}.{n % 250}" for n in range(101)]
    codes = [guess(peer=peer) for peer in peers]
    assert codes == [422] * 100 + [429]
    answer = Client().post("/sign-in/", {"email": ANNA, "password": PASSWORD}, REMOTE_ADDR="198.51.100.1")
    assert answer.status_code == 429
    assert "set a new password" in answer.content.decode()
    from tests.account.test_password_reset import NEW, ask

    client = Client()
    moved = client.get(ask()).url
    drain("mail-out")
    client.post(moved, NEW)
    assert guess(password=NEW["password"], peer="198.51.100.1") == 302


def test_s38_the_owner_gets_in_on_a_known_device_while_others_hammer(cast: Cast) -> None:
    owner = Client()
    owner.post("/sign-in/", {"email": ANNA, "password": PASSWORD})
    owner.post("/sign-out/")
    for n in range(120):
        guess(peer=f"203.0.113.{n}")
    for _ in range(6):
        guess()
    assert guess(password=PASSWORD) == 429
    assert owner.post("/sign-in/", {"email": ANNA, "password": PASSWORD}).status_code == 302


def test_s38_a_known_device_is_no_way_to_guess_without_end(cast: Cast) -> None:
    owner = Client()
    owner.post("/sign-in/", {"email": ANNA, "password": PASSWORD})
    owner.post("/sign-out/")
    codes = [owner.post("/sign-in/", {"email": ANNA, "password": "wrong"}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_s38_a_device_known_for_one_account_is_unknown_for_another(cast: Cast) -> None:
    mine = Client()
    mine.post("/sign-in/", {"email": ANNA, "password": PASSWORD})
    mine.post("/sign-out/")
    before = Count.objects.count()
    mine.post("/sign-in/", {"email": "ada@lindhafen.example", "password": "wrong"})
    assert Count.objects.count() == before + 3  # address and peer, address in all, peer


def test_s38_a_right_password_forgets_the_slips(cast: Cast) -> None:
    for _ in range(4):
        guess()
    assert guess(password=PASSWORD) == 302
    assert [guess() for _ in range(5)] == [422] * 5


# --- The second step -------------------------------------------------------------------------------------------------

SECOND = "/sign-in/second/"


def guess_code(cast: Cast, code: str = "000000", peer: str = "127.0.0.1") -> int:
    """One guess in a browser of its own, whose holder knows the password."""
    client = half_in(cast.anna.user)
    return client.post(SECOND, {"code": code}, REMOTE_ADDR=peer).status_code


@pytest.mark.parametrize("code", ["000000", "0000 0000 0000", "not a code"])
def test_s38_after_five_wrong_codes_one_waits_however_often_one_begins_anew(cast: Cast, code: str) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret, _ = set_up_app(cast.browser(cast.anna))
        assert [guess_code(cast, code) for _ in range(8)] == [422] * 5 + [429] * 3
        assert guess_code(cast, code_of(secret)) == 429
        answer = half_in(cast.anna.user).post(SECOND, {"code": code_of(secret)})
        assert answer.headers["Retry-After"] == "900"
        travel.shift(901)
        assert guess_code(cast, code_of(secret)) == 302


def test_s38_a_hundred_wrong_codes_in_all_need_a_new_password(cast: Cast) -> None:
    secret, _ = set_up_app(cast.browser(cast.anna))
    client = half_in(cast.anna.user)
    peers = [f"203.0.{n // 250}.{n % 250}" for n in range(101)]
    codes = [client.post(SECOND, {"code": "000000"}, REMOTE_ADDR=peer).status_code for peer in peers]
    assert codes == [422] * 100 + [429]
    locked = client.post(SECOND, {"code": code_of(secret)}, REMOTE_ADDR="198.51.100.1")
    assert locked.status_code == 429
    assert "set a new password" in locked.content.decode()


def test_s38_a_code_works_once_and_none_after_a_later_one(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret, _ = set_up_app(cast.browser(cast.anna))
        assert guess_code(cast, code_of(secret, later=-1)) == 422, "the code it was set up with"
        code = code_of(secret)
        assert guess_code(cast, code) == 302
        assert guess_code(cast, code) == 422
        assert guess_code(cast, code_of(secret, later=-1)) == 422, "older than the last one"
        travel.shift(30)
        assert guess_code(cast, code_of(secret)) == 302


def test_s38_codes_count_for_half_a_minute_before_and_after(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret, _ = set_up_app(cast.browser(cast.anna))
        travel.shift(300)
        assert guess_code(cast, code_of(secret, later=-2)) == 422
        assert guess_code(cast, code_of(secret, later=2)) == 422
        assert guess_code(cast, code_of(secret, later=-1)) == 302
        assert guess_code(cast, code_of(secret, later=1)) == 302


def test_s38_the_owner_gets_through_the_second_step_on_a_known_device_while_others_hammer(cast: Cast) -> None:
    secret, _ = set_up_app(cast.browser(cast.anna))
    owner = half_in(cast.anna.user)
    owner.post(SECOND, {"code": code_of(secret)})
    owner.post("/sign-out/")
    for _ in range(6):
        guess_code(cast)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert guess_code(cast, code_of(secret)) == 429
        owner.post("/sign-in/", {"email": ANNA, "password": PASSWORD})
        assert owner.post(SECOND, {"code": code_of(secret)}).status_code == 302


def test_s38_the_proof_before_a_change_is_no_way_to_guess_either(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    set_up_app(client)
    tries = [client.post("/me/sign-in/app/remove/", {"proof": "000000"}).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]


def test_s38_codes_tried_on_a_known_device_or_as_a_proof_count_in_all(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    secret, _ = set_up_app(client)
    owner = half_in(cast.anna.user)
    assert owner.post(SECOND, {"code": code_of(secret)}).status_code == 302
    owner.post("/sign-out/")
    proof = "/me/sign-in/app/remove/"
    assert [client.post(proof, {"proof": word}).status_code for word in ("000000", "no code", "000 000")] == [422] * 3
    for _ in range(TOTAL - 2):  # the two codes among them have counted
        assert hit(f"{SECOND_STEP} total", ANNA, limit=TOTAL, seconds=TOTAL_SECONDS)
    owner.post("/sign-in/", {"email": ANNA, "password": PASSWORD})
    locked = owner.post(SECOND, {"code": code_of(secret, later=1)})
    assert locked.status_code == 429 and "set a new password" in locked.content.decode()
    assert client.post(proof, {"proof": code_of(secret, later=1)}).status_code == 429
    assert client.post(proof, {"proof": PASSWORD}).status_code == 302


def test_s38_passkeys_are_asked_for_only_so_often(cast: Cast) -> None:
    codes = [Client().post("/sign-in/passkey/").status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]

"""S17: the link that signs a customer in works once, by POST, for a quarter of an hour, and ends with its address; it
tells nobody whether there is such a customer (S37), matches nothing absurd (S16), and is no way in for agents (P6)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.account.test_password_reset import ANNA
from tests.cast import TEST, Cast, make_cast
from tests.outbox import account_mails
from tests.safety.test_s37_enumeration import same
from tresen.channels.mail.limits import mail_limits
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.outgoing import OutgoingMail
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.accounts import change_password
from tresen.core.people.factor_models import AuthenticatorApp
from tresen.core.people.mail_sign_in import mint_sign_in, open_sign_in, sweep_sign_ins
from tresen.core.people.models import Brand, Identity, SignInLink, User
from tresen.core.people.services import add_identity, create_contact, update_contact, verify_mail
from tresen.faces.account.jobs import send_sign_in
from tresen.kit import clock
from tresen.kit.crypto import token_hash
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain
from tresen.spine.limits.models import Count

ASK, CAROL = "/sign-in/by-mail/", "carol@faehrholm.example"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def mails() -> list[OutgoingMail]:
    """All that left; nothing before the first."""
    return account_mails() if (outgoing_folder() / "new").is_dir() else []


def asked(address: str, host: str = "testserver") -> list[str]:
    """The texts of the mails that leave when somebody asks for that address."""
    before = len(mails())
    Count.objects.all().delete()
    assert Client(headers={"host": host}).post(ASK, {"email": address}).status_code == 200
    drain("mail-out")
    return [mail.text for mail in mails()[before:]]


def path_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/sign-in/by-mail/\S+/)", text)
    assert found
    return found[1]


def enter(browser: Client, path: str) -> Any:
    """Opens the link and presses the button."""
    onward = browser.get(path)
    return browser.post(onward.headers["Location"]) if onward.status_code == 302 else onward


def identity(cast: Cast) -> Identity:
    found: Identity = cast.carol.identities.get(kind="mail")
    return found


def test_s17_a_customer_comes_in_once_by_a_click_and_has_an_account_since(cast: Cast) -> None:
    ticket = cast.ticket("VPN drops")
    (text,) = asked(CAROL.upper().replace("FAEHRHOLM.EXAMPLE", "faehrholm.example"))
    path, browser = path_in(text), Client()
    assert settings.BASE_URL + path in text
    for _ in range(3):  # a scanner of mail opens everything
        assert Client().get(path).status_code == Client().head(path).status_code == 302
    onward = browser.get(path)
    assert (onward.headers["Location"], onward.headers["Referrer-Policy"]) == ("/sign-in/by-mail/enter/", "no-referrer")
    page = browser.get("/sign-in/by-mail/enter/")
    assert CAROL in page.content.decode() and path not in page.content.decode()
    assert not User.objects.filter(email=CAROL).exists()
    assert browser.post("/sign-in/by-mail/enter/").headers["Location"] == "/requests/"
    assert ticket.subject in browser.get("/requests/").content.decode()
    user = User.objects.get(email=CAROL)
    assert (user.contact, user.has_usable_password()) == (cast.carol, False)
    assert identity(cast).verified_at
    assert Event.objects.filter(kind="account.created", stream_id=user.pk).exists()
    assert "have no password" in browser.get("/me/").content.decode()
    assert enter(Client(), path).status_code == 404
    assert browser.post("/sign-in/by-mail/enter/").status_code == 404
    assert enter(Client(), path_in(asked(CAROL)[0])).headers["Location"] == "/requests/"
    assert User.objects.filter(email=CAROL).count() == 1


def test_s17_an_address_that_nobody_has_confirmed_gets_no_more_than_the_caps_allow(cast: Cast) -> None:
    most = mail_limits().auto_unverified_per_hour
    for _ in range(most + 2):
        send_sign_in(address=CAROL)
    assert len(mails()) == most == SignInLink.objects.count()
    verify_mail(cast.carol, by=TEST)
    send_sign_in(address=CAROL)
    assert len(mails()) == most + 1


def test_s17_it_ends_by_time_with_its_address_and_with_a_new_password(cast: Cast, monkeypatch: Any) -> None:
    old, moved, changed = (mint_sign_in(identity(cast)) for _ in range(3))
    now = clock.now()
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: now + timedelta(minutes=15))
        assert open_sign_in(old) is None
    begun = Client()
    begun.get(f"/sign-in/by-mail/{moved}/")
    user = User.objects.create(email=CAROL, name="Carol")
    cast.carol.user = user
    cast.carol.save()
    change_password(user, password="neue-leitung-88", by=TEST)
    assert open_sign_in(changed) is None and begun.post("/sign-in/by-mail/enter/").status_code == 404
    last = mint_sign_in(identity(cast))
    begun.get(f"/sign-in/by-mail/{last}/")
    update_contact(cast.carol, set={"mails": ["new@faehrholm.example"]}, by=TEST)
    assert open_sign_in(last) is None and begun.post("/sign-in/by-mail/enter/").status_code == 404
    mint_sign_in(identity(cast))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    assert sweep_sign_ins() == 1


def test_s17_no_table_holds_the_token_and_a_poisoned_host_gets_into_no_link(cast: Cast) -> None:
    brand = Brand.objects.create(name="Morskie IT", letters="M", host="help.morskie.example")
    Mailbox.objects.create(address="pomoc@morskie.example", brand=brand)
    for host, base in (("evil.example", settings.BASE_URL), (brand.host, "http://help.morskie.example")):
        (text,) = asked(CAROL, host)
        token = path_in(text).split("/")[3]
        assert base in text and "evil" not in text
        told = (
            str(list(Job.objects.values())) + str(list(Event.objects.values())) + str(list(SignInLink.objects.values()))
        )
        assert token not in told
    assert mails()[-1].sender.startswith("Morskie IT")


def test_s17_only_for_who_is_known_to_read_that_mailbox(cast: Cast) -> None:
    other = add_identity(cast.carol, kind="mail", value="typed@by.example")
    assert asked("typed@by.example") == asked(CAROL) == []
    verify_mail(cast.carol, address=CAROL, by=TEST)
    assert len(asked(CAROL)) == 1 and asked(other.value) == []
    # An agent's address or account is no way in, whoever wrote it down as a contact's.
    twin = create_contact(name="Anna", mails=[ANNA], by=TEST)
    assert asked(ANNA) == []
    assert enter(Client(), f"{ASK}{mint_sign_in(twin.identities.get())}/").status_code == 404
    cast.dave.user = cast.piotr.user
    cast.dave.save()
    assert asked("dave@harrowmere.example") == []


def test_s37_the_answer_and_its_work_are_the_same_for_every_address(cast: Cast) -> None:
    told = []
    for address in (CAROL, "nobody@faehrholm.example", ANNA):
        Count.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(ASK, {"email": address})
        told.append((answer.status_code, same(answer.content.decode(), address), len(queries)))
    assert told[0] == told[1] == told[2]
    Count.objects.all().delete()
    for _ in range(5):
        assert Client().post(ASK, {"email": CAROL}).status_code == 200
    drain("mail-out")
    assert len([mail for mail in mails() if "/sign-in/by-mail/" in mail.text and mail.to == CAROL]) <= 4
    for n in range(30):
        last = Client().post(ASK, {"email": f"x{n}@y.example"})
    assert (last.status_code, last.headers["Retry-After"]) == (429, "3600")


@pytest.mark.parametrize("word", ["", "null", "%00", "0", "[]", "a" * 100_000, "undefined", "..", "true"])
def test_s16_nothing_but_a_token_opens(cast: Cast, word: str) -> None:
    if word not in {"..", ""}:
        until = clock.now() + timedelta(minutes=5)
        SignInLink.objects.create(identity=identity(cast), token_hash=token_hash(word), expires_at=until)
    assert Client().get(f"{ASK}{word}/").status_code in {404, 200 if word == ".." else 404}
    assert open_sign_in(word) is None
    for odd in (None, [], {}, 0, True, b"x" * 43):
        assert open_sign_in(odd) is None


def test_an_account_at_rest_gets_no_link_and_one_with_a_second_factor_needs_it(cast: Cast) -> None:
    user = User.objects.create(email=CAROL, name="Carol", is_active=False)
    cast.carol.user = user
    cast.carol.save()
    assert asked(CAROL) == []
    User.objects.filter(pk=user.pk).update(is_active=True)
    AuthenticatorApp.objects.create(user=user, secret_sealed="x", last_step=0, created_at=clock.now())
    browser = Client()
    assert enter(browser, path_in(asked(CAROL)[0])).headers["Location"] == "/sign-in/second/"
    assert browser.get("/requests/").status_code == 302

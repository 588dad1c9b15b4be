"""S48, the hooks by which mail providers bring mail: missing, wrong, stale and other people's signatures are 401; what
comes twice is there once; what is no mail is 400; what cannot be stored is 503 and comes again (P9, P14)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tests.intake import hooks
from tests.intake.conftest import Desk, mail
from tests.intake.hooks import PROVIDERS, SECRETS, Sent, call
from tresen.channels.mail import troubles
from tresen.channels.mail.hooks import sns, taking
from tresen.channels.mail.models import HookReplay, Mailbox, RawMail, Refusal
from tresen.channels.mail.spool import raw_bytes
from tresen.faces.hooks import mail as face
from tresen.kit import clock
from tresen.kit.http import Answer, NotReached
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db
KEY = "k" * 32
each_provider = pytest.mark.parametrize("provider", list(PROVIDERS))
signs = pytest.mark.parametrize("provider", [one for one in PROVIDERS if one not in {"postmark", "mandrill"}])
fetched: list[str] = []


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture(autouse=True)
def _amazon(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(url: str, **named: Any) -> Answer:
        fetched.append(url)
        return Answer(200, {}, hooks.amazon_certificate(), url)

    fetched.clear()
    sns._certificate.cache_clear()
    monkeypatch.setattr(sns, "fetch", fetch)


@pytest.fixture
def hooked(desk: Desk) -> Callable[[str], Mailbox]:
    """Makes the desk's mailbox one that a provider calls for."""

    def make(provider: str) -> Mailbox:
        box = desk.mailbox
        box.incoming, box.hook_provider, box.hook_key = "hook", provider, KEY
        box.set_password("hook", SECRETS[provider])
        box.save()
        return box

    return make


def post(sent: Sent, key: str = KEY) -> Any:
    return Client().post(f"/hooks/mail/{key}/", sent.body, content_type=sent.content_type, headers=sent.headers)


@each_provider
def test_s48_a_signed_call_is_stored_byte_for_byte_before_it_is_answered(
    hooked: Callable[[str], Mailbox], provider: str
) -> None:
    box = hooked(provider)
    raw = mail("Grüße: äöü", subject="by hook")
    answer = post(call(provider, raw, key=KEY))
    assert (answer.status_code, answer.json()) == (200, {"stored": 1})
    row = RawMail.objects.get()
    assert raw_bytes(row) == raw and (row.source, row.mailbox_id) == ("hook", box.pk)
    drain("mail-in")
    row.refresh_from_db()
    assert row.outcome == "new"


@each_provider
def test_s48_the_same_call_twice_is_one_mail(hooked: Callable[[str], Mailbox], provider: str) -> None:
    hooked(provider)
    sent = call(provider, mail("Once", subject="once"), key=KEY)
    assert [post(sent).json() for _ in range(3)] == [{"stored": 1}, {"stored": 0}, {"stored": 0}]
    assert RawMail.objects.count() == 1
    assert post(call(provider, mail("Two", subject="two"), key=KEY, name="call-2")).json() == {"stored": 1}


@each_provider
def test_s48_without_a_signature_or_with_another_secret_it_is_401(
    hooked: Callable[[str], Mailbox], provider: str
) -> None:
    hooked(provider)
    right = call(provider, mail("No", subject="no"), key=KEY)
    other = {**SECRETS, "signed": "whsec_b3RoZXI=", "sendgrid": "other", "ses": hooks.TOPIC + "-of-another-desk"}
    wrong = call(provider, mail("No", subject="no"), key=KEY, secret=other[provider] + ("" if provider in {
        "signed", "sendgrid", "ses"} else "x"))  # fmt: skip
    unsigned = [Sent(right.body, right.content_type)]
    if provider == "mailgun":
        unsigned = [Sent(right.body.replace(b'"signature"', b'"ignored"'), right.content_type)]
    elif provider == "ses":
        body = json.loads(right.body)
        unsigned = [
            Sent(json.dumps({**body, "Signature": ""}).encode(), "text/plain"),
            Sent(json.dumps({**body, "SigningCertURL": "https://sns.evil.example/x.pem"}).encode(), "text/plain"),
            Sent(json.dumps({**body, "SigningCertURL": hooks.CERTIFICATE_URL + "?x"}).encode(), "text/plain"),
            Sent(json.dumps({**body, "SigningCertURL": "https://sns.eu.amazonaws.com.evil.example/SimpleNotificationS"
                             "ervice-1.pem"}).encode(), "text/plain"),
            Sent(json.dumps({**body, "SignatureVersion": "9"}).encode(), "text/plain"),
            Sent(json.dumps({**body, "Message": "{}"}).encode(), "text/plain"),
        ]  # fmt: skip
    for sent in (wrong, *unsigned, Sent(b"", ""), Sent(b"\0\xff", "multipart/form-data; boundary=x")):
        assert post(sent).status_code in {400, 401}, sent
    assert post(wrong).status_code == 401 and post(unsigned[0]).status_code == 401
    assert not RawMail.objects.exists() and not HookReplay.objects.exists()
    assert all(url == hooks.CERTIFICATE_URL for url in fetched), "nobody else's certificate is even asked for"


@signs
def test_s48_an_old_signature_is_401(hooked: Callable[[str], Mailbox], provider: str) -> None:
    hooked(provider)
    for ago in (2 * 24 * 3600, -2 * 24 * 3600):
        assert post(call(provider, mail("Old", subject="old"), key=KEY, ago=ago)).status_code == 401
    assert not RawMail.objects.exists()


@each_provider
def test_s48_a_changed_body_is_401(hooked: Callable[[str], Mailbox], provider: str) -> None:
    hooked(provider)
    if provider in {"postmark", "mailgun"}:
        return  # they sign the call, not its body; the address and TLS stand for the rest
    sent = call(provider, mail("Pay 10 euro", subject="pay"), key=KEY)
    sent.body = sent.body.replace(b"10+euro", b"99+euro").replace(b"10 euro", b"99 euro").replace(b"source", b"Source")
    assert post(sent).status_code == 401


def test_s48_the_secret_of_one_mailbox_opens_no_other(hooked: Callable[[str], Mailbox], desk: Desk) -> None:
    hooked("signed")
    other = Mailbox(address="sales@desk.example", brand=desk.brand, incoming="hook", hook_provider="signed")
    other.hook_key = "o" * 32
    other.set_password("hook", "whsec_c2FsZXMgc2VjcmV0")
    other.save()
    sent = call("signed", mail("x", subject="x"), key=KEY)
    assert post(sent, key="o" * 32).status_code == 401
    assert post(sent, key="n" * 32).status_code == 404
    Mailbox.objects.filter(pk=desk.mailbox.pk).update(is_active=False)
    assert post(sent).status_code == 404


@pytest.mark.parametrize(
    "bomb",
    [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"nonsense", b"[]", b"{}", b'"\xff"'],
    ids=["lists", "objects", "nonsense", "a list", "nothing in it", "no text"],
)
def test_s48_a_bomb_or_nonsense_is_400(hooked: Callable[[str], Mailbox], bomb: bytes) -> None:
    hooked("postmark")
    login = call("postmark", b"", key=KEY).headers
    assert post(Sent(bomb, "application/json", login)).status_code == 400


def test_s48_what_cannot_be_stored_is_503_and_comes_again(
    hooked: Callable[[str], Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked("signed")
    sent = call("signed", mail("Later", subject="later"), key=KEY)
    for fault in (OperationalError("database or disk is full"), OSError("disk"), MemoryError()):
        with monkeypatch.context() as patch:

            def fails(*arguments: object, fault: BaseException = fault) -> None:
                raise fault

            patch.setattr(taking, "store_deliveries", fails)
            answer = post(sent)
        assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert not HookReplay.objects.exists(), "what was not stored is not known"
    assert post(sent).json() == {"stored": 1}


def test_s48_a_body_beyond_the_size_is_413_and_counted(
    hooked: Callable[[str], Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked("signed")
    monkeypatch.setattr(face, "MOST_BYTES", 1000)
    assert post(call("signed", mail("x" * 2000), key=KEY)).status_code == 413
    assert Refusal.objects.get().reason == "size"


def test_s48_a_mail_beyond_the_size_is_recorded_with_its_head(
    hooked: Callable[[str], Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked("signed")
    monkeypatch.setattr(taking, "MAX_MAIL_BYTES", 1000)
    assert post(call("signed", mail("x" * 2000, subject="large"), key=KEY)).json() == {"stored": 1}
    row = RawMail.objects.get()
    assert (row.outcome, row.reason["code"]) == ("quarantined", "too_large") and b"Subject: large" in raw_bytes(row)


def test_s48_amazon_is_answered_for_our_topic_alone(
    hooked: Callable[[str], Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked("ses")

    def asks(address: str, topic: str = hooks.TOPIC) -> Sent:
        more = {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": address, "Message": "Confirm"}
        return hooks.ses(b"", secret=topic, name="c", ago=0, url="", **more)

    right = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    assert post(asks(right, topic="arn:aws:sns:eu-central-1:666:evil")).status_code == 401
    for wrong in ("https://evil.example/", "http://sns.eu-central-1.amazonaws.com/?x", "https://169.254.169.254/?x"):
        assert post(asks(wrong)).status_code == 400
    assert not Job.objects.exists()
    assert post(asks(right)).status_code == 200
    drain("default")
    assert fetched[-1] == right and not Job.objects.exists()
    monkeypatch.setattr(sns, "fetch", lambda *a, **n: (_ for _ in ()).throw(NotReached("away")))
    sns._certificate.cache_clear()
    assert post(call("ses", mail("x"), key=KEY)).status_code == 503, "without the certificate it comes again"


def test_s48_a_get_and_an_unknown_way_of_asking_change_nothing(hooked: Callable[[str], Mailbox]) -> None:
    hooked("signed")
    client = Client()
    assert client.head(f"/hooks/mail/{KEY}/").status_code == 200
    for method in ("get", "put", "patch", "delete"):
        assert getattr(client, method)(f"/hooks/mail/{KEY}/").status_code == 405


def test_s48_old_names_of_calls_are_forgotten_only_when_their_signatures_are_dead(
    hooked: Callable[[str], Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked("signed")
    post(call("signed", mail("x"), key=KEY))
    taking.forget_old_calls()
    assert HookReplay.objects.count() == 1
    monkeypatch.setattr(taking, "REPLAY_DAYS", 0)
    taking.forget_old_calls()
    assert not HookReplay.objects.exists()


def test_s48_a_secret_of_ours_that_cannot_be_opened_is_503_and_told(hooked: Callable[[str], Mailbox]) -> None:
    box = hooked("signed")
    sent = call("signed", mail("Later", subject="later"), key=KEY)
    sealed = box.hook_sealed
    Mailbox.objects.filter(pk=box.pk).update(hook_sealed="not a seal")
    answer = post(sent)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    box.refresh_from_db()
    assert "SealBroken" in box.fault and not Refusal.objects.exists()
    Mailbox.objects.filter(pk=box.pk).update(hook_sealed=sealed)
    assert post(sent).json() == {"stored": 1}


def test_s48_what_is_refused_is_counted_and_told_at_the_mailbox_until_a_call_is_right(
    hooked: Callable[[str], Mailbox],
) -> None:
    box = hooked("signed")
    wrong = call("signed", mail("No", subject="no"), key=KEY, secret="whsec_b3RoZXI=")
    assert [post(wrong).status_code for _ in range(3)] == [401] * 3
    assert post(call("signed", b"  ", key=KEY)).status_code == 400
    assert Refusal.objects.get(reason="call").count == 4
    box.refresh_from_db()
    assert "NotSigned" in box.fault and box.fault_at, "told, and not written anew for each call"
    assert not troubles.troubles()
    Mailbox.objects.filter(pk=box.pk).update(fault_at=clock.now() - timedelta(minutes=5))
    [trouble] = troubles.troubles()
    assert trouble.kind == "refused" and "help@desk.example" in trouble.words
    assert post(call("signed", mail("Yes", subject="yes"), key=KEY)).status_code == 200
    box.refresh_from_db()
    assert not box.fault and box.fault_at is None and not troubles.troubles()


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid"])
def test_s48_a_retry_hours_after_the_first_try_is_taken(hooked: Callable[[str], Mailbox], provider: str) -> None:
    hooked(provider)
    sent = call(provider, mail("Late", subject="late"), key=KEY, ago=10 * 3600)
    assert [post(sent).json() for _ in range(2)] == [{"stored": 1}, {"stored": 0}]

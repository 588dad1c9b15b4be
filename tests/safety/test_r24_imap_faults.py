"""R24: a mail server that says BYE in the middle, counts wrong, stalls or changes its certificate costs no mail, is
told at the mailbox, is asked again with growing pauses, and never holds up another mailbox (P12)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.certificates import make_certificate
from tests.imap_faults import FaultyImap
from tests.intake.conftest import Desk, mail
from tests.outside import wait_for
from tresen.channels.mail import faults, fetcher, imap, pop, spool
from tresen.channels.mail.fetcher import Fetcher, MailboxWatcher, fetch_all, pause_after
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.channels.mail.spool import raw_bytes

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "help@desk.example"


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return Desk()


@pytest.fixture
def server() -> Iterator[FaultyImap]:
    made = FaultyImap()
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (faults, imap, pop):
        monkeypatch.setattr(module, "TIMEOUT_SECONDS", 1)


def fetched(box: Mailbox, server: FaultyImap, *, security: str = "plain") -> Mailbox:
    box.incoming, box.imap_host, box.imap_port, box.imap_security = "imap", "127.0.0.1", server.port, security
    box.imap_user = "faulty"
    box.set_password("imap", "secret")
    box.save()
    return box


@pytest.mark.parametrize("fault", ["bye", "short", "long", "stall", "cut"])
def test_r24_a_fault_in_the_middle_of_a_mail_loses_and_halves_nothing(
    desk: Desk, server: FaultyImap, fault: str
) -> None:
    server.mails = [mail(f"Mail {number} " + "text " * 200, subject=f"m{number}") for number in range(3)]
    box = fetched(desk.mailbox, server)
    assert fetch_all() == {ADDRESS: 3}
    server.mails.append(mail("The next " + "text " * 200, subject="next"))
    server.fault = fault
    [said] = fetch_all().values()
    box.refresh_from_db()
    assert isinstance(said, str) and box.fault and box.fault_at
    assert RawMail.objects.count() == 3 and len(server.seen) == 3, "what was not stored whole is not marked"
    server.fault = ""
    assert fetch_all() == {ADDRESS: 1}
    box.refresh_from_db()
    assert not box.fault and box.fault_at is None, "it mends by itself"
    assert [raw_bytes(row) for row in RawMail.objects.order_by("pk")] == server.mails


def test_r24_a_slow_server_is_waited_for(desk: Desk, server: FaultyImap) -> None:
    server.mails, server.fault = [mail("slow " * 400, subject="slow")], "crawl"
    fetched(desk.mailbox, server)
    assert fetch_all() == {ADDRESS: 1}


def test_r24_another_certificate_stops_the_fetching_and_the_right_one_lets_it_go_on(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, other = make_certificate(tmp_path / "right.pem"), make_certificate(tmp_path / "other.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(right))
    server = FaultyImap(right)
    try:
        box = fetched(desk.mailbox, server, security="tls")
        server.mails.append(mail("One", subject="one"))
        assert fetch_all() == {ADDRESS: 1}
        server.certificate = other
        server.mails.append(mail("Two", subject="two"))
        [said] = fetch_all().values()
        box.refresh_from_db()
        assert "CERTIFICATE_VERIFY_FAILED" in str(said) and "certificate" in box.fault.lower()
        assert RawMail.objects.count() == 1, "no password and no mail goes over a line nobody vouches for"
        server.certificate = right
        assert fetch_all() == {ADDRESS: 1}
    finally:
        server.stop()


def test_r24_other_mailboxes_are_unaffected(desk: Desk, server: FaultyImap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "POLL_SECONDS", 0.1)
    well = FaultyImap()
    second = Mailbox.objects.create(address="sales@desk.example", brand=desk.brand)
    server.mails, server.fault = [mail("Stuck", subject="stuck")], "stall"
    fetched(desk.mailbox, server)
    fetched(second, well)
    crew = Fetcher()
    try:
        crew.follow_settings()
        wait_for(lambda: server.sessions, what="the stalled server to be asked")
        for number in range(5):
            well.mails.append(mail(f"Fine {number}", subject=f"fine {number}"))
        wait_for(lambda: second.mails.count() == 5, seconds=10, what="the mail of the other mailbox")
        wait_for(lambda: Mailbox.objects.get(address=ADDRESS).fault, seconds=10, what="the fault to be told")
        assert not RawMail.objects.filter(mailbox=desk.mailbox).exists()
    finally:
        server.released.set()
        crew.stop()
        well.stop()


def test_r24_it_is_asked_again_with_growing_pauses_and_at_once_when_the_settings_change(
    desk: Desk, server: FaultyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def pause(count: int) -> float:
        asked.append(count)
        return 0.05 if count < 4 else 60.0

    monkeypatch.setattr(fetcher, "pause_after", pause)
    server.mails, server.fault = [mail("Later", subject="later")], "bye"
    box = fetched(desk.mailbox, server)
    crew = Fetcher()
    try:
        crew.follow_settings()
        wait_for(lambda: asked == [1, 2, 3, 4], what="four tries")
        server.fault = ""
        Mailbox.objects.filter(pk=box.pk).update(imap_folder="Inbox")
        crew.follow_settings()
        wait_for(lambda: RawMail.objects.count() == 1, seconds=10, what="the mail, without waiting a minute")
    finally:
        crew.stop()
    pauses = [pause_after(count) for count in range(1, 12)]
    assert pauses[0] < 15 and pauses[-1] > 400


def test_r24_a_mail_that_the_server_does_not_give_holds_up_no_other_and_is_asked_for_again(
    desk: Desk, server: FaultyImap
) -> None:
    server.mails = [mail("Old", subject="old")]
    box = fetched(desk.mailbox, server)
    assert fetch_all() == {ADDRESS: 1}
    server.mails += [mail(f"Mail {number}", subject=f"m{number}") for number in range(4)]
    server.refused = {3}
    assert [fetch_all(), fetch_all()] == [{ADDRESS: 3}, {ADDRESS: 0}]
    box.refresh_from_db()
    assert "UID 3" in box.fault and box.fault_at and box.imap_last_uid == 2
    server.refused = set()
    assert fetch_all() == {ADDRESS: 1}
    box.refresh_from_db()
    assert not box.fault and box.imap_last_uid == 5
    assert sorted(RawMail.objects.values_list("uid", flat=True)) == [1, 2, 3, 4, 5]


def test_r24_a_mail_larger_than_its_server_said_is_recorded_as_too_large(
    desk: Desk, server: FaultyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_MAIL_BYTES", 2000)
    monkeypatch.setattr(spool, "MAX_MAIL_BYTES", 2000)
    server.mails, server.fault = [mail("x" * 5000, subject="large"), mail("Next", subject="next")], "understate"
    fetched(desk.mailbox, server)
    assert fetch_all() == {ADDRESS: 2}
    large = RawMail.objects.get(uid=1)
    assert large.reason["code"] == "too_large" and large.size > 5000


def test_r24_what_nobody_thought_of_is_told_and_tried_again(
    desk: Desk, server: FaultyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher, "pause_after", lambda count: 0.05)
    server.mails, server.fault = [mail("Later", subject="later")], "no validity"
    box = fetched(desk.mailbox, server)
    assert "UIDVALIDITY" in str(fetch_all()[ADDRESS])
    Mailbox.objects.filter(pk=box.pk).update(fault="", fault_at=None)
    crew = Fetcher()
    try:
        crew.follow_settings()
        wait_for(lambda: Mailbox.objects.get(pk=box.pk).fault, seconds=10, what="the fault to be told")
        assert crew.watchers[box.pk].is_alive()
        server.fault = ""
        wait_for(lambda: RawMail.objects.count() == 1, seconds=10, what="the mail, by the same watcher")
    finally:
        crew.stop()


def test_r24_a_mailbox_that_is_put_to_rest_ends_its_watcher(
    desk: Desk, server: FaultyImap, stopped: Callable[[MailboxWatcher], bool]
) -> None:
    box = fetched(desk.mailbox, server)
    crew = Fetcher()
    try:
        crew.follow_settings()
        watcher = crew.watchers[box.pk]
        wait_for(lambda: Mailbox.objects.get(pk=box.pk).fetched_at, what="the first look")
        Mailbox.objects.filter(pk=box.pk).update(is_active=False)
        crew.follow_settings()
        assert stopped(watcher)
        assert Mailbox.objects.get(pk=box.pk).fetcher == "", "the lease is given back"
    finally:
        crew.stop()


@pytest.fixture
def stopped() -> Callable[[threading.Thread], bool]:
    def is_over(thread: threading.Thread) -> bool:
        thread.join(timeout=10)
        return not thread.is_alive()

    return is_over

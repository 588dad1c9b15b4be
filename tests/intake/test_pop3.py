"""Fetching by POP3 from a real server: what is new, what stays, what goes, and what nobody may lose."""

from __future__ import annotations

import poplib
from collections.abc import Callable

import pytest

from tests.intake.conftest import Desk, mail
from tests.outside import Dovecot
from tresen.channels.mail import pop
from tresen.channels.mail.fetcher import fetch_all
from tresen.channels.mail.mailboxes import change_mailbox
from tresen.channels.mail.models import FetchedByPop, Mailbox, RawMail
from tresen.channels.mail.spool import raw_bytes
from tresen.spine.events.actors import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.imap]
ADDRESS = "help@desk.example"


@pytest.fixture
def fetched(desk: Desk, dovecot: Dovecot) -> Callable[..., Mailbox]:
    """Makes the desk's mailbox one that is fetched by POP3."""

    def make(user: str, *, deletes: bool = False) -> Mailbox:
        box = desk.mailbox
        box.incoming, box.pop_host, box.pop_port, box.pop_security = "pop", "127.0.0.1", dovecot.pop_port, "plain"
        box.pop_user, box.pop_deletes = user, deletes
        box.set_password("pop", dovecot.password)
        box.save()
        return box

    return make


def test_what_lay_there_before_is_left_alone_and_what_comes_after_is_taken_in(
    dovecot: Dovecot, fetched: Callable[..., Mailbox]
) -> None:
    dovecot.deliver("pop-stays", mail("Old", subject="old"))
    fetched("pop-stays")
    assert fetch_all() == {ADDRESS: 0}
    for number in range(3):
        dovecot.deliver("pop-stays", mail(f"New {number}", subject=f"new {number}"))
    assert fetch_all() == {ADDRESS: 3}
    assert fetch_all() == {ADDRESS: 0}
    assert dovecot.count("pop-stays") == 4, "mail stays on the server"
    assert {row.source for row in RawMail.objects.all()} == {"pop"}


def test_a_mailbox_that_is_emptied_gives_everything_and_keeps_nothing(
    dovecot: Dovecot, fetched: Callable[..., Mailbox]
) -> None:
    for number in range(3):
        dovecot.deliver("pop-empties", mail(f"Mail {number}", subject=f"m{number}"))
    fetched("pop-empties", deletes=True)
    assert fetch_all() == {ADDRESS: 3}
    assert dovecot.count("pop-empties") == 0
    assert fetch_all() == {ADDRESS: 0}


def test_the_bytes_are_those_that_were_sent_with_dots_and_long_lines(
    dovecot: Dovecot, fetched: Callable[..., Mailbox]
) -> None:
    raw = mail("\r\n".join([".", "..two", ".leading", "x" * 9000, "end"]), subject="dots")
    fetched("pop-dots", deletes=True)
    dovecot.deliver("pop-dots", raw)
    assert fetch_all() == {ADDRESS: 1}
    assert raw_bytes(RawMail.objects.get()) == raw


def test_a_session_cut_after_storing_doubles_nothing_and_is_tidied_up_later(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched("pop-cut", deletes=True)
    for number in range(2):
        dovecot.deliver("pop-cut", mail(f"Mail {number}", subject=f"m{number}"))

    def cut(self: poplib.POP3) -> bytes:
        self.sock.close()
        raise ConnectionResetError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(poplib.POP3, "quit", cut)
        assert fetch_all() == {ADDRESS: "ConnectionResetError: cut"}
    assert RawMail.objects.count() == 2 and dovecot.count("pop-cut") == 2
    assert fetch_all() == {ADDRESS: 0}
    assert RawMail.objects.count() == 2 and dovecot.count("pop-cut") == 0


def test_a_first_look_that_is_cut_off_takes_nothing_that_comes_later_for_old(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver("pop-first", mail("Old", subject="old"))
    fetched("pop-first")

    def cut(self: poplib.POP3) -> bytes:
        raise ConnectionResetError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(poplib.POP3, "quit", cut)
        assert isinstance(fetch_all()[ADDRESS], str)
    dovecot.deliver("pop-first", mail("New", subject="new"))
    assert fetch_all() == {ADDRESS: 1}


def test_a_mail_beyond_the_limit_is_recorded_with_its_head(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pop, "MAX_MAIL_BYTES", 2000)
    fetched("pop-large", deletes=True)
    dovecot.deliver("pop-large", mail("x" * 70 + "\r\n" + "y" * 5000, subject="large"))
    assert fetch_all() == {ADDRESS: 1}
    row = RawMail.objects.get()
    assert (row.outcome, row.reason["code"]) == ("quarantined", "too_large")
    assert b"Subject: large" in raw_bytes(row) and row.size > 5000


def test_r24_a_mail_that_is_larger_than_said_or_not_given_holds_up_no_other(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pop, "MAX_MAIL_BYTES", 2000)
    monkeypatch.setattr(pop, "_sizes", lambda server: {})
    lines, refused = pop._lines, ["RETR 2"]

    def answer(server: poplib.POP3, command: str, *more: int, **named: bool) -> bytes:
        return lines(server, "RETR 99" if command in refused else command, *more, **named)

    monkeypatch.setattr(pop, "_lines", answer)
    box = fetched("pop-odd", deletes=True)
    for text, subject in (("y" * 9000, "large"), ("Refused", "refused"), ("Fine", "fine")):
        dovecot.deliver("pop-odd", mail(text, subject=subject))
    assert fetch_all() == {ADDRESS: 2}
    box.refresh_from_db()
    assert box.fault and box.fault_at and dovecot.count("pop-odd") == 2, "only what is stored whole is gone"
    assert RawMail.objects.filter(outcome="quarantined", reason__code="too_large").count() == 1
    refused.clear()
    assert fetch_all() == {ADDRESS: 1}
    box.refresh_from_db()
    assert not box.fault and dovecot.count("pop-odd") == 1


def test_names_of_mails_that_are_gone_are_forgotten_after_a_week(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched("pop-forget")
    assert fetch_all() == {ADDRESS: 0}
    dovecot.deliver("pop-forget", mail("One", subject="one"))
    assert fetch_all() == {ADDRESS: 1}
    with dovecot.connect("pop-forget") as somebody:
        somebody.select("INBOX")
        somebody.store("1", "+FLAGS", "\\Deleted")
        somebody.expunge()
    fetch_all()
    assert FetchedByPop.objects.count() == 1
    monkeypatch.setattr(pop, "FORGET_DAYS", 0)
    fetch_all()
    assert FetchedByPop.objects.count() == 0


def test_r02_what_was_never_taken_in_is_not_deleted_when_the_box_is_to_be_emptied_later(
    dovecot: Dovecot, fetched: Callable[..., Mailbox]
) -> None:
    user = "pop-later"
    for number in range(3):
        dovecot.deliver(user, mail(f"Old {number}", subject=f"old {number}"))
    box = fetched(user)
    assert fetch_all() == {ADDRESS: 0}
    dovecot.deliver(user, mail("New", subject="new"))
    assert fetch_all() == {ADDRESS: 1}
    change_mailbox(Mailbox.objects.get(pk=box.pk), set={"pop_deletes": True}, by=Actor.system("test"))
    assert [fetch_all(), fetch_all()] == [{ADDRESS: 0}, {ADDRESS: 0}]
    assert dovecot.count(user) == 3, "the stored one is gone, what nobody has read is there"


def test_r02_a_mail_of_which_only_the_head_is_stored_stays_on_the_server(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pop, "MAX_MAIL_BYTES", 2000)
    fetched("pop-head", deletes=True)
    dovecot.deliver("pop-head", mail("x" * 70 + "\r\n" + "y" * 5000, subject="large"))
    assert [fetch_all(), fetch_all()] == [{ADDRESS: 1}, {ADDRESS: 0}]
    assert dovecot.count("pop-head") == 1


def test_r02_the_names_of_deleted_mails_are_forgotten_at_once_since_new_mail_may_get_them(
    dovecot: Dovecot, fetched: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched("pop-names", deletes=True)
    monkeypatch.setattr(pop, "_listed", lambda server: {1: "a"} if dovecot.count("pop-names") else {})
    for subject in ("one", "two"):
        dovecot.deliver("pop-names", mail(subject, subject=subject))
        assert fetch_all() == {ADDRESS: 1}
    assert not FetchedByPop.objects.exists() and dovecot.count("pop-names") == 0


def test_a_wrong_password_is_said_at_the_mailbox_and_since_when(fetched: Callable[..., Mailbox]) -> None:
    box = fetched("pop-wrong")
    box.set_password("pop", "not the password")
    box.save()
    [said] = fetch_all().values()
    box.refresh_from_db()
    first = box.fault_at
    assert isinstance(said, str) and box.fault and first
    fetch_all()
    box.refresh_from_db()
    assert box.fault_at == first

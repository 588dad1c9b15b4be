"""Fetching from a real IMAP server: what is new, what is not, and what happens when settings are wrong."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tests.outside import Dovecot
from tresen.channels.mail.fetcher import fetch_all
from tresen.channels.mail.models import Mailbox, RawMail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.imap]


def _watched(desk: Desk, dovecot: Dovecot, user: str) -> Mailbox:
    box = desk.mailbox
    box.incoming, box.imap_host, box.imap_port, box.imap_security = "imap", "127.0.0.1", dovecot.port, "plain"
    box.imap_user = user
    box.set_password("imap", dovecot.password)
    box.save()
    return box


def _read_elsewhere(dovecot: Dovecot, user: str, number: str) -> None:
    with dovecot.connect(user) as connection:
        connection.select("INBOX")
        connection.store(number, "+FLAGS", "\\Seen")


def test_a_full_folder_gives_only_what_is_unread_and_later_all_that_is_new(desk: Desk, dovecot: Dovecot) -> None:
    user = "fetch-first"
    for number in range(1, 5):
        dovecot.deliver(user, mail(f"Old {number}", subject=f"old {number}"))
    for number in ("1", "3", "4"):
        _read_elsewhere(dovecot, user, number)
    _watched(desk, dovecot, user)
    assert fetch_all() == {"help@desk.example": 1}
    assert fetch_all() == {"help@desk.example": 0}, "what was read before the first fetch is not new"
    dovecot.deliver(user, mail("New", subject="new"))
    _read_elsewhere(dovecot, user, "5")
    assert fetch_all() == {"help@desk.example": 1}, "somebody opened it first; it is new all the same"
    assert RawMail.objects.count() == 2


def test_an_empty_folder_at_first_misses_nothing_later(desk: Desk, dovecot: Dovecot) -> None:
    user = "fetch-empty"
    _watched(desk, dovecot, user)
    assert fetch_all() == {"help@desk.example": 0}
    dovecot.deliver(user, mail("First", subject="first"))
    assert fetch_all() == {"help@desk.example": 1}


def test_a_missing_target_folder_holds_up_no_mail_and_is_said(desk: Desk, dovecot: Dovecot) -> None:
    user = "fetch-move"
    box = _watched(desk, dovecot, user)
    Mailbox.objects.filter(pk=box.pk).update(imap_move_to="Nowhere")
    for number in range(2):
        dovecot.deliver(user, mail(f"Mail {number}", subject=f"m{number}"))
    assert fetch_all() == {"help@desk.example": 2}
    box.refresh_from_db()
    assert RawMail.objects.count() == 2 and box.fault


def test_a_wrong_password_is_said_at_the_mailbox(desk: Desk, dovecot: Dovecot) -> None:
    box = _watched(desk, dovecot, "fetch-wrong")
    box.set_password("imap", "not the password")
    box.save()
    [said] = fetch_all().values()
    box.refresh_from_db()
    assert isinstance(said, str) and box.fault and box.fault_at

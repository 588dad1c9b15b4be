"""R7: mail is fetched by UID alone: what others expunge meanwhile shifts nothing, and a folder whose UIDVALIDITY was
reset gives no old mail as new (P14). With a real Dovecot."""

from __future__ import annotations

import poplib
import threading

import pytest
from imap_tools import BaseMailBox

from tests.intake.conftest import Desk, mail
from tests.outside import Dovecot
from tresen.channels.mail import imap, pop
from tresen.channels.mail.fetcher import fetch_all
from tresen.channels.mail.mailboxes import change_mailbox
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.imap]
ADDRESS = "help@desk.example"


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return Desk()


def _fetched(desk: Desk, dovecot: Dovecot, user: str) -> Mailbox:
    box = desk.mailbox
    box.incoming, box.imap_host, box.imap_port, box.imap_security = "imap", "127.0.0.1", dovecot.port, "plain"
    box.imap_user = user
    box.set_password("imap", dovecot.password)
    box.save()
    return box


def test_r07_all_waiting_mails_arrive_while_others_are_expunged(
    desk: Desk, dovecot: Dovecot, full_size: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, count = "r07-expunge", 50 if full_size else 10
    _fetched(desk, dovecot, user)
    with dovecot.connect(user) as somebody:
        for number in range(2 * count):
            raw = mail(f"Mail {number}", subject=f"m{number:03}", sender=f"a{number}@shop.example")
            somebody.append("INBOX", "", "", raw)
        somebody.select("INBOX")
        # Every second one was there and read before; somebody tidies them up while we fetch.
        old = ",".join(str(number) for number in range(1, 2 * count + 1, 2))
        somebody.store(old, "+FLAGS", "(\\Seen \\Deleted)")
        size_of, calls = imap._size_of, iter(range(1000))

        def expunging(*arguments: object) -> int | None:
            if next(calls) == 5:
                thread = threading.Thread(target=somebody.expunge)
                thread.start()
                thread.join()
            return size_of(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(imap, "_size_of", expunging)
        assert fetch_all() == {ADDRESS: count}
    drain("mail-in")
    assert sorted(RawMail.objects.values_list("subject", flat=True)) == [f"m{n:03}" for n in range(1, 2 * count, 2)]


@pytest.mark.parametrize("flags", ["(\\Seen)", ""])
def test_r07_a_reset_uidvalidity_makes_no_tickets_of_old_mail_and_the_next_new_one_arrives(
    desk: Desk, dovecot: Dovecot, full_size: bool, flags: str
) -> None:
    user, count = f"r07-reset-{len(flags)}", 1000 if full_size else 24
    mails = [mail(f"Old {n}", subject=f"old {n}", sender=f"b{n}@shop.example") for n in range(count)]
    long_ago = '"02-Mar-2026 10:00:00 +0100"'
    with dovecot.connect(user) as server:
        for number, raw in enumerate(mails):  # half of them were read before Tresen came
            server.append("INBOX", "(\\Seen)" if number % 2 else "", long_ago, raw)
    box = _fetched(desk, dovecot, user)
    assert fetch_all() == {ADDRESS: count // 2}
    drain("mail-in")
    tickets = Ticket.objects.count()
    box.refresh_from_db()
    before = box.imap_uidvalidity

    with dovecot.connect(user) as server:  # a folder made anew from a backup: other UIDs, perhaps without flags
        server.create("Fresh")
        for raw in mails:
            server.append("Fresh", flags, long_ago, raw)
        server.select("INBOX")
        server.store("1:*", "+FLAGS", "\\Deleted")
        server.expunge()
    Mailbox.objects.filter(pk=box.pk).update(imap_folder="Fresh")
    assert fetch_all() == {ADDRESS: 0}
    drain("mail-in")
    box.refresh_from_db()
    assert box.imap_uidvalidity != before and Ticket.objects.count() == tickets

    dovecot.deliver(user, mail("New", subject="the next", sender="new@shop.example"), folder="Fresh")
    assert fetch_all() == {ADDRESS: 1}
    drain("mail-in")
    assert Ticket.objects.count() == tickets + 1


def test_r07_a_restored_folder_with_todays_dates_gives_duplicates_and_no_tickets(desk: Desk, dovecot: Dovecot) -> None:
    user = "r07-today"
    box = _fetched(desk, dovecot, user)
    mails = [mail(f"Mail {n}", subject=f"mail {n}", sender=f"c{n}@shop.example") for n in range(5)]
    for raw in mails:
        dovecot.deliver(user, raw)
    assert fetch_all() == {ADDRESS: 5}
    drain("mail-in")
    tickets = Ticket.objects.count()
    with dovecot.connect(user) as server:
        server.create("Again")
    for raw in mails:
        dovecot.deliver(user, raw, folder="Again")
    Mailbox.objects.filter(pk=box.pk).update(imap_folder="Again")
    assert fetch_all() == {ADDRESS: 5}
    drain("mail-in")
    assert Ticket.objects.count() == tickets
    assert RawMail.objects.filter(outcome="duplicate").count() == 5


def test_r07_the_place_in_an_old_folder_is_not_written_over_that_of_a_new_one(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = "r07-race"
    box = _fetched(desk, dovecot, user)
    with dovecot.connect(user) as server:
        server.create("Other")
    for number in range(2):
        dovecot.deliver(user, mail(f"Mail {number}", subject=f"m{number}"))
    size_of = imap._size_of

    def changing(server: BaseMailBox, uid: int) -> int | None:
        change_mailbox(Mailbox.objects.get(pk=box.pk), set={"imap_folder": "Other"}, by=Actor.system("test"))
        return size_of(server, uid)

    with monkeypatch.context() as patch:
        patch.setattr(imap, "_size_of", changing)
        assert fetch_all() == {ADDRESS: 2}
    box.refresh_from_db()
    assert (box.imap_folder, box.imap_uidvalidity, box.imap_last_uid) == ("Other", None, 0)


def test_r07_the_first_look_at_an_old_pop3_account_is_not_taken_for_that_of_a_new_one(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = desk.mailbox
    box.incoming, box.pop_host, box.pop_port, box.pop_security = "pop", "127.0.0.1", dovecot.pop_port, "plain"
    box.pop_user = "r07-pop"
    box.set_password("pop", dovecot.password)
    box.save()
    fetch_all()
    dovecot.deliver("r07-pop", mail("New", subject="new"))
    dovecot.deliver("r07-other", mail("Old", subject="old"))
    sizes = pop._sizes

    def changing(server: poplib.POP3) -> dict[int, int]:
        change_mailbox(Mailbox.objects.get(pk=box.pk), set={"pop_user": "r07-other"}, by=Actor.system("test"))
        return sizes(server)

    with monkeypatch.context() as patch:
        patch.setattr(pop, "_sizes", changing)
        assert fetch_all() == {ADDRESS: 1}
    box.refresh_from_db()
    assert not box.pop_begun and not box.known_by_pop.exists()
    assert fetch_all() == {ADDRESS: 0}, "what lay there is left alone"

"""One fetcher for a mailbox, over all processes; what it has is given back, or taken over when it dies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.intake.conftest import Desk
from tests.outside import Dovecot
from tresen.channels.mail import leases
from tresen.channels.mail.fetcher import fetch_all, pause_after
from tresen.channels.mail.models import Mailbox
from tresen.kit import clock

pytestmark = pytest.mark.django_db


def test_only_one_of_two_has_the_mailbox(desk: Desk) -> None:
    assert leases.take(desk.mailbox.pk, "one")
    assert not leases.take(desk.mailbox.pk, "two")
    assert leases.take(desk.mailbox.pk, "one"), "whoever has it may go on"
    leases.give_back(desk.mailbox.pk, "two")
    assert not leases.take(desk.mailbox.pk, "two"), "nobody gives back what another has"
    leases.give_back(desk.mailbox.pk, "one")
    assert leases.take(desk.mailbox.pk, "two")


def test_a_lease_that_is_over_is_taken_by_the_next(desk: Desk) -> None:
    leases.take(desk.mailbox.pk, "dead")
    Mailbox.objects.update(fetcher_until=clock.now() - timedelta(seconds=1))
    assert leases.take(desk.mailbox.pk, "alive")
    assert leases.renew("dead") == set() and leases.renew("alive") == {desk.mailbox.pk}


@pytest.mark.imap
def test_the_command_leaves_a_mailbox_alone_that_another_fetches(desk: Desk, dovecot: Dovecot) -> None:
    box = desk.mailbox
    box.incoming, box.imap_host, box.imap_port, box.imap_security = "imap", "127.0.0.1", dovecot.port, "plain"
    box.imap_user = "lease"
    box.set_password("imap", dovecot.password)
    box.save()
    leases.take(box.pk, "another")
    assert fetch_all() == {box.address: None}
    leases.give_back(box.pk, "another")
    assert fetch_all() == {box.address: 0}
    box.refresh_from_db()
    assert box.fetcher == ""


def test_pauses_grow_to_ten_minutes_and_are_never_the_same() -> None:
    assert 8 <= pause_after(1) <= 12 and 16 <= pause_after(2) <= 24
    assert all(480 <= pause_after(faults) <= 720 for faults in (8, 50, 5000))
    assert len({pause_after(3) for _ in range(20)}) > 10

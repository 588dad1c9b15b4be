"""Administrators hear of mail that waits for them, by one mail a while, in their language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Cast, make_cast
from tests.outbox import account_mails
from tresen.channels.mail.alarms import watch
from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.channels.mail.spool import store_mail
from tresen.core.people.models import Role
from tresen.kit import clock
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast; piotr administers, too, and reads Polish."""
    cast = make_cast()
    cast.piotr.role_id = Role.ADMIN
    cast.piotr.save()
    cast.piotr.user.language = "pl"
    cast.piotr.user.save()
    return cast


def _waiting(outcome: str) -> None:
    row = store_mail(b"Subject: x\r\n\r\nx", mailbox=Mailbox.objects.get(), source="smtp")
    assert row
    RawMail.objects.filter(pk=row.pk).update(outcome=outcome, handled_at=clock.now())
    Job.objects.filter(queue="mail-in").delete()  # nothing of it waits to be read


def test_every_administrator_hears_of_mail_that_could_not_be_read(cast: Cast) -> None:
    assert watch() == 0
    _waiting(Outcome.QUARANTINED)
    assert watch() == 1
    drain("mail-out")
    mails = {mail.to: mail for mail in account_mails()}
    assert set(mails) == {cast.ada.user.email, cast.piotr.user.email}
    text = mails[cast.ada.user.email].text
    assert "1 mail of the last hour could not be read" in text and "/settings/mail/ledger/?outcome=quarantined" in text
    assert "Nie udało się odczytać" in mails[cast.piotr.user.email].subject


def test_the_same_cause_is_told_once_in_six_hours(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _waiting(Outcome.QUARANTINED)
    assert [watch(), watch(), watch()] == [1, 0, 0]
    _waiting(Outcome.SUSPENDED)
    assert watch() == 1
    later = clock.now() + timedelta(hours=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert watch() == 0, "nothing new has come"
    _waiting(Outcome.QUARANTINED)
    assert watch() == 1


def test_what_somebody_deleted_alarms_nobody(cast: Cast) -> None:
    _waiting(Outcome.QUARANTINED)
    RawMail.objects.update(discarded_at=clock.now())
    assert watch() == 0

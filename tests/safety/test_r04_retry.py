"""R4: what could not be read is in the list with its reason and its bytes; once the fault is mended (an upgrade),
trying again brings it in, and what still cannot be read stays (P15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.cast import Cast, make_cast
from tresen.channels.mail import intake
from tresen.channels.mail.ledger import read_ledger
from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.channels.mail.reader import MailUnreadable
from tresen.channels.mail.spool import store_mail
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.main import main
from tresen.kit import clock
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import claim, drain, reap

SUBJECT = "An old program wrote this"
RAW = f"From: Carol <carol@faehrholm.example>\r\nSubject: {SUBJECT}\r\n\r\nThe printer burns.\r\n".encode()
DEEP = b"From: p@evil.example\r\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(80)
)


@pytest.mark.django_db
def test_r04_workers_that_die_before_they_begin_cost_no_mail() -> None:
    make_cast()
    store_mail(RAW, mailbox=Mailbox.objects.get(), source="smtp")
    for _ in range(12):
        job = claim("mail-in", "a worker about to die")
        assert job
        Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))
        assert reap() == 1
    drain()
    assert RawMail.objects.get().outcome == Outcome.NEW
    assert Ticket.objects.filter(subject=SUBJECT).count() == 1


def cannot_read(raw: bytes) -> dict[str, Any]:
    """A reader before its mending: it says that this cannot be read."""
    raise MailUnreadable("depth", "more parts than it can count", final=True)


def breaks(raw: bytes) -> dict[str, Any]:
    """A reader with a fault of its own."""
    raise ValueError("a line that no test had")


def by_the_page(ada: Client, number: int) -> None:
    """An administrator finds it in the list, with its bytes, and presses the button."""
    assert str(number) in ada.get("/settings/mail/ledger/?outcome=open").content.decode()
    kept = ada.get(f"/settings/mail/ledger/{number}/raw/")
    assert (b"".join(kept) if kept.streaming else kept.content) == RAW
    assert ada.post(f"/settings/mail/ledger/{number}/retry/").status_code == 302


def by_command(ada: Client, number: int) -> None:
    """Whoever upgraded says it on the command line."""
    done = CliRunner().invoke(main, ["mail", "retry", str(number)])
    assert done.exit_code == 0, done.output


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def bring(raw: bytes) -> RawMail:
    """Takes a mail in and lets the worker try it as often as it does."""
    row = store_mail(raw, mailbox=Mailbox.objects.get(), source="smtp", envelope_from="carol@faehrholm.example")
    assert row
    return work_on(row)


def work_on(row: RawMail) -> RawMail:
    """The worker's tries, without the waits between them; the mail as it is then."""
    for _try in range(intake.TRIES):
        drain("mail-in")
        Job.objects.update(run_at=clock.now())
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("again", [by_the_page, by_command])
@pytest.mark.parametrize("fault", [cannot_read, breaks])
def test_r04_after_the_mending_a_retry_brings_the_mail_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., Any], again: Callable[..., None]
) -> None:
    with monkeypatch.context() as before_the_upgrade:
        before_the_upgrade.setattr(intake, "read_mail", fault)
        row = bring(RAW)
    assert row.outcome == Outcome.QUARANTINED and not Ticket.objects.exists()
    assert row.reason["code"] == ("depth" if fault is cannot_read else "fault") and row.reason["detail"]

    again(cast.browser(cast.ada), row.pk)
    assert work_on(row).outcome == Outcome.NEW
    ticket = Ticket.objects.get()
    assert ticket.subject == SUBJECT and ticket.requester == cast.carol
    assert "The printer burns." in ticket.messages.get().text and row.ticket == ticket
    assert read_ledger().closes and read_ledger().outcomes["new"] == 1
    assert Event.objects.filter(kind="mail.released", stream_id=row.pk).count() == 1


def test_r04_what_still_cannot_be_read_has_been_tried_and_stays(cast: Cast) -> None:
    row = bring(DEEP)
    assert row.outcome == Outcome.QUARANTINED
    before, reason = row.handled_at, row.reason
    by_command(cast.browser(cast.ada), row.pk)
    row.refresh_from_db()
    assert row.outcome == Outcome.RECEIVED, "it waits for the worker"
    assert work_on(row).outcome == Outcome.QUARANTINED
    assert row.handled_at and before and row.handled_at > before and row.reason["code"] == reason["code"]
    assert not Ticket.objects.exists() and read_ledger().closes

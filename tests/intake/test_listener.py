"""The listener's parts: its certificate, and the thread that stores what all sessions bring."""

from __future__ import annotations

import dataclasses
import os
import ssl
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError

from tests.certificates import make_certificate
from tests.intake.conftest import Desk, mail
from tresen.channels.mail import writer as writing
from tresen.channels.mail.listener_tls import CertificateFault, Certificates, paths, valid_until
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.spool import Delivery, pack, raw_bytes
from tresen.channels.mail.writer import Writer
from tresen.spine.jobs.models import Job


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = make_certificate(tmp_path / "named.pem", name="mail.desk.example")
    changed = dataclasses.replace(settings.ENVIRONMENT, listen_tls_cert=str(path), listen_tls_key="")
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    return path


def test_a_named_certificate_is_used_and_read_anew_when_it_changes(named: Path) -> None:
    certificates = Certificates()
    first = certificates.context()
    assert certificates.context() is first and paths() == (named, named)
    make_certificate(named, name="mail.desk.example", days=60)
    os.utime(named, ns=(1, 1))
    second = certificates.context()
    assert second is not first
    named.write_text("half a file")
    assert certificates.context() is second, "what cannot be used does not end what can"


def test_a_certificate_that_cannot_be_used_is_said(named: Path) -> None:
    named.unlink()
    with pytest.raises(CertificateFault, match=r"named\.pem"):
        Certificates().context()


def test_without_one_it_makes_its_own_and_a_new_one_before_it_ends(tmp_path: Path) -> None:
    own, _ = paths()
    until = valid_until(own)
    assert until and own.stat().st_mode & 0o077 == 0 and paths()[0].read_bytes() == own.read_bytes()
    make_certificate(own, days=10)
    paths()
    again = valid_until(own)
    assert again and again >= until
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(own)


@pytest.mark.django_db(transaction=True)
def test_many_sessions_share_a_transaction_and_each_mail_is_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    store, gate = writing.store_deliveries, threading.Event()

    def counted(deliveries: list[Delivery]) -> None:
        gate.wait(10)
        batches.append(len(deliveries))
        store(deliveries)

    monkeypatch.setattr(writing, "store_deliveries", counted)
    raws = [mail(f"Mail {number}", subject=f"m{number}") for number in range(20)]
    writer = Writer()
    futures = [
        writer.store(pack(raw, [(desk.mailbox, "help@desk.example")], source="smtp", envelope_from="a@x.example"))
        for raw in raws
    ]
    gate.set()
    for future in futures:
        future.result(timeout=20)
    writer.stop()
    assert sum(batches) == 20 and len(batches) <= 3
    assert sorted(raw_bytes(row) for row in RawMail.objects.all()) == sorted(raws)
    assert Job.objects.filter(name="mail.process").count() == 20


@pytest.mark.django_db(transaction=True)
def test_who_hangs_up_while_his_mail_is_stored_stops_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store, gate = writing.store_deliveries, threading.Event()

    def slow(deliveries: list[Delivery]) -> None:
        gate.wait(10)
        store(deliveries)

    monkeypatch.setattr(writing, "store_deliveries", slow)
    writer = Writer()

    def bring(sender: str) -> Future[None]:
        deliveries = pack(mail("x"), [(desk.mailbox, "help@desk.example")], source="smtp", envelope_from=sender)
        return writer.store(deliveries)

    gone = bring("gone@x.example")
    gone.cancel()  # what asyncio does when a session ends
    gate.set()
    bring("next@x.example").result(timeout=20)
    gone.result(timeout=20)
    assert writer.is_alive
    writer.stop()
    assert not writer.is_alive
    assert set(RawMail.objects.values_list("envelope_from", flat=True)) == {"gone@x.example", "next@x.example"}


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_stored_costs_the_others_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store, gate = writing.store_deliveries, threading.Event()

    def choosy(deliveries: list[Delivery]) -> None:
        gate.wait(10)
        if any(one.envelope_from == "poison@x.example" for one in deliveries):
            raise DatabaseError("not this one")
        store(deliveries)

    monkeypatch.setattr(writing, "store_deliveries", choosy)
    writer = Writer()
    futures: dict[str, Any] = {
        sender: writer.store(
            pack(mail("x"), [(desk.mailbox, "help@desk.example")], source="smtp", envelope_from=sender)
        )
        for sender in ("a@x.example", "poison@x.example", "b@x.example")
    }
    gate.set()
    with pytest.raises(DatabaseError):
        futures.pop("poison@x.example").result(timeout=20)
    for future in futures.values():
        future.result(timeout=20)
    writer.stop()
    assert RawMail.objects.count() == 2

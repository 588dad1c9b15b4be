"""The test of a mailbox names what is wrong: name, port, certificate, sign-in, folder, sending."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from django.test import Client
from django.utils import translation

from tests.cast import Cast
from tests.certificates import make_certificate
from tests.imap_faults import FaultyImap
from tests.outside import Sink, free_port
from tests.setup.test_mailboxes import after_test, made
from tresen.channels.mail import probe
from tresen.channels.mail.models import Mailbox, MailboxTest
from tresen.channels.mail.probe_faults import words_for

pytestmark = pytest.mark.django_db(transaction=True)
Serve = Callable[..., FaultyImap]


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "TIMEOUT_SECONDS", 2)


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[FaultyImap] = []

    def start(certificate: Path | None = None) -> FaultyImap:
        servers.append(FaultyImap(certificate))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def walked(cast: Cast, ada: Client, **fields: Any) -> tuple[str, list[tuple[str, bool | None, str]]]:
    """The page, and each step: its key, whether it went well, its code."""
    mailbox = made(cast, ada, imap_host="127.0.0.1", **fields)
    page = after_test(ada, mailbox)
    test = MailboxTest.objects.get(mailbox=mailbox)
    assert test.ended_at
    return page, [(step["key"], step["ok"], step["code"]) for step in test.steps]


def failed(steps: list[tuple[str, bool | None, str]]) -> tuple[str, str]:
    """The one step that failed; all before went well, all after wait."""
    place = next(number for number, step in enumerate(steps) if step[1] is False)
    assert all(step[1] for step in steps[:place]) and all(step[1] is None for step in steps[place + 1 :])
    return steps[place][0], steps[place][2]


def test_each_step_of_a_mailbox_that_works_says_what_it_found(
    cast: Cast, ada: Client, serve: Serve, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path / "right.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    page, steps = walked(cast, ada, imap_port=serve(certificate).port, smtp_host="127.0.0.1", smtp_port=sink.port,
                         smtp_security="plain")  # fmt: skip
    assert all(step[1] for step in steps)
    keys = ["name", "port", "encryption", "sign_in", "folder"]
    assert [step[0] for step in steps] == [f"in:{k}" for k in keys] + [f"out:{k}" for k in [*keys[:4], "sending"]]
    assert "the certificate is valid until" in page and "Nothing was sent" in page and not sink.mails


@pytest.mark.parametrize(
    ("made_for", "days", "trusted", "code"),
    [("127.0.0.1", 30, False, "self_signed"), ("127.0.0.1", -1, True, "expired"),
     ("imap.x.example", 9, True, "other_name")],
)  # fmt: skip
def test_a_certificate_is_told_by_its_fault(
    cast: Cast, ada: Client, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_for: str, days: int,
    trusted: bool, code: str,
) -> None:  # fmt: skip
    certificate = make_certificate(tmp_path / "made.pem", name=made_for, days=days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    page, steps = walked(cast, ada, imap_port=serve(certificate).port)
    assert failed(steps) == ("in:encryption", code)
    assert words_for(code, {}) in page


def test_a_port_without_tls_and_a_server_without_starttls(cast: Cast, ada: Client, serve: Serve) -> None:
    port = serve().port
    _, steps = walked(cast, ada, imap_port=port, imap_security="tls")
    assert failed(steps) == ("in:encryption", "no_tls")
    Mailbox.objects.filter(imap_port=port).delete()
    _, steps = walked(cast, ada, imap_port=port, imap_security="starttls")
    assert failed(steps) == ("in:encryption", "no_starttls")


def test_a_wrong_name_a_closed_port_a_silent_server(cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    found = {}
    for what, port in (("closed", free_port()), ("silent", silent.getsockname()[1])):
        _, steps = walked(cast, ada, imap_port=port, imap_security="plain")
        found[what] = failed(steps)
        Mailbox.objects.filter(imap_port=port).delete()
    silent.close()
    assert found == {"closed": ("in:port", "refused"), "silent": ("in:sign_in", "no_answer")}

    def unknown(*arguments: Any, **named: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(probe.socket, "getaddrinfo", unknown)
    _, steps = walked(cast, ada, imap_port=993)
    assert failed(steps) == ("in:name", "no_such_name")


def test_a_server_that_speaks_something_else(cast: Cast, ada: Client, serve: Serve, sink: Sink) -> None:
    facts: list[dict[str, Any]] = [
        {"imap_port": sink.port, "imap_security": "plain"},
        {"incoming": "pop", "pop_host": "127.0.0.1", "pop_port": sink.port, "pop_user": "u", "pop_password": "p",
         "pop_security": "plain"},
        {"imap_port": (imap := serve()).port, "imap_security": "plain", "smtp_host": "127.0.0.1",
         "smtp_port": imap.port, "smtp_security": "plain"},
    ]  # fmt: skip
    for number, fields in enumerate(facts):
        page, steps = walked(cast, ada, **fields)
        assert failed(steps) == ("out:sign_in" if number == 2 else "in:sign_in", "other_protocol")
        assert "Something else answers at this port" in page
        Mailbox.objects.filter(address="support@lindhafen.example").delete()


def test_a_wrong_password_and_a_missing_folder(cast: Cast, ada: Client, serve: Serve) -> None:
    server = serve()
    server.password = "another"
    page, steps = walked(cast, ada, imap_port=server.port, imap_security="plain")
    assert failed(steps) == ("in:sign_in", "wrong_login") and "user name and password" in page
    server.password = ""
    Mailbox.objects.filter(imap_port=server.port).delete()
    page, steps = walked(cast, ada, imap_port=server.port, imap_security="plain", imap_move_to="Erledigt")
    assert failed(steps) == ("in:folder", "no_folder") and "the server has: INBOX" in page


def test_an_outgoing_server_that_does_not_take_our_address(cast: Cast, ada: Client, serve: Serve, sink: Sink) -> None:
    async def refuse(server: Any, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        return "550 not yours"

    sink._controller.handler.handle_RCPT = refuse  # type: ignore[attr-defined]
    page, steps = walked(cast, ada, imap_port=serve().port, imap_security="plain", smtp_host="127.0.0.1",
                         smtp_port=sink.port, smtp_security="plain")  # fmt: skip
    assert failed(steps) == ("out:sending", "not_sent") and "550" in page


def test_every_finding_has_its_words_in_three_languages() -> None:
    names = "host addresses port version until user count folder place address name names".split()
    values = dict.fromkeys(names, "x")
    for code in "found reached encrypted expired self_signed other_name no_tls no_answer sends".split():
        said = set()
        for language in ("en", "de", "pl"):
            with translation.override(language):
                said.add(words_for(code, values))
        assert len(said) == 3, code


def test_a_test_that_was_replaced_writes_nothing_any_more(cast: Cast, ada: Client, serve: Serve) -> None:
    mailbox = made(cast, ada, imap_host="127.0.0.1", imap_port=serve().port, imap_security="plain")
    probe.start_test(mailbox)
    old = MailboxTest.objects.get().pk
    probe.start_test(mailbox)
    probe.run_test(old)
    assert MailboxTest.objects.get().ended_at is None

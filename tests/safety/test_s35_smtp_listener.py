"""S35: the listener is no relay, takes one DATA for one mail whatever stands in it, lets nothing slip in before
encryption, tells nothing about addresses, and refuses what is too large, announced or not (P2)."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.outside import wait_for

pytestmark = pytest.mark.once

LIMIT = 36 * 1024 * 1024
# An end of mail as some server somewhere understands it, and what would be a second mail behind it.
ENDS = {
    "LF dot LF": b"\n.\n",
    "LF dot CRLF": b"\n.\r\n",
    "CRLF dot LF": b"\r\n.\n",
    "CR dot CR": b"\r.\r",
    "CR dot CRLF": b"\r.\r\n",
    "CRLF dot CR": b"\r\n.\r",
    "CR dot LF": b"\r.\n",
    "LF dot CR": b"\n.\r",
    "CR CR LF dot LF": b"\r\r\n.\n",
    "LF LF dot CRLF": b"\n\n.\r\n",
}


class Line:
    """A session by hand: every byte is ours."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.file = self.socket.makefile("rb")
        assert self.hear().startswith("220")

    def hear(self) -> str:
        """One answer with all its lines."""
        lines = [self.file.readline().decode()]
        while lines[-1][3:4] == "-":
            lines.append(self.file.readline().decode())
        return "".join(lines)

    def say(self, words: str | bytes) -> str:
        """A command; its answer."""
        self.socket.sendall((words.encode() if isinstance(words, str) else words) + b"\r\n")
        return self.hear()

    def data(self, raw: bytes, *, to: str = MAILBOX) -> str:
        """One mail as it stands, with the end that is one; what is said to it."""
        assert self.say("MAIL FROM:<mallory@elsewhere.example>").startswith("250")
        assert self.say(f"RCPT TO:<{to}>").startswith("250")
        assert self.say("DATA").startswith("354")
        self.socket.sendall(raw + b"\r\n.\r\n")
        return self.hear()


@contextmanager
def line(desk: RunningDesk, greeting: str = "EHLO elsewhere.example") -> Iterator[Line]:
    session = Line(desk.instance.smtp_port)
    try:
        if greeting:
            assert session.say(greeting).startswith("250")
        yield session
    finally:
        session.socket.close()


def ledger(desk: RunningDesk) -> dict[str, int]:
    done = desk.instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stderr
    return {name: int(count) for name, count in re.findall(r"^(?:refused at the door, )?\s*(\w+):?\s+(\d+)$",
                                                           done.stdout, re.MULTILINE)}  # fmt: skip


def test_s35_no_other_end_of_mail_lets_a_second_one_out(mail_desk: RunningDesk) -> None:
    before = ledger(mail_desk)
    with line(mail_desk) as session:
        for name, end in ENDS.items():
            hidden = b"MAIL FROM:<ceo@desk.example>\r\nRCPT TO:<" + MAILBOX.encode() + b">\r\nDATA\r\nSubject: smuggled"
            answer = session.data(mail("Innocent.", subject="innocent").rstrip() + end + hidden)
            assert answer.startswith("550 5.6.0"), (name, answer)
            assert session.say("NOOP").startswith("250"), f"{name}: the session is where it should be"
    after = ledger(mail_desk)
    assert after["received"] == before["received"]
    assert after["form"] == before.get("form", 0) + len(ENDS)


def test_s35_what_only_looks_like_it_is_one_mail_with_every_byte(mail_desk: RunningDesk) -> None:
    body = b"first\r\n..\r\n...three\r\n.leading\r\nbare\nline\rends\r\n" + b"x" * 5000 + b"\r\nlast"
    raw = mail("", subject="one and whole").rstrip() + b"\r\n\r\n" + body
    with line(mail_desk) as session:
        stuffed = raw.replace(b"\r\n.", b"\r\n..")
        assert session.data(stuffed).startswith("250")
    ticket = mail_desk.wait_ticket("one and whole")
    admin = mail_desk.signed_in()
    admin.get(f"/desk/tickets/{ticket['number']}/")
    [message] = mail_desk.messages(ticket["number"])
    page = admin.get(f"/desk/messages/{message['id']}/raw/")
    assert (page.status, page.body) == (200, raw + b"\r\n")


def test_s35_two_mails_in_one_packet_are_two_and_an_empty_one_is_one(mail_desk: RunningDesk) -> None:
    before = ledger(mail_desk)["received"]
    with line(mail_desk) as session:
        for subject in ("pipelined one", "pipelined two"):
            envelope = f"MAIL FROM:<p@elsewhere.example>\r\nRCPT TO:<{MAILBOX}>\r\nDATA\r\n".encode()
            session.socket.sendall(envelope + mail("Text", subject=subject) + b".\r\n")
            assert [session.hear()[:3] for _ in range(4)] == ["250", "250", "354", "250"]
        assert session.data(b"").startswith("250")
    assert ledger(mail_desk)["received"] == before + 3


@pytest.mark.parametrize(
    "recipient",
    [
        "victim@elsewhere.example", f"victim%elsewhere.example@{MAILBOX.partition('@')[2]}",
        f"@{MAILBOX.partition('@')[2]}:victim@elsewhere.example", "victim", f"{MAILBOX}@elsewhere.example",
        f'"victim@elsewhere.example"@{MAILBOX.partition("@")[2]}', f"elsewhere.example!{MAILBOX}",
        "postmaster@elsewhere.example", f"{MAILBOX},victim@elsewhere.example", f"{MAILBOX}\x00@elsewhere.example",
    ],
)  # fmt: skip
def test_s35_it_is_no_relay(mail_desk: RunningDesk, recipient: str) -> None:
    with line(mail_desk) as session:
        assert session.say(f"MAIL FROM:<{MAILBOX}>").startswith("250")
        assert session.say(f"RCPT TO:<{recipient}>").startswith("5"), recipient
        assert session.say("DATA").startswith("503"), "without a recipient there is no mail"


def test_s35_nothing_that_came_before_encryption_counts_after_it(mail_desk: RunningDesk) -> None:
    with line(mail_desk) as session:
        injected = (
            f"STARTTLS\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<{MAILBOX}>\r\nDATA\r\nSubject: injected\r\n.\r\n"
        )
        session.socket.sendall(injected.encode())
        assert session.hear().startswith("220")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            session.socket = context.wrap_socket(session.socket)
            session.file = session.socket.makefile("rb")
            # The answers to what was injected would come now, in front of ours.
            assert session.say("NOOP") in {"250 OK\r\n", "503 Error: send HELO first\r\n"}
            assert session.say("DATA").startswith("503")
        except (ssl.SSLError, ConnectionError):
            pass  # refusing the whole session is as good
    assert "injected" not in {ticket["subject"] for ticket in mail_desk.tickets()}


def test_s35_after_starttls_one_begins_anew_and_mail_arrives_encrypted(mail_desk: RunningDesk) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", mail_desk.instance.smtp_port, timeout=60) as server:
        server.ehlo("elsewhere.example")
        assert server.has_extn("starttls")
        assert server.mail("before@elsewhere.example")[0] == 250
        server.starttls(context=context)
        assert server.rcpt(MAILBOX)[0] == 503, "the sender named before does not count"
        server.ehlo("elsewhere.example")
        assert not server.has_extn("starttls") and server.esmtp_features["size"] == str(LIMIT)
        server.sendmail("carol@shop.example", [MAILBOX], mail("Encrypted.", subject="under cover"))
    assert mail_desk.wait_ticket("under cover")


def test_s35_it_tells_nothing_about_addresses(mail_desk: RunningDesk) -> None:
    with line(mail_desk) as session:
        for word in ("VRFY", "EXPN"):
            known, unknown = (session.say(f"{word} {who}") for who in (MAILBOX, "nobody@desk.example"))
            assert known == unknown and known.startswith("502")


def test_s35_too_large_is_refused_whether_announced_or_not(mail_desk: RunningDesk) -> None:
    before = ledger(mail_desk)
    with line(mail_desk) as session:
        assert session.say(f"MAIL FROM:<a@elsewhere.example> SIZE={LIMIT + 1}").startswith("552")
        chunk = b"x" * 76 + b"\r\n"
        answer = session.data(b"Subject: huge\r\n\r\n" + chunk * (LIMIT // len(chunk) + 20))
        assert answer.startswith("552"), answer
        assert session.data(mail("Small.", subject="after the large one")).startswith("250")
    with line(mail_desk, "HELO elsewhere.example") as session:  # one who knows nothing of sizes, on one line
        assert session.data(b"Subject: huge\r\n\r\n" + b"y" * (LIMIT + 100_000)).startswith("552")
    after = ledger(mail_desk)
    assert after["received"] == before["received"] + 1
    assert after["size"] == before.get("size", 0) + 3


def test_s35_its_certificate_is_its_own_and_nobody_else_reads_the_key(mail_desk: RunningDesk) -> None:
    path = mail_desk.instance.data / "listen-tls.pem"
    wait_for(path.exists, what="the certificate")
    assert path.stat().st_mode & 0o777 == 0o600

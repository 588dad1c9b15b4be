"""R25: greylisting, 421, 5xx, a line that drops after DATA, a server that dies: mail is tried again by the schedule,
its true state is seen, and what comes back is tied to its message and shown to the agent (P16)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from tests.exim import Exim
from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.outside import wait_for
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.transport import deliver

pytestmark = pytest.mark.once

FEW_SECONDS = 45


class Story:
    """A desk whose mail leaves by a server of the outside, and what one asks about its replies."""

    def __init__(self, desk: RunningDesk) -> None:
        self.desk = desk
        self.agent = desk.signed_in()

    def replied(self, sender: str, subject: str, text: str = "Our answer.") -> str:
        """Somebody writes, an agent answers; the number."""
        self.desk.send(mail("Help.", subject=subject, sender=f"Somebody <{sender}>"), sender=sender)
        number = str(self.desk.wait_ticket(subject)["number"])
        body = {"kind": "reply", "body_text": text}
        assert self.desk.api("POST", f"/tickets/{number}/messages", body)[0] == 201
        return number

    def reply(self, number: str) -> dict[str, str]:
        """The reply on that ticket."""
        return next(m for m in self.desk.messages(number) if m["kind"] == "reply")

    def wait(self, number: str, state: str) -> str:
        """Until the reply is in that state; the words beside it."""
        wait_for(lambda: self.reply(number)["delivery"] == state, seconds=FEW_SECONDS,
                 what=f"{state}, it is {self.reply(number)}")  # fmt: skip
        return str(self.reply(number)["delivery_detail"])

    def send_now(self, subject: str) -> None:
        """The administrator lets what waits go now."""
        page = self.agent.get("/settings/mail/outbox/")
        assert subject in page.text and "next try" in page.text, page.text
        for row in page.tree.css("tbody tr"):
            if subject in row.text():
                action = row.css_first("form").attributes["action"]
                assert action is not None and action.endswith("/now/")
                self.agent.fill(f"form[action='{action}']")
                return
        raise AssertionError(f"{subject} is not in the outbox")


@pytest.fixture
def exim_story(new_instance: Callable[..., Instance], new_exim: Callable[..., Exim]) -> Iterator[tuple[Story, Exim]]:
    instance = new_instance()
    exim = new_exim(reports_to=instance.smtp_port)
    instance.environment["TRESEN_SMTP_URL"] = exim.url
    yield Story(RunningDesk(instance).start()), exim


@pytest.mark.smtp
def test_r25_what_a_real_server_does_is_what_the_agent_sees(exim_story: tuple[Story, Exim]) -> None:
    story, exim = exim_story
    carol = story.replied("carol@shop.example", "r25 carol")
    gone = story.replied("gone@shop.example", "r25 gone")
    unknown = story.replied("unknown@shop.example", "r25 unknown")
    grey = story.replied("grey@shop.example", "r25 grey")
    story.wait(carol, "delivered")
    assert "no such user here" in story.wait(unknown, "failed")
    assert "gone@shop.example: 5." in story.wait(gone, "bounced")
    assert "greylisted" in story.wait(grey, "deferred")
    listed = story.agent.get("/desk/views/undelivered/").text
    assert "r25 gone" in listed and "r25 unknown" in listed and "r25 grey" not in listed and "r25 carol" not in listed
    shown = story.agent.get(f"/desk/tickets/{gone}/").text
    assert "came back" in shown and "gone@shop.example: 5." in shown and "Send again" in shown
    exim.let_in()
    story.send_now("Re: r25 grey")
    story.wait(grey, "delivered")


@pytest.mark.smtp
def test_r25_a_server_that_dies_and_comes_back(exim_story: tuple[Story, Exim]) -> None:
    story, exim = exim_story
    first = story.replied("carol@shop.example", "r25 before")
    story.wait(first, "delivered")
    exim.kill()
    during = story.replied("dora@shop.example", "r25 during", "Written while it was away.")
    assert "refused" in story.wait(during, "deferred").lower()
    exim.start()
    story.send_now("Re: r25 during")
    story.wait(during, "delivered")
    assert sum(b"Written while it was away." in raw for raw in exim.mails()) == 1


class Scripted:
    """An SMTP server that follows a script, a step for each connection that brings a mail: what it answers, and where.

    `421` at the greeting, `451` and `554` after the mail, `drop` after the whole mail without an answer, `ok`.
    """

    def __init__(self, *script: str) -> None:
        self.script = list(script)
        self.parting = b"221 bye\r\n"
        self.taken: list[bytes] = []
        self.seen: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _from = self._server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard:
                try:
                    self._talk(line, heard)
                except OSError:
                    continue

    def _talk(self, line: socket.socket, heard: object) -> None:
        step = self.script[0] if self.script else "ok"
        if step == "421":
            self.script.pop(0)
            line.sendall(b"421 too busy\r\n")
            return
        line.sendall(b"220 scripted\r\n")
        for said in heard:  # type: ignore[attr-defined]
            word = said[:4].upper()
            if word == b"DATA":
                line.sendall(b"354 go on\r\n")
                raw = b"".join(iter(heard.readline, b".\r\n"))  # type: ignore[attr-defined]
                if self.script:
                    self.script.pop(0)
                self.seen.append(raw)
                if step == "drop":
                    self.taken.append(raw)
                    return
                if step == "ok":
                    self.taken.append(raw)
                line.sendall({"451": b"451 later\r\n", "554": b"554 never\r\n"}.get(step, b"250 taken\r\n"))
            elif word == b"QUIT":
                line.sendall(self.parting)
                return
            else:
                line.sendall(b"250 fine\r\n")


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    # The first mail of each ticket is the confirmation of receipt; then every way of going wrong once.
    server = Scripted("ok", "421", "451", "drop", "ok", "ok", "554")
    yield server
    server.close()


def test_r25_every_fault_in_turn(new_instance: Callable[..., Instance], scripted: Scripted) -> None:
    story = Story(RunningDesk(new_instance(TRESEN_SMTP_URL=scripted.url)).start())
    story.desk.send(mail("Help.", subject="r25 turns"))
    number = str(story.desk.wait_ticket("r25 turns")["number"])
    wait_for(lambda: len(scripted.taken) == 1, what="the confirmation")
    body = {"kind": "reply", "body_text": "The answer at last."}
    assert story.desk.api("POST", f"/tickets/{number}/messages", body)[0] == 201
    for told in ("421 too busy", "451 later"):
        assert told in story.wait(number, "deferred")
        story.send_now("Re: r25 turns")
        wait_for(lambda told=told: told not in story.reply(number)["delivery_detail"], what=f"no more {told}")
    # The line dropped after DATA: nobody knows whether it was taken, so it is repeated under the same Message-ID.
    story.wait(number, "deferred")
    story.send_now("Re: r25 turns")
    story.wait(number, "sent")
    copies = [raw for raw in scripted.taken if b"The answer at last." in raw]
    assert len(copies) == 2 and len({_header(raw, b"message-id") for raw in copies}) == 1
    refused = story.replied("dora@shop.example", "r25 never")
    assert "554 never" in story.wait(refused, "failed")
    assert "r25 never" in story.agent.get("/desk/views/undelivered/").text


@pytest.mark.django_db
@pytest.mark.parametrize("parting", [b"421 too busy\r\n", b"500 what\r\n", b"no number\r\n", b""])
def test_r25_whatever_is_said_to_the_good_bye_the_mail_is_taken(parting: bytes) -> None:
    server = Scripted("ok")
    server.parting = parting
    mailbox = Mailbox(smtp_host="127.0.0.1", smtp_port=int(server.url.rpartition(":")[2]), smtp_security="plain")
    sent = EmailMessage()
    sent["From"], sent["To"], sent["Subject"] = "help@desk.example", "carol@shop.example", "Here"
    sent.set_content("It works again.")
    refused = deliver(sent, sender="help@desk.example", recipients=["carol@shop.example"], mailbox=mailbox)
    server.close()
    assert refused == {} and len(server.taken) == 1


def _header(raw: bytes, name: bytes) -> bytes:
    return next(line for line in raw.split(b"\r\n") if line.lower().startswith(name + b":"))

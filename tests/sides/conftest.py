"""A desk with a ticket of Carol's, a mail server outside, and a supplier."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST
from tests.intake.conftest import Desk, desk, mail
from tests.outside import Sink
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.planning import change_undo_seconds
from tresen.core.tickets.side_models import SideThread
from tresen.spine.jobs.worker import drain

__all__ = ["desk"]

SUPPLIER = "Max Muster <max@parts.example>"


class Beside:
    """Carol's ticket, Anna's browser, the supplier's mail program."""

    def __init__(self, desk: Desk, sink: Sink) -> None:
        self.desk, self.sink = desk, sink
        desk.mailbox.smtp_host, desk.mailbox.smtp_port, desk.mailbox.smtp_security = "127.0.0.1", sink.port, "plain"
        desk.mailbox.acknowledges = False
        desk.mailbox.save()
        change_undo_seconds(0, by=TEST)
        found = desk.receive(mail()).ticket
        assert found
        self.ticket: Ticket = found
        self.anna = Client(raise_request_exception=False)
        self.anna.force_login(desk.anna.user)

    def ask(self, **more: str) -> SideThread:
        """Anna asks the supplier."""
        data = {"to": "max@parts.example", "subject": "Router 1200", "text": "Is it in stock?", "waits": "on", **more}
        answer = self.anna.post(f"/desk/tickets/{self.ticket.number}/sides/new/", data)
        assert answer.status_code == 302, answer.content.decode()
        return SideThread.objects.latest("pk")

    def arrived(self, address: str, count: int = 1) -> list[EmailMessage]:
        """What the outside has got for that address."""
        drain("mail-out")
        return [received.mail for received in self.sink.wait(address, count=count)]

    def answer(self, asked: EmailMessage, text: str = "Tomorrow.", *, sender: str = SUPPLIER, **headers: str) -> Any:
        """The supplier answers that mail; what became of it."""
        to = headers.pop("to", "") or str(asked["Reply-To"]).rpartition("<")[2].strip(">")
        headers.setdefault("in_reply_to", str(asked["Message-ID"]))
        headers.setdefault("references", str(asked["Message-ID"]))
        subject = headers.pop("subject", "") or f"Re: {asked['Subject']}"
        raw = mail(text, sender=sender, subject=subject, to=to, **headers)
        return self.desk.receive(raw, sender=sender.rpartition("<")[2].strip(">"))

    def fresh(self) -> Ticket:
        """The ticket as it is now."""
        return Ticket.objects.get(pk=self.ticket.pk)


@pytest.fixture
def beside(desk: Desk, sink: Sink) -> Beside:
    """All of that."""
    return Beside(desk, sink)

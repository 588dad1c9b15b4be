"""A small desk with one mailbox, and mails that come to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tresen.channels.mail.models import Mailbox, RawMail
from tresen.channels.mail.spool import mailbox_for, store_mail
from tresen.core.people.models import Agent, Brand, Team, User
from tresen.spine.jobs.worker import drain

_numbers = itertools.count(1)


class Desk:
    """Anna in the team Netz, the mailbox help@desk.example, and ways to send to it."""

    def __init__(self) -> None:
        self.brand = Brand.objects.create(name="Lindhafen IT", letters="T", is_default=True, language="en")
        self.team = Team.objects.create(name="Netz", slug="netz")
        self.anna = Agent.objects.create(user=User.objects.create(email="anna@desk.example", name="Anna Kowalczyk"))
        self.anna.teams.add(self.team)
        self.mailbox = Mailbox.objects.create(
            address="help@desk.example", brand=self.brand, team=self.team, authserv_id="mx.desk.example"
        )

    def receive(self, raw: bytes, *, to: str = "help@desk.example", sender: str = "carol@shop.example") -> RawMail:
        """Takes one mail in, as the listener does, and reads it."""
        mailbox = mailbox_for(to)
        assert mailbox
        row = store_mail(raw, mailbox=mailbox, source="smtp", envelope_from=sender, envelope_to=to)
        assert row
        drain("mail-in")
        row.refresh_from_db()
        return row


def mail(
    text: str = "The VPN is down.", *, sender: str = "Carol Brandt <carol@shop.example>", subject: str = "VPN",
    to: str = "help@desk.example", message_id: str | None = None, **headers: str,
) -> bytes:  # fmt: skip
    """One plain mail. Keyword headers: `in_reply_to="<…>"` becomes In-Reply-To."""
    message_id = f"<{next(_numbers)}@shop.example>" if message_id is None else message_id
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Date: Mon, 16 Nov 2026 08:14:00 +0100"]
    lines += [f"Message-ID: {message_id}"] if message_id else []
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return ("\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text, ""])).encode()


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def make_mail() -> Callable[..., bytes]:
    return mail

"""The counter of the portal's tests, with a survey that asks at once."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from tests.portal.conftest import MAIL, Counter, browser, counter
from tresen.channels.mail.models import Outbox, OutboxKind
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.tickets.models import Ticket
from tresen.service.surveys.models import Asked
from tresen.service.surveys.services import change_survey
from tresen.spine.jobs.worker import drain

__all__ = ["browser", "counter"]


@pytest.fixture
def asking(counter: Counter) -> Counter:
    """A survey for all brands is on: it asks at once, by mail and on the page of the request."""
    switch_on()
    return counter


def switch_on(**more: Any) -> None:
    """The survey for all, so that mail leaves at once."""
    wanted = {"is_active": True, "wait_hours": 0, "in_office_hours": False, **more}
    change_survey(None, set=wanted, by=MAIL)


def solved(counter: Counter, **more: Any) -> Ticket:
    """A request that was answered and solved, with all that follows."""
    ticket = counter.ticket(**more)
    counter.reply(ticket)
    counter.solve(ticket)
    drain()
    return Ticket.objects.get(pk=ticket.pk)


def survey_mails() -> list[EmailMessage]:
    """The mails of surveys that have left, in their order."""
    found = []
    for row in Outbox.objects.filter(kind=OutboxKind.SURVEY).order_by("pk"):
        for path in (outgoing_folder() / "new").iterdir():
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if str(mail["Message-ID"]).strip() == row.header_id:
                found.append(mail)
    return found


def links(mail: EmailMessage) -> list[str]:
    """The links of the ratings, the worst first, as paths."""
    text = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    return [path for path in re.findall(r"https?://[^/\s]+(/survey/[^\s]+)", text) if not path.endswith("/stop/")]


def asked_of(ticket: Ticket) -> Asked:
    """The row of its requester."""
    return Asked.objects.get(ticket=ticket)

"""How long a mail is tried, and how often: from five minutes up to 4,000 seconds apart, for five days."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime

import pytest

from tests.cast import TEST, Cast
from tresen.channels.mail import outbox
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.channels.mail.transport import Deferred
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import add_reply
from tresen.kit import clock
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


def test_five_days_of_trying_ever_more_slowly(
    cast: Cast, mailbox: Mailbox, later: Callable[..., datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[datetime] = []

    def busy(*args: object, **named: object) -> dict[str, tuple[int, str]]:
        tries.append(clock.now())
        raise Deferred("450 greylisted")

    monkeypatch.setattr(outbox, "deliver", busy)
    ticket = cast.ticket()
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Hello."))
    begun = clock.now()
    while (row := Outbox.objects.get()).state in {"queued", "deferred"}:
        drain("mail-out")
        row.refresh_from_db()
        if row.next_try_at:
            assert Message.objects.get(kind="reply").delivery == "deferred"
            later(seconds=(row.next_try_at - clock.now()).total_seconds() + 1)
    waits = [round((after - before).total_seconds()) for before, after in itertools.pairwise(tries)]
    assert [round(wait, -2) for wait in waits[:6]] == [300, 600, 1200, 2400, 4000, 4000]
    assert max(waits) <= 4010
    days = (tries[-1] - begun).total_seconds() / 86400
    assert 5 <= days < 5.1
    reply = Message.objects.get(kind="reply")
    assert (reply.delivery, reply.delivery_detail) == ("failed", "450 greylisted")
    assert Ticket.objects.get(pk=ticket.pk).is_undelivered
    assert not Job.objects.filter(name="mail.send").exists()

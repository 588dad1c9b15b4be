"""The cast at a desk that sends: a mailbox, an agent's browser, and a clock that can be moved on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import HTMX, anna, cast, file, page, received
from tresen.channels.mail.models import Mailbox
from tresen.core.tickets.models import Ticket
from tresen.kit import clock

__all__ = ["HTMX", "anna", "cast", "file", "page", "received"]


@pytest.fixture
def mailbox(cast: Cast) -> Mailbox:
    """Where the brand's mail leaves from."""
    return Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Moves the clock of the house on: `later(seconds=11)`."""
    ahead = [timedelta()]
    real = clock.now

    def move(**span: float) -> datetime:
        ahead[0] += timedelta(**span)
        return clock.now()

    monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])
    return move


def write(client: Client, ticket: Ticket, *, htmx: bool = False, **data: object):  # type: ignore[no-untyped-def]
    """Sends the composer's form as the page would."""
    last = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    sent = {"seen": last, "kind": "reply", "reply_text": "It works again.", "then": "send", **data}
    if sent["kind"] == "reply":
        sent.setdefault("to", "carol@faehrholm.example")
    return client.post(f"/desk/tickets/{ticket.number}/write/", sent, headers=HTMX if htmx else {})

"""What can go wrong while fetching, and how it is told at the mailbox."""

from __future__ import annotations

import logging

from tresen.channels.mail.models import Mailbox
from tresen.kit import clock

log = logging.getLogger("tresen.fetcher")
TIMEOUT_SECONDS = 60


class FetchFailed(Exception):
    """The server did not give what it should; nothing of the mailbox was skipped."""


class NotGiven(FetchFailed):
    """The server does not give one mail; it is asked for again at the next look, and the others are not held up."""


def note_fault(mailbox: Mailbox, fault: Exception) -> None:
    """Keeps at the mailbox what went wrong, and since when."""
    mailbox.fault = words = f"{type(fault).__name__}: {fault}"[:500]
    log.warning("mailbox %s: %s", mailbox.address, words)
    Mailbox.objects.filter(pk=mailbox.pk).update(fault=words)
    Mailbox.objects.filter(pk=mailbox.pk, fault_at=None).update(fault_at=clock.now())


def well(mailbox: Mailbox) -> None:
    """Keeps at the mailbox that it was fetched; a fault that was noted meanwhile stays."""
    said = {} if mailbox.fault else {"fault": "", "fault_at": None}
    Mailbox.objects.filter(pk=mailbox.pk).update(fetched_at=clock.now(), **said)

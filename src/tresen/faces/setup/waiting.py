"""What waits for somebody in the settings."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest

from tresen.channels.mail.outbox import stuck_mail
from tresen.channels.mail.received import open_mail
from tresen.core.people.principals import principal_of
from tresen.kit.counting import count_together
from tresen.spine.events.failures import all_failed


class Waiting(NamedTuple):
    """How many mails were not taken in, how many did not arrive, how many jobs have failed for good."""

    open_mails: int
    stuck_mails: int
    failed_jobs: int


def waiting_of(request: HttpRequest) -> Waiting:
    """Counted in one query, once a request: the navigation says it on every page, the overview in words."""
    found: Waiting | None = getattr(request, "_setup_waiting", None)
    if found is None:
        found = Waiting(*count_together(open_mail(principal_of(request)), stuck_mail(), all_failed()))
        request._setup_waiting = found  # type: ignore[attr-defined]
    return found

"""Stored HTML is cleaned again when the rules have changed: an upgrade protects old mail, too (safety decision 4)."""

from __future__ import annotations

from collections.abc import Iterable

from tresen.channels.mail.box import sanitise_in_box
from tresen.core.tickets.formatted import keep_cleaned
from tresen.core.tickets.models import Message
from tresen.kit.html import SANITISER_VERSION

MOST_AT_ONCE = 20


def queue_cleaning(messages: Iterable[Message]) -> None:
    """Queues the cleaning of messages that were cleaned by other rules, a few at a time; each waits once at most."""
    from tresen.channels.mail.jobs import clean_html

    for message in list(messages)[:MOST_AT_ONCE]:
        clean_html.enqueue(message_id=message.pk, key=f"clean:{message.pk}")


def clean_again(message_id: int) -> None:
    """Cleans one message by the present rules; does nothing when that has been done. Raises BoxBusy for another try.

    HTML that cannot be cleaned is marked as done without a result: its text is shown.
    """
    message = Message.objects.filter(pk=message_id).exclude(html_source="").first()
    if message is None or message.html_version == SANITISER_VERSION:
        return
    result = sanitise_in_box(message.html_source)
    keep_cleaned(message, html=result["html"] or "", version=SANITISER_VERSION, blocked_images=result["remote_images"])

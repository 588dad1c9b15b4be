"""Jobs of the mail channel."""

from __future__ import annotations

from datetime import timedelta

from tresen.channels.mail.models import Outcome, RawMail
from tresen.kit import clock
from tresen.spine.jobs.registry import job

RAW_DAYS = 90


@job("mail.process", queue="mail-in", outside=True, max_attempts=8)
def process_mail(*, raw_id: int) -> None:
    """Reads and files one stored mail."""
    from tresen.channels.mail.intake import take_in

    take_in(raw_id)


@job("mail.send", queue="mail-out", outside=True, max_attempts=12)
def send_mail(*, outbox_id: int) -> None:
    """Hands one mail over to the outgoing server."""
    from tresen.channels.mail.outbox import send

    send(outbox_id)


@job("mail.clean_html", outside=True, max_attempts=4)
def clean_html(*, message_id: int) -> None:
    """Cleans the HTML of a stored message by the present rules."""
    from tresen.channels.mail.cleaning import clean_again

    clean_again(message_id)


@job("mail.sweep")
def sweep_raw() -> None:
    """Raw mail is kept 90 days; what is in quarantine or set aside stays until it is handled."""
    over = clock.now() - timedelta(days=RAW_DAYS)
    keep = (Outcome.RECEIVED, Outcome.QUARANTINED, Outcome.SUSPENDED)
    old = RawMail.objects.filter(received_at__lt=over).exclude(outcome__in=keep).exclude(raw=b"")
    old.filter(pk__in=list(old.values_list("pk", flat=True)[:500])).update(raw=b"")


@job("mail.sweep_images", outside=True)
def sweep_remote_images() -> None:
    """Images from outside are kept a week."""
    from tresen.channels.mail.remote_images import sweep_images

    sweep_images()

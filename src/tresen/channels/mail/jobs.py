"""Jobs of the mail channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from tresen.channels.mail.models import Outcome, RawMail
from tresen.core.people.models import Agent
from tresen.kit import clock
from tresen.spine.jobs.registry import job

RAW_DAYS, DISCARDED_DAYS = 90, 30
# Intake itself knows when a mail has been tried often enough, and then sets it aside for a person. Workers that died
# before they began say nothing of the mail, so they never end its job.
AS_OFTEN_AS_IT_TAKES = 30_000


@job("mail.process", queue="mail-in", outside=True, max_attempts=AS_OFTEN_AS_IT_TAKES)
def process_mail(*, raw_id: int) -> None:
    """Reads and files one stored mail."""
    from tresen.channels.mail.intake import take_in

    take_in(raw_id)


@job("mail.send", queue="mail-out", outside=True, max_attempts=12)
def send_mail(*, outbox_id: int) -> None:
    """Hands one mail over to the outgoing server."""
    from tresen.channels.mail.outbox import send

    send(outbox_id)


@job("mail.too_large", queue="mail-out", outside=True, max_attempts=6)
def look_at_too_large(*, raw_id: int) -> None:
    """Reads the headers of a mail beyond the limit and tells its sender."""
    from tresen.channels.mail.too_large import look_at_headers

    look_at_headers(raw_id)


@job("mail.clean_html", outside=True, max_attempts=4)
def clean_html(*, message_id: int) -> None:
    """Cleans the HTML of a stored message by the present rules."""
    from tresen.channels.mail.cleaning import clean_again

    clean_again(message_id)


@job("mail.confirm_topic", outside=True, max_attempts=6)
def confirm_topic(*, url: str) -> None:
    """Tells Amazon that we want what it publishes about our mail."""
    from tresen.channels.mail.hooks.sns import confirm

    confirm(url)


@job("mail.test_mailbox", outside=True, max_attempts=1)
def test_mailbox(*, test_id: int) -> None:
    """Walks through the settings of a mailbox."""
    from tresen.channels.mail.probe import run_test

    run_test(test_id)


@job("mail.device_sign_in", outside=True, max_attempts=20)
def ask_device_sign_in(*, request_id: int) -> None:
    """Has the owner of the account said yes at the provider's page?"""
    from tresen.channels.mail.oauth.signing_in import ask_device

    ask_device(request_id)


@job("mail.sweep")
def sweep_raw() -> None:
    """Raw mail is kept 90 days; what is in quarantine or set aside stays until it is handled. What somebody deleted
    goes after 30 days, until then he can take that back. The row itself stays: the ledger still closes."""
    from tresen.channels.mail.hooks.taking import forget_old_calls
    from tresen.channels.mail.spool import still_kept

    forget_old_calls()
    over = clock.now() - timedelta(days=RAW_DAYS)
    deleted = Q(discarded_at__lt=clock.now() - timedelta(days=DISCARDED_DAYS))
    keep = (Outcome.RECEIVED, Outcome.QUARANTINED, Outcome.SUSPENDED)
    old = still_kept(RawMail.objects.filter(Q(received_at__lt=over) & ~Q(outcome__in=keep) | deleted))
    old.filter(pk__in=list(old.values_list("pk", flat=True)[:500])).update(raw=b"")


@job("mail.sweep_images", outside=True)
def sweep_remote_images() -> None:
    """Images from outside are kept a week."""
    from tresen.channels.mail.remote_images import sweep_images

    sweep_images()


@job("mail.watch")
def watch_mail() -> None:
    """Looks whether administrators must hear of something."""
    from tresen.channels.mail.alarms import watch

    watch()


@job("mail.alarm", queue="mail-out", outside=True, max_attempts=6)
def send_alarm(*, user_id: int, subject: str, text: str) -> None:
    """Mails an alarm to one of those who keep the desk running, if he still is one."""
    from tresen.channels.mail.account_mail import send_account_mail

    agent = Agent.objects.active().who_may("operate").filter(user_id=user_id).select_related("user").first()
    if agent:
        send_account_mail(to=agent.user.email, language=agent.user.language, subject=subject, text=text)


@job("mail.handle_many", outside=True)
def handle_many(
    *, act: str, wanted: dict[str, Any], up_to: int, teams: list[int] | None, by: dict[str, Any],
    but: list[int] | None = None,
) -> None:  # fmt: skip
    """Takes in, or deletes, all waiting mail that a filter finds."""
    from tresen.channels.mail.handling import go_on_in_bulk

    go_on_in_bulk(act=act, wanted=wanted, up_to=up_to, teams=teams, but=but or [], by=by)

"""Jobs of announcing."""

from __future__ import annotations

from tresen.spine.jobs.registry import Retry, job

SENDING = "announcing:send"


@job("announcing.tell")
def tell(*, announcement_id: int, update_id: int | None) -> None:
    """Notes a mail for everybody whom it concerns, and lets them be sent."""
    from tresen.service.announcing.telling import note_mails

    if note_mails(announcement_id, update_id):
        send.hurry(SENDING)
        send.enqueue(key=SENDING)


@job("announcing.send", queue="mail-out", outside=True, max_attempts=30_000)
def send() -> None:
    """Sends what is due, so many a minute; runs again while something waits."""
    from tresen.service.announcing.sending import send_due

    if (wait := send_due()) is not None:
        raise Retry(wait, "more mail about announcements waits")


@job("announcing.ask", queue="mail-out", outside=True, max_attempts=6)
def ask(*, subscription_id: int) -> None:
    """Sends the mail that asks for confirmation, if the caps of automatic mail allow it."""
    from tresen.service.announcing.sending import send_question

    send_question(subscription_id)


@job("announcing.sweep")
def sweep() -> None:
    """Forgets addresses that nobody confirmed, and those of what is long over."""
    from tresen.service.announcing.telling import forget_old

    forget_old()

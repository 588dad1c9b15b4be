"""What follows when something is announced: whom it concerns is written to."""

from __future__ import annotations

from tresen.core.announcements.models import Announcement
from tresen.service.announcing.jobs import ask, tell
from tresen.spine.events.models import Event


def tell_people(event: Event) -> None:
    """It was published, there is news, or it is over."""
    if event.actor_kind != "system":  # the desk tells by hand; sample data tells nobody
        tell.enqueue(announcement_id=event.stream_id, update_id=event.changes.get("update"))


def ask_for_confirmation(event: Event) -> None:
    """An address that nobody has confirmed gets the one mail that asks for it."""
    ask.enqueue(subscription_id=event.stream_id)


def follow_withdrawal(event: Event) -> None:
    """What has not left about it never does."""
    row = Announcement.objects.get(pk=event.stream_id)
    row.mails.filter(state="queued").delete()

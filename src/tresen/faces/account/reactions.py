"""What the account face does when something happens to an account."""

from __future__ import annotations

from tresen.core.people.models import Agent
from tresen.faces.account.jobs import send_factor_mail, send_invitation
from tresen.spine.events.models import Event


def queue_invitation(event: Event) -> None:
    """Mails the link to whoever was invited."""
    agent = Agent.objects.get(pk=event.stream_id)
    send_invitation.enqueue(user_id=agent.user_id)


def tell_of_factor(event: Event) -> None:
    """Mails the person that something about the second factor has changed, so that a stranger's hand is noticed."""
    send_factor_mail.enqueue(event_id=event.pk)

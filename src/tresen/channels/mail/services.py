"""What people do to mail: send again, take in once more."""

from __future__ import annotations

from django.db import transaction

from tresen.channels.mail import outbox
from tresen.channels.mail.fairness import TAKEN_IN_AGAIN
from tresen.channels.mail.jobs import process_mail
from tresen.channels.mail.models import Outcome, RawMail
from tresen.channels.mail.received import WAITING, only_whole
from tresen.core.tickets.models import Message
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def send_again(message: Message, *, by: Actor) -> None:
    """Tries a reply that failed or came back once more; does nothing for one that is on its way or has left."""
    for row in message.outgoing.all():
        outbox.send_again(row, by=by)


def retry(raw: RawMail, *, by: Actor) -> None:
    """Takes a quarantined or suspended mail in once more (after an upgrade, or because a person says so);
    leaves one alone of which the head alone is here."""
    with transaction.atomic():
        changed = only_whole(RawMail.objects.filter(pk=raw.pk, outcome__in=WAITING, discarded_at=None)).update(
            outcome=Outcome.RECEIVED, attempts=0, handled_at=None, reason={"released": by.name}
        )
        if changed:
            process_mail.enqueue(raw_id=raw.pk, key=f"mail:{raw.pk}", priority=TAKEN_IN_AGAIN)
            record("mail.released", stream=raw, by=by)

"""What people do to mail: send again, take in once more, move a held mail to a ticket of its own."""

from __future__ import annotations

from django.db import transaction

from tresen.channels.mail import outbox
from tresen.channels.mail.jobs import process_mail
from tresen.channels.mail.models import MessageReference, Outcome, RawMail
from tresen.channels.mail.received import WAITING
from tresen.core.tickets import services as tickets
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def send_again(message: Message, *, by: Actor) -> None:
    """Tries a reply that failed or came back once more; does nothing for one that is on its way or has left."""
    for row in message.outgoing.all():
        outbox.send_again(row, by=by)


def retry(raw: RawMail, *, by: Actor) -> None:
    """Takes a quarantined or suspended mail in once more (after an upgrade, or because a person says so)."""
    with transaction.atomic():
        changed = RawMail.objects.filter(pk=raw.pk, outcome__in=WAITING, discarded_at=None).update(
            outcome=Outcome.RECEIVED, attempts=0, handled_at=None, reason={"released": by.name}
        )
        if changed:
            process_mail.enqueue(raw_id=raw.pk, key=f"mail:{raw.pk}")
            record("mail.released", stream=raw, by=by)


def move_to_new_ticket(message: Message, *, by: Actor) -> Ticket:
    """An agent says that a held message does not belong to its ticket: it gets one of its own, with its sender as
    requester and a link back. Asked twice, answers the same ticket."""
    old = message.ticket
    number = take_number(old.brand)
    with transaction.atomic():
        rows = Message.objects.select_for_update(of=("self",)).select_related("contact", "ticket")
        held = rows.filter(pk=message.pk).first()
        if held is None:  # somebody else has moved it in this moment
            return old.followed_by.order_by("-pk").first() or old
        if not held.is_held or held.contact is None:
            return held.ticket
        content = Content(
            text=held.text, reply_text=held.reply_text, html_source=held.html_source, html=held.html,
            html_version=held.html_version, blocked_images=held.blocked_images, subject=held.subject,
        )  # fmt: skip
        new = tickets.create_ticket(
            by=by, requester=held.contact, subject=held.subject or old.subject, content=content, channel=held.channel,
            brand=old.brand, team=old.team, trust=held.trust, files=list(held.attachments.all()),
            recipients=held.recipients, why={**held.why, "moved_from": old.number}, follows=old,
            follows_reason="possible", is_unconfirmed=True, quiet=True, number=number,
        )  # fmt: skip
        first = new.messages.get()
        RawMail.objects.filter(message=held).update(message=first, ticket=new, outcome=Outcome.NEW)
        MessageReference.objects.filter(message=held).update(message=first, ticket=new)
        held.delete()
        tickets.note_move(old, number=new.number, by=by)
    return new

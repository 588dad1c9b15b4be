"""What was said before, as far as everybody who gets the mail may see it."""

from __future__ import annotations

from datetime import datetime

from tresen.channels.mail.models import Outbox
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Identity
from tresen.core.tickets.models import Message
from tresen.core.tickets.querysets import INTERNAL

AT_MOST = 5
LONGEST = 20_000


def earlier_messages(row: Outbox) -> list[Message]:
    """The newest messages before this answer that may stand below it, oldest first.

    Never notes, held or automatic mail, nor what has not left; nothing older than the day on which the newest of the
    recipients joined, and for one whose address is not confirmed nothing older than his own first message
    (mail.md; safety decision 12). Nothing at all when one of them is not known.
    """
    if row.message is None or row.message.is_side:  # a partner never gets what was said with the customer
        return []
    since = _visible_since(row)
    if since is None:
        return []
    before = Message.objects.filter(ticket=row.ticket, created_at__gte=since, created_at__lte=row.message.created_at)
    found = before.exclude(INTERNAL).exclude(pk=row.message.pk).order_by("-created_at", "-pk")
    chosen: list[Message] = []
    size = 0
    for message in found[:AT_MOST]:
        size += len(message.reply_text or message.text)
        if size > LONGEST:
            break
        chosen.insert(0, message)
    return chosen


def _visible_since(row: Outbox) -> datetime | None:
    """From when on all of them may see what was said; None when one may see nothing."""
    moments = []
    for recipient in row.recipients:
        identity = Identity.objects.filter(kind="mail", folded=fold_mail(recipient["address"])).first()
        part = row.ticket.participants.filter(contact=identity.contact_id).first() if identity else None
        if identity is None or part is None:
            return None
        moments.append(part.joined_at)
        if identity.verified_at is None:
            own = Message.objects.filter(ticket=row.ticket, contact=identity.contact_id).exclude(INTERNAL)
            first = own.order_by("created_at").values_list("created_at", flat=True).first()
            if first is None:
                return None
            moments.append(first)
    return max(moments, default=None)

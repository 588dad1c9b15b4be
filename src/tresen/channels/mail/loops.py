"""Two machines that answer each other: ours falls silent at its caps, and the administrators hear of it once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _

from tresen.channels.mail.alarms import Alarm
from tresen.channels.mail.models import Mailbox
from tresen.core.people.identities import fold_mail
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record
from tresen.spine.limits.services import hit

# So many confirmations withheld in an hour are no longer a customer who writes twice.
WITHHELD_AN_HOUR = 3
TOLD_FOR = timedelta(hours=1)
BY = Actor.system("mail")
KIND = "mailbox.loop_stopped"


def note_withheld(address: str, *, mailbox: Mailbox) -> None:
    """A confirmation was withheld because of the caps. When that goes on, it is told once a day for an address: event
    `mailbox.loop_stopped`. Inside the caller's transaction."""
    folded = fold_mail(address)
    if hit("mail:auto-withheld", folded, limit=WITHHELD_AN_HOUR, seconds=3600):
        return
    if hit("mail:loop-told", folded, limit=1, seconds=86400):
        record(KIND, stream=mailbox, by=BY, changes={"address": address[:254]})


def loops() -> Iterator[Alarm]:
    """The loops of the last hour, for the table ALARMS."""
    for event in Event.objects.filter(kind=KIND, at__gte=clock.now() - TOLD_FOR).order_by("pk")[:20]:
        address = str(event.changes.get("address") or "")
        yield Alarm("loop", partial(_words, address), "/settings/mail/ledger/", address)


def _words(address: str) -> tuple[str, str]:
    facts = {"address": address}
    text = _("%(address)s writes so often that Tresen has stopped confirming its mail. Perhaps a machine answers there."
             " Its mail is still taken in, up to the limits.") % facts  # fmt: skip
    return _("Automatic mail to %(address)s has been stopped") % facts, text

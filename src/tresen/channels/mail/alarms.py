"""What administrators must hear of without looking: one mail at most a while for each cause, beside the banners.

The table ALARMS in the wiring names functions; each looks whether something is wrong now and yields an alarm for it.
They are asked every minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.models import Outcome, RawMail
from tresen.core.people.models import Agent
from tresen.kit import clock
from tresen.kit.wiring import table
from tresen.spine.limits.services import hit

EVERY_SECONDS = 6 * 3600
# Before all mail that waits to leave: often the alarm is about that mail.
PRIORITY = 10
RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class Alarm:
    """Something that is wrong. `kind` and `about` (a mailbox, say) make the cause; `words` gives subject and text in
    the language that is active when it is called; `path` is where one can do something about it."""

    kind: str
    words: Callable[[], tuple[str, str]]
    path: str
    about: str = ""


def watch() -> int:
    """Asks all checks; queues a mail to every administrator for each cause that was silent for six hours. How many
    causes were told."""
    told = 0
    for check in table("ALARMS"):
        for alarm in check():
            with transaction.atomic():
                if hit(f"alarm:{alarm.kind}", alarm.about, limit=1, seconds=EVERY_SECONDS):
                    _queue(alarm)
                    told += 1
    return told


def _queue(alarm: Alarm) -> None:
    from tresen.channels.mail.jobs import send_alarm

    for agent in Agent.objects.active().who_may("operate").select_related("user"):
        with translation.override(agent.user.language):
            subject, text = alarm.words()
            closing = _("You get this mail because you administer this desk. The same cause is told again after six"
                        " hours at the earliest.")  # fmt: skip
        text = f"{text}\n\n{settings.BASE_URL}{alarm.path}\n\n{closing}"
        send_alarm.enqueue(user_id=agent.user_id, subject=subject, text=text, priority=PRIORITY)


def unread_mail() -> Iterator[Alarm]:
    """Mail came within the last hour that could not be read, or was set aside by a cap."""
    fresh = RawMail.objects.filter(discarded_at=None, handled_at__gt=clock.now() - RECENT)
    if quarantined := fresh.filter(outcome=Outcome.QUARANTINED).count():
        yield Alarm("quarantine", lambda: _quarantine_words(quarantined), "/settings/mail/ledger/?outcome=quarantined")
    if suspended := fresh.filter(outcome=Outcome.SUSPENDED).count():
        yield Alarm("suspended", lambda: _suspended_words(suspended), "/settings/mail/ledger/?outcome=suspended")


def _quarantine_words(count: int) -> tuple[str, str]:
    text = ngettext("%(n)s mail of the last hour could not be read. It is kept byte for byte and waits for you:",
                    "%(n)s mails of the last hour could not be read. They are kept byte for byte and wait for you:",
                    count)  # fmt: skip
    return _("Mail could not be read"), text % {"n": count}


def _suspended_words(count: int) -> tuple[str, str]:
    text = ngettext("%(n)s mail of the last hour was set aside, because more came than a limit allows. It is safe and"
                    " can be taken in:",
                    "%(n)s mails of the last hour were set aside, because more came than a limit allows. They are safe"
                    " and can be taken in, all at once if you like:", count)  # fmt: skip
    return _("More mail than the limits allow"), text % {"n": count}

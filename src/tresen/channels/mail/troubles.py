"""Mail that does not come in, or not go out: what is wrong now, said in words, before anybody misses a mail (P20).

Asked live by `/readyz` and `tresen doctor`; looked at every minute through the table ALARMS, which tells it by mail and
lets the pages know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.alarms import Alarm
from tresen.channels.mail.models import FETCHED, Incoming, Mailbox, MailWatch, Outbox, OutboxState
from tresen.kit import clock
from tresen.spine.jobs.models import Job, JobState, WorkerBeat

# All within the ten minutes that are promised, with time left for the mail that tells it.
FAILING = timedelta(minutes=2)
SILENT = timedelta(minutes=8)
BEAT = timedelta(seconds=60)
UNREAD = timedelta(minutes=5)
UNSENT = timedelta(minutes=8)
KNOWN, KNOWN_SECONDS = "mail-troubles", 15
NOBODY_LOOKS = timedelta(minutes=3)
# From how many mailboxes on one mail tells of all.
MANY = 4
SETTINGS = "/settings/mailboxes/"


@dataclass(frozen=True)
class Trouble:
    """Something wrong since `since`. `kind`: failing, refused, silent, quiet (one mailbox); listener, worker, unread,
    unsent (all); mailboxes (`count` of them)."""

    kind: str
    since: datetime
    mailbox_id: int | None = None
    address: str = ""
    fault: str = ""
    count: int = 0

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return max(1, int((clock.now() - self.since).total_seconds() // 60))

    @property
    def path(self) -> str:
        """Where one can do something about it."""
        if self.mailbox_id:
            return f"{SETTINGS}{self.mailbox_id}/"
        return {"unsent": "/settings/mail/outbox/", "mailboxes": SETTINGS}.get(self.kind, "/settings/")

    @property
    def words(self) -> str:
        """One sentence in the language that is active."""
        values = {"address": self.address, "n": self.minutes, "hours": self.minutes // 60, "count": self.count}
        return {
            "failing": ngettext("For %(n)s minute mail from %(address)s could not be fetched.",
                                "For %(n)s minutes mail from %(address)s could not be fetched.", self.minutes),
            "refused": ngettext("For %(n)s minute calls of the mail provider of %(address)s have been refused.",
                                "For %(n)s minutes calls of the mail provider of %(address)s have been refused.",
                                self.minutes),
            "silent": ngettext("Nobody has looked for mail in %(address)s for %(n)s minute.",
                               "Nobody has looked for mail in %(address)s for %(n)s minutes.", self.minutes),
            "quiet": ngettext("No mail has come to %(address)s for %(hours)s hour, which is unusual.",
                              "No mail has come to %(address)s for %(hours)s hours, which is unusual.",
                              self.minutes // 60),
            "mailboxes": ngettext("For %(n)s minute no mail has come in from %(count)s mailboxes.",
                                  "For %(n)s minutes no mail has come in from %(count)s mailboxes.", self.minutes),
            "listener": _("The mail listener is not running: no mail is taken in or fetched. Start “tresen listen”."),
            "worker": _("No worker is running: nothing is sent, fetched or filed. Start “tresen work”."),
            "unread": ngettext("Mail that came in has been waiting to be read for %(n)s minute.",
                               "Mail that came in has been waiting to be read for %(n)s minutes.", self.minutes),
            "unsent": ngettext("%(count)s mail waits to leave and does not get away.",
                               "%(count)s mails wait to leave and do not get away.", self.count),
        }[self.kind] % values  # fmt: skip


def troubles() -> list[Trouble]:
    """Everything that is wrong now; mostly nothing."""
    at, found = clock.now(), []
    mailboxes = list(Mailbox.objects.filter(is_active=True))
    for box in mailboxes:
        found += [*_fetching(box, at), *_expected(box, at)]
    found += _processes(mailboxes, at)
    waiting = Job.objects.filter(queue="mail-in", state=JobState.READY, run_at__lt=at - UNREAD)
    if oldest := waiting.aggregate(oldest=Min("run_at"))["oldest"]:
        found.append(Trouble("unread", oldest))
    stuck = Outbox.objects.filter(state__in=[OutboxState.QUEUED, OutboxState.DEFERRED], created_at__lt=at - UNSENT)
    # What rests with its ticket in the bin waits for nobody.
    stuck = stuck.exclude(message=None, ticket__deleted_at__isnull=False)
    stuck = stuck.exclude(message__ticket__deleted_at__isnull=False)
    # Those an agent has just asked to be tried anew start anew.
    if count := stuck.filter(Q(attempts__gt=0) | Q(requeued_at=None) | Q(requeued_at__lt=at - UNSENT)).count():
        found.append(Trouble("unsent", at - UNSENT, count=count))
    return found


def _remember(found: list[Trouble]) -> None:
    rows = [{**asdict(one), "since": one.since.isoformat()} for one in found]
    MailWatch.objects.update_or_create(pk=1, defaults={"looked_at": clock.now(), "found": rows})
    cache.delete(KNOWN)


def known_troubles() -> list[Trouble]:
    """What was found at the last look, by one query every 15 seconds; and whether nobody looks any more, since that is
    the worker's to do."""
    looked_at, found = cache.get_or_set(KNOWN, _last_look, KNOWN_SECONDS) or (None, [])
    if looked_at and looked_at < clock.now() - NOBODY_LOOKS:
        return [Trouble("worker", looked_at)]
    return [Trouble(**{**one, "since": datetime.fromisoformat(one["since"])}) for one in found]


def _last_look() -> tuple[datetime | None, list[dict[str, Any]]]:
    row = MailWatch.objects.filter(pk=1).first()
    return (row.looked_at, row.found) if row else (None, [])


def _fetching(box: Mailbox, at: datetime) -> Iterator[Trouble]:
    if box.incoming == Incoming.HOOK and box.fault and box.fault_at and box.fault_at < at - FAILING:
        yield Trouble("refused", box.fault_at, box.pk, box.address, box.fault)
    if box.incoming not in FETCHED:
        return
    if box.fault and box.fault_at:
        if box.fault_at < at - FAILING:
            yield Trouble("failing", box.fault_at, box.pk, box.address, box.fault)
    elif box.fetched_at and box.fetched_at < at - SILENT:
        yield Trouble("silent", box.fetched_at, box.pk, box.address)


def _expected(box: Mailbox, at: datetime) -> Iterator[Trouble]:
    """Only where an administrator has said how long a silence is usual, and mail has come before."""
    if box.quiet_hours:
        last = box.mails.aggregate(last=Max("received_at"))["last"]
        if last and last < at - timedelta(hours=box.quiet_hours):
            yield Trouble("quiet", last, box.pk, box.address)


def _processes(mailboxes: list[Mailbox], at: datetime) -> Iterator[Trouble]:
    """No sign of life of the process that fetches, or of one that was there before."""
    last = dict(WorkerBeat.objects.values_list("kind").annotate(last=Max("seen_at")).order_by())
    worker, listener, ways = last.get("worker"), last.get("listener"), {box.incoming for box in mailboxes}
    if worker and worker < at - BEAT:
        yield Trouble("worker", worker)
    if not ways & {*FETCHED, Incoming.LISTENER}:
        return
    if (listener and listener < at - BEAT) or (listener is None and ways & set(FETCHED)):
        yield Trouble("listener", listener or at)


def together(found: list[Trouble]) -> list[Trouble]:
    """For a page: what is wrong with many mailboxes at once, mostly one broken server, is one line."""
    boxes = _of_many(found)
    if not boxes:
        return found
    all_of_them = Trouble("mailboxes", min(one.since for one in boxes), count=len(boxes))
    return [all_of_them, *(one for one in found if one not in boxes)]


def _of_many(found: list[Trouble]) -> list[Trouble]:
    """Those of the mailboxes when they are many; else none."""
    boxes = [one for one in found if one.mailbox_id and one.kind != "quiet"]
    return boxes if len(boxes) >= MANY else []


def mail_does_not_flow() -> Iterator[Alarm]:
    """For the table ALARMS: one mail for each cause, one for many mailboxes that fail together."""
    found = troubles()
    _remember(found)
    if boxes := _of_many(found):
        yield Alarm("mailboxes", lambda: _words(boxes), SETTINGS)
        found = [one for one in found if one not in boxes]
    for one in found:
        yield Alarm(f"mail:{one.kind}", lambda one=one: _words([one]), one.path, one.address)  # type: ignore[misc]


def _words(found: list[Trouble]) -> tuple[str, str]:
    lines = [f"{one.words}\n{one.fault}" if one.fault else one.words for one in found]
    subject = {"unsent": _("Mail does not go out"), "quiet": _("No mail has come for a while")}.get(
        found[0].kind, _("Mail does not come in")
    )
    return subject, "\n\n".join(lines)

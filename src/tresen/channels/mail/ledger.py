"""The ledger of received mail: every accepted mail is in exactly one outcome, and each outcome holds what it says.

`received = new + reply + held + automatic + own + duplicate + suspended + quarantined`, and what waits to be read. What
somebody deleted keeps the outcome it had, so the sum closes for every period and for ever (safety decision 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from tresen.channels.mail.models import Mailbox, Outcome, RawMail, Refusal
from tresen.channels.mail.received import Wanted
from tresen.spine.jobs.models import Job, JobState

WITH_MESSAGE = (Outcome.NEW, Outcome.REPLY, Outcome.HELD)


@dataclass(frozen=True)
class Ledger:
    """Counts by outcome, what was refused at the door, and faults that a person must look at."""

    accepted: int
    waiting: int
    outcomes: dict[str, int]
    refused: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    deleted: int = 0

    @property
    def closes(self) -> bool:
        """True when the sum is right and nothing contradicts it."""
        return not self.faults and self.accepted == self.waiting + sum(self.outcomes.values())


def read_ledger(wanted: Wanted | None = None) -> Ledger:
    """Counts anew from the rows: everything, or a period and a mailbox. Refusals are counted a day, whatever the
    mailbox."""
    wanted = wanted or Wanted()
    rows = wanted.among(RawMail.objects.all())
    counts: dict[str, int] = {}
    deleted = 0
    by_outcome = rows.order_by().values_list("outcome").annotate(n=Count("pk"), gone=Count("discarded_at"))
    for outcome, every, gone in by_outcome:
        counts[outcome], deleted = every, deleted + gone
    accepted = sum(counts.values())
    waiting = counts.pop(Outcome.RECEIVED, 0)
    outcomes = {str(outcome): counts.pop(outcome, 0) for outcome in Outcome.values if outcome != Outcome.RECEIVED}
    faults = [f"{n} mails have the unknown outcome {name}" for name, n in counts.items()]
    return Ledger(accepted, waiting, outcomes, _refused(wanted), [*faults, *_faults(rows)], deleted)


def _faults(rows: QuerySet[RawMail]) -> Iterable[str]:
    filed = rows.filter(outcome__in=WITH_MESSAGE)
    shared = filed.exclude(message=None).order_by().values("message").annotate(n=Count("pk")).filter(n__gt=1).count()
    if shared:
        yield f"{shared} messages stand for more than one mail"
    if unhandled := filed.filter(handled_at=None).count():
        yield f"{unhandled} filed mails do not say when"
    if unread := filed.filter(message=None, ticket__isnull=False).count():
        yield f"{unread} filed mails have lost their message"
    if stuck := _without_job(rows).count():
        yield f"{stuck} mails wait to be read but no job will read them"


def _refused(wanted: Wanted) -> dict[str, int]:
    found = Refusal.objects.order_by()
    if wanted.since:
        found = found.filter(day__gte=wanted.since.date())
    if wanted.until:
        found = found.filter(day__lt=wanted.until.date())
    return dict(found.values_list("reason").annotate(n=Sum("count")))


def _without_job(rows: QuerySet[RawMail]) -> QuerySet[RawMail]:
    """Mails that wait although nothing is going to read them, in one statement, so that it is true at one instant."""
    waiting = rows.filter(outcome=Outcome.RECEIVED)
    keyed = waiting.annotate(job_key=Concat(Value("mail:"), Cast("pk", CharField())))
    jobs = Job.objects.filter(unique_key=OuterRef("job_key")).exclude(state=JobState.FAILED)
    return keyed.exclude(Exists(jobs))


@dataclass(frozen=True)
class MailboxLine:
    """One mailbox in the sum of a period; `counts` by outcome, `waiting` for the reader. Without an address: mail of
    mailboxes that are gone."""

    mailbox_id: int | None
    address: str
    counts: dict[str, int]

    @property
    def accepted(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def sum_by_mailbox(rows: QuerySet[RawMail]) -> list[MailboxLine]:
    """The sum of the rows, a line a mailbox, by address."""
    found: dict[int | None, dict[str, int]] = {}
    for mailbox, outcome, n in rows.order_by().values_list("mailbox", "outcome").annotate(n=Count("pk")):
        found.setdefault(mailbox, {})[outcome] = n
    names = dict(Mailbox.objects.filter(Q(pk__in=[pk for pk in found if pk])).values_list("pk", "address"))
    lines = [MailboxLine(pk, names.get(pk or 0, ""), counts) for pk, counts in found.items()]
    return sorted(lines, key=lambda line: (not line.address, line.address))

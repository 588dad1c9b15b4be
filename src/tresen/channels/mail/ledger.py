"""The ledger of received mail: every accepted mail is in exactly one outcome, and each outcome holds what it says."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from tresen.channels.mail.models import Outcome, RawMail, Refusal
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

    @property
    def closes(self) -> bool:
        """True when the sum is right and nothing contradicts it."""
        return not self.faults and self.accepted == self.waiting + sum(self.outcomes.values())


def read_ledger() -> Ledger:
    """Counts everything anew from the rows."""
    counts = dict(RawMail.objects.order_by().values_list("outcome").annotate(n=Count("pk")))
    accepted = sum(counts.values())
    waiting = counts.pop(Outcome.RECEIVED, 0)
    outcomes = {str(outcome): counts.pop(outcome, 0) for outcome in Outcome.values if outcome != Outcome.RECEIVED}
    faults = [f"{n} mails have the unknown outcome {name}" for name, n in counts.items()]
    filed = RawMail.objects.filter(outcome__in=WITH_MESSAGE)
    shared = filed.exclude(message=None).values("message").annotate(n=Count("pk")).filter(n__gt=1).count()
    if shared:
        faults.append(f"{shared} messages stand for more than one mail")
    if unhandled := filed.filter(handled_at=None).count():
        faults.append(f"{unhandled} filed mails do not say when")
    unread = filed.filter(message=None, ticket__isnull=False).count()
    if unread:
        faults.append(f"{unread} filed mails have lost their message")
    if stuck := _without_job().count():
        faults.append(f"{stuck} mails wait to be read but no job will read them")
    refused: dict[str, int] = {}
    for reason, count in Refusal.objects.values_list("reason", "count"):
        refused[reason] = refused.get(reason, 0) + count
    return Ledger(accepted, waiting, outcomes, refused, faults)


def count_unread() -> int:
    """How many mails wait for a person: in quarantine or set aside."""
    return RawMail.objects.filter(outcome__in=(Outcome.QUARANTINED, Outcome.SUSPENDED)).count()


def _without_job() -> QuerySet[RawMail]:
    """Mails that wait although nothing is going to read them, in one statement, so that it is true at one instant."""
    waiting = RawMail.objects.filter(outcome=Outcome.RECEIVED)
    keyed = waiting.annotate(job_key=Concat(Value("mail:"), Cast("pk", CharField())))
    jobs = Job.objects.filter(unique_key=OuterRef("job_key")).exclude(state=JobState.FAILED)
    return keyed.exclude(Exists(jobs))

"""Reads of the ledger for people: which mail came, what became of it, its bytes as they were."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket

# What waits for a person.
WAITING = (Outcome.QUARANTINED, Outcome.SUSPENDED)
# The code in the reason of mail beyond the limit (spool.store_too_large).
TOO_LARGE = "too_large"
# Beside the outcomes: what waits for a person, and what somebody deleted.
OPEN, DELETED = "open", "deleted"


@dataclass(frozen=True)
class Wanted:
    """A filter of received mail; empty fields do not narrow. `outcome` is one of the outcomes, OPEN or DELETED;
    `until` is the first moment that is out."""

    outcome: str = ""
    mailbox: int = 0
    sender: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def among(self, rows: QuerySet[RawMail]) -> QuerySet[RawMail]:
        """Those of the rows that it finds."""
        if self.outcome == OPEN:
            rows = rows.filter(outcome__in=WAITING, discarded_at=None)
        elif self.outcome == DELETED:
            rows = rows.filter(discarded_at__isnull=False)
        elif self.outcome:
            rows = rows.filter(outcome=self.outcome)
        if self.mailbox:
            rows = rows.filter(mailbox=self.mailbox)
        if self.sender:
            rows = rows.filter(Q(sender__icontains=self.sender) | Q(envelope_from__icontains=self.sender))
        if self.since:
            rows = rows.filter(received_at__gte=self.since)
        return rows.filter(received_at__lt=self.until) if self.until else rows

    def as_json(self) -> dict[str, Any]:
        """For a job."""
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Wanted:
        """The filter that `as_json` told."""
        times = {k: datetime.fromisoformat(told[k]) if told[k] else None for k in ("since", "until")}
        return cls(**{**told, **times})


def received_for(principal: Principal) -> QuerySet[RawMail]:
    """Received mail without its bytes, newest first, for who works with it: all of it where he sees all tickets, but
    for that of teams where he may not; else that of his teams' mailboxes, but for what lies on tickets he does not
    see."""
    found = RawMail.objects.select_related("mailbox", "ticket").defer("raw").order_by("-pk")
    if _handles_all(principal):
        but = _not_in(principal)
        return found.exclude(mailbox__team__in=but) if but else found
    if not can(principal, "mail.handle"):
        return found.none()
    mine = found.filter(mailbox__team__in=principal.teams_with("mail"))
    unfiled = Q(ticket=None) & ~Q(outcome__in=(Outcome.NEW, Outcome.REPLY, Outcome.HELD))
    return mine.filter(unfiled | Q(ticket__in=Ticket.objects.visible_to(principal)))


def mailboxes_of(principal: Principal) -> QuerySet[Mailbox]:
    """The mailboxes whose received mail the principal works with."""
    found = Mailbox.objects.order_by("address")
    if _handles_all(principal):
        return found.exclude(team__in=_not_in(principal))
    return found.filter(team__in=principal.teams_with("mail"))


def teams_of(principal: Principal) -> tuple[list[int] | None, list[int]]:
    """The teams to whose mailboxes a bulk act of the principal is limited (None: to none), and those to whose it does
    not reach."""
    return (None, _not_in(principal)) if _handles_all(principal) else (sorted(principal.teams_with("mail")), [])


def _handles_all(principal: Principal) -> bool:
    return principal.sees_all_tickets and principal.may("mail")


def _not_in(principal: Principal) -> list[int]:
    """Teams in which he has another role, one that does not work with received mail."""
    return sorted(team for team, _rights in principal.team_rights if not principal.may_in("mail", team))


def counts_by_outcome(principal: Principal, wanted: Wanted) -> dict[str, int]:
    """How many of the mails that the filter finds have each outcome, and how many are OPEN and DELETED; those that
    none has are left out."""
    rows = wanted.among(received_for(principal)).order_by().values_list("outcome")
    counts: dict[str, int] = {}
    deleted = 0
    for outcome, every, gone in rows.annotate(n=Count("pk"), gone=Count("discarded_at")):
        counts[outcome] = every
        deleted += gone
    waiting = sum(counts.get(outcome, 0) for outcome in WAITING) - deleted
    return counts | {name: n for name, n in ((OPEN, waiting), (DELETED, deleted)) if n}


def open_mail(principal: Principal) -> QuerySet[RawMail]:
    """Mails that wait for a person: in quarantine or set aside."""
    return Wanted(OPEN).among(received_for(principal))


def is_waiting(raw: RawMail) -> bool:
    """Quarantined and suspended mail waits for a person, unless somebody deleted it."""
    return raw.outcome in WAITING and raw.discarded_at is None


def can_be_retried(raw: RawMail) -> bool:
    """What waits may be taken in once more, or made a ticket; not where it is too large and its head alone is here."""
    return is_waiting(raw) and raw.reason.get("code") != TOO_LARGE


def only_whole(rows: QuerySet[RawMail]) -> QuerySet[RawMail]:
    """Those of the rows of which more than the head is here."""
    return rows.filter(Q(reason__code__isnull=True) | ~Q(reason__code=TOO_LARGE))

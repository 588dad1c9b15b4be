"""Reads of the ledger for people: which mail came, what became of it, its bytes as they were."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from tresen.channels.mail.models import Outcome, RawMail
from tresen.core.people.principals import Principal


def received_for(principal: Principal) -> QuerySet[RawMail]:
    """Received mail without its bytes, newest first, for an administrator; none for anybody else."""
    found = RawMail.objects.select_related("mailbox", "ticket").defer("raw").order_by("-pk")
    return found if principal.is_admin else found.none()


def counts_by_outcome(principal: Principal) -> dict[str, int]:
    """How many mails have each outcome; those that none has are left out."""
    rows = received_for(principal).order_by().values_list("outcome").annotate(n=Count("pk"))
    return dict(rows)


def can_be_retried(raw: RawMail) -> bool:
    """Quarantined and suspended mail may be taken in once more, as long as its bytes are kept."""
    return raw.outcome in {Outcome.QUARANTINED, Outcome.SUSPENDED}

"""Who fetches a mailbox: one process at a time, by a lease in the database that the process keeps renewing.

Two that fetch all the same lose and double nothing, since a UID is stored once; the lease keeps them out of each
other's way.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from tresen.channels.mail.models import Mailbox
from tresen.kit import clock
from tresen.spine.jobs.worker import LEASE_SECONDS


def take(mailbox_id: int, holder: str) -> bool:
    """Takes the mailbox for `holder`, or keeps it for him; False while another process has it."""
    at = clock.now()
    free = Q(fetcher__in=["", holder]) | Q(fetcher_until=None) | Q(fetcher_until__lt=at)
    mine = Mailbox.objects.filter(free, pk=mailbox_id)
    return bool(mine.update(fetcher=holder, fetcher_until=at + timedelta(seconds=LEASE_SECONDS)))


def renew(holder: str) -> set[int]:
    """Renews every lease of `holder`; the mailboxes that are still his."""
    mine = Mailbox.objects.filter(fetcher=holder)
    mine.update(fetcher_until=clock.now() + timedelta(seconds=LEASE_SECONDS))
    return set(mine.values_list("pk", flat=True))


def give_back(mailbox_id: int, holder: str) -> None:
    """Lets the next process have the mailbox at once."""
    Mailbox.objects.filter(pk=mailbox_id, fetcher=holder).update(fetcher="", fetcher_until=None)

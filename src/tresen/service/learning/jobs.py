"""Jobs of learning."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.learning.models import LearntModel, Similar
from tresen.service.learning.proposing import propose
from tresen.service.learning.settling import settle
from tresen.service.learning.similar import find_similar
from tresen.service.learning.training import FEWEST
from tresen.spine.jobs.registry import job

# Learning takes seconds to a minute; longer than this, something is wrong.
MOST_SECONDS = 900
_LEARN = (sys.executable, "-m", "tresen.faces.cli.main", "learn")


@job("learning.look_at", outside=True)
def look_at(ticket_id: int, by_agent: bool = False) -> None:
    """Judges a new ticket and puts proposals on it, and finds what is similar to it; reading and judging hold no
    transaction open."""
    ticket = Ticket.objects.filter(pk=ticket_id, deleted_at=None, merged_into=None).first()
    if ticket is None:
        return
    propose(ticket_id, by_agent=by_agent)
    if not Similar.objects.filter(ticket=ticket_id).exists():
        find_similar(ticket)


@job("learning.settle", outside=True)
def settle_proposals() -> None:
    """Notes what became of proposals."""
    settle()


@job("learning.learn", queue="slow", outside=True, max_attempts=2)
def learn_anew(now: bool = False) -> None:
    """Learns anew in a process of its own, which gives its memory back when it ends and takes no turn from mail and
    rules; only where there is enough that is new, unless somebody wants it `now`."""
    if now or is_worth_it():
        subprocess.run(_LEARN, check=True, timeout=MOST_SECONDS, stdout=subprocess.DEVNULL)


def is_worth_it() -> bool:
    """Enough tickets were finished since it learnt last: a twentieth of what it knows, and never in vain."""
    last = LearntModel.objects.order_by("-learnt_at").first()
    rows = Ticket.objects.exclude(status_category=StatusCategory.NEW)
    if last is None:
        return rows[:FEWEST].count() >= FEWEST
    week_over = last.learnt_at < clock.now() - timedelta(days=7)
    changed = rows.filter(updated_at__gt=last.learnt_at).count()
    return changed >= max(20, last.tickets // 20) or (week_over and changed > 0)

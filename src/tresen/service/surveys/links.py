"""Links in survey mail: personal, unguessable, signed; they open a page and do nothing by themselves (S58).

A token is the key of the row and a MAC over it, the ticket and the person, so nothing of it is kept; it dies with the
row, with the ticket, when somebody else is the requester, and when its time is over.
"""

from __future__ import annotations

import re
from datetime import timedelta

from tresen.kit import clock
from tresen.kit.crypto import derived_key, mac128, same
from tresen.service.surveys.models import Asked

PURPOSE = "survey-link"
TOKEN = re.compile(r"([1-9]\d{0,17})-([a-z2-7]{26})")
# One may still say that one wants no surveys when one may rate no more.
STOP_DAYS = 365


def token_of(asked: Asked) -> str:
    """The token of a row; the same each time."""
    return f"{asked.pk}-{_mac(asked)}"


def _mac(asked: Asked) -> str:
    return mac128(derived_key(PURPOSE), str(asked.pk), str(asked.ticket_id), str(asked.contact_id))


def open_token(token: str, *, for_stop: bool = False) -> Asked | None:
    """The row of a token while it is alive. `for_stop`: as long as one may unsubscribe by it."""
    match = TOKEN.fullmatch(token) if isinstance(token, str) and len(token) <= 60 else None
    if match is None:
        return None
    rows = Asked.objects.select_related("ticket__brand", "ticket__requester", "contact")
    found = rows.filter(pk=int(match[1]), asked_at__isnull=False).first()
    if found is None or not same(_mac(found), match[2]):
        return None
    return found if (_may_stop(found) if for_stop else may_rate(found)) else None


def may_rate(asked: Asked) -> bool:
    """Whether its rating can still be given or changed: his request is there, and the time is not over."""
    ticket, since = asked.ticket, asked.rated_at or asked.asked_at or asked.due_at
    is_his = ticket.requester_id == asked.contact_id and not ticket.deleted_at and not ticket.merged_into_id
    return asked.is_open and is_his and clock.now() < since + timedelta(days=asked.change_days)


def _may_stop(asked: Asked) -> bool:
    return asked.asked_at is not None and clock.now() < asked.asked_at + timedelta(days=STOP_DAYS)

"""The links in mail about announcements: signed, good for one row and one purpose. Opening one changes nothing."""

from __future__ import annotations

from tresen.core.announcements.models import Affected, AnnouncementMail, Subscription
from tresen.kit.crypto import derived_key, mac128, same

CONFIRM, SUBSCRIBED, AFFECTED = "c", "s", "a"


def confirm_token(row: Subscription) -> str:
    """For whoever reads mail to that address."""
    return _signed(CONFIRM, row.pk, row.folded)


def unsubscribe_token(mail: AnnouncementMail) -> str:
    """No more of it, as a subscriber or as one affected."""
    if mail.subscription is not None:
        return _signed(SUBSCRIBED, mail.subscription.pk, mail.subscription.folded)
    key = mail.affected_id or 0
    return _signed(AFFECTED, key, "affected")


def to_confirm(token: str) -> Subscription | None:
    """The subscription that the link confirms; None for a wrong link or one whose row is gone."""
    return _subscription(token, CONFIRM)


def to_end(token: str) -> Subscription | Affected | None:
    """What the link ends; None for a wrong link, or when it has ended."""
    if found := _subscription(token, SUBSCRIBED):
        return found
    key = _key(token, AFFECTED)
    row = Affected.objects.select_related("announcement", "brand").filter(pk=key).first() if key else None
    return row if row and same(token, _signed(AFFECTED, row.pk, "affected")) else None


def _subscription(token: str, purpose: str) -> Subscription | None:
    key = _key(token, purpose)
    rows = Subscription.objects.select_related("announcement", "brand")
    row = rows.filter(pk=key).first() if key else None
    return row if row and same(token, _signed(purpose, row.pk, row.folded)) else None


def _key(token: str, purpose: str) -> int:
    raw = token.partition("-")[0]
    number = raw.removeprefix(purpose)
    is_ours = raw.startswith(purpose) and number.isascii() and number.isdigit() and len(number) < 18
    return int(number) if is_ours else 0


def _signed(purpose: str, key: int, what: str) -> str:
    return f"{purpose}{key}-{mac128(derived_key('announcing'), purpose, str(key), what)}"

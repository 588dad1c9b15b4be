"""The links in mail about announcements: signed, good for one row and one purpose. Opening one changes nothing."""

from __future__ import annotations

from tresen.core.announcements.models import Affected, AnnouncementMail, Subscription
from tresen.kit.crypto import derived_key, mac128, same

CONFIRM, SUBSCRIBED, AFFECTED = "c", "s", "a"
MODELS: dict[str, type[Subscription] | type[Affected]] = {
    CONFIRM: Subscription, SUBSCRIBED: Subscription, AFFECTED: Affected,
}  # fmt: skip


def confirm_token(row: Subscription) -> str:
    """For whoever reads mail to that address."""
    return _signed(CONFIRM, row.pk)


def unsubscribe_token(mail: AnnouncementMail) -> str:
    """No more of it, as a subscriber or as one affected."""
    if mail.subscription_id is not None:
        return _signed(SUBSCRIBED, mail.subscription_id)
    return _signed(AFFECTED, mail.affected_id or 0)


def to_confirm(token: str) -> Subscription | None:
    """The subscription that the link confirms; None for a wrong link or one whose row is gone."""
    row = _row(token, (CONFIRM,))
    return row if isinstance(row, Subscription) else None


def ends_something(token: str) -> bool:
    """Whether we have made this link, also when what it ends is gone already."""
    purpose, key = _read(token)
    return key > 0 and purpose in (SUBSCRIBED, AFFECTED)


def to_end(token: str) -> Subscription | Affected | None:
    """What the link ends; None for a wrong link, or when it has ended."""
    return _row(token, (SUBSCRIBED, AFFECTED))


def _row(token: str, purposes: tuple[str, ...]) -> Subscription | Affected | None:
    purpose, key = _read(token)
    if purpose not in purposes:
        return None
    rows = MODELS[purpose]._default_manager.select_related("announcement", "brand")
    return rows.filter(pk=key).first()


def _read(token: str) -> tuple[str, int]:
    """Purpose and key of a link of ours; of any other neither."""
    raw = token.partition("-")[0]
    purpose, number = raw[:1], raw[1:]
    if purpose not in MODELS or not (number.isascii() and number.isdigit() and len(number) < 18):
        return "", 0
    return (purpose, int(number)) if same(token, _signed(purpose, int(number))) else ("", 0)


def _signed(purpose: str, key: int) -> str:
    return f"{purpose}{key}-{mac128(derived_key('announcing'), purpose, str(key))}"

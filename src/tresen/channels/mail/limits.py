"""How much mail is too much: read by the intake and the outbox, changed in the settings without a restart."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction

from tresen.channels.mail.models import MailLimits
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = (
    "new_tickets_per_sender", "sender_pause_minutes", "new_senders_per_mailbox", "auto_unverified_per_hour",
    "auto_verified_per_hour", "auto_per_day", "auto_per_mailbox", "most_servers",
)  # fmt: skip
KEY = "mail:limits"
# So long another process may go on by the old ones.
KNOWN_SECONDS = 5


def mail_limits() -> MailLimits:
    """The limits in force."""
    known: MailLimits | None = cache.get(KEY)
    if known is None:
        known = MailLimits.objects.first() or MailLimits()
        cache.set(KEY, known, timeout=KNOWN_SECONDS)
    return known


def limit_values() -> dict[str, Any]:
    """What a form shows, for its mark."""
    return values_of(MailLimits.objects.first() or MailLimits(), FIELDS)


def change_limits(*, set: dict[str, int], by: Actor, expected: str = "") -> None:
    """Changes FIELDS. Event `mail.limits_changed`, none when nothing changes. Raises ChangedMeanwhile, KeyError,
    ValidationError."""
    with transaction.atomic():
        MailLimits.objects.get_or_create(pk=1)
        row = MailLimits.objects.select_for_update().get(pk=1)
        refuse_if_changed(values_of(row, FIELDS), expected)
        if changes := changed_fields(row, set, FIELDS):
            take_over(row, changes)
            row.full_clean()
            row.save()
            record("mail.limits_changed", stream=row, by=by, changes=changes)
            transaction.on_commit(lambda: cache.delete(KEY))

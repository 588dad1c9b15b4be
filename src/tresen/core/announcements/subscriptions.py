"""Who wants to hear what is new: asked for, confirmed, ended."""

from __future__ import annotations

from django.db import transaction

from tresen.core.announcements.models import Announcement, Subscription
from tresen.core.announcements.services import NotPossible
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Brand, Contact, Identity
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


@transaction.atomic
def subscribe(
    *, brand: Brand, announcement: Announcement | None, address: str, contact: Contact | None, language: str, by: Actor
) -> Subscription:
    """That address wants to hear what is new. A contact who is signed in and names a confirmed address of his own has
    confirmed it; everybody else is asked to by mail. Asked for twice, it is one row. Event `subscription.asked` or
    `subscription.confirmed`. Raises NotPossible for an announcement that does not last."""
    if announcement is not None and not announcement.lasts:
        raise NotPossible
    folded, now = fold_mail(address), clock.now()
    own = contact is not None and Identity.objects.filter(
        contact=contact, kind="mail", folded=folded, verified_at__isnull=False
    ).exists()  # fmt: skip
    where = {"announcement": announcement} if announcement else {"announcement": None, "brand": brand}
    values = {"brand": brand, "address": address.strip(), "contact": contact if own else None, "language": language,
              "created_at": now, "confirmed_at": now if own else None}  # fmt: skip
    found, is_new = Subscription.objects.get_or_create(folded=folded, **where, defaults=values)
    if not is_new and found.confirmed_at is None:
        found.created_at, found.language = now, language
        found.save(update_fields=["created_at", "language"])
        if own:
            found.contact, found.confirmed_at, is_new = contact, now, True
            found.save(update_fields=["contact", "confirmed_at"])
    if is_new or found.confirmed_at is None:
        kind = "subscription.confirmed" if found.confirmed_at else "subscription.asked"
        record(kind, stream=found, by=by, changes=_about(found))
    return found


@transaction.atomic
def confirm(row: Subscription, *, by: Actor) -> None:
    """Whoever reads mail to that address wants it. Event `subscription.confirmed`, none the second time."""
    if Subscription.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=clock.now()):
        record("subscription.confirmed", stream=row, by=by, changes=_about(row))


@transaction.atomic
def unsubscribe(row: Subscription, *, by: Actor) -> None:
    """No more of it; the row is gone. Event `subscription.ended`, none the second time."""
    key = row.pk
    if Subscription.objects.filter(pk=key).delete()[0]:
        row.pk = key
        record("subscription.ended", stream=row, by=by, changes=_about(row))


def _about(row: Subscription) -> dict[str, int | None]:
    return {"announcement": row.announcement_id, "brand": row.brand_id}

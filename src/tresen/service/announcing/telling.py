"""Who is written to about an announcement: those who subscribed and confirmed it, and those affected whose address is
confirmed. Each address once, whatever the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Q, QuerySet

from tresen.core.announcements.choices import LASTING, State
from tresen.core.announcements.models import Affected, Announcement, AnnouncementMail, MailState, Subscription
from tresen.core.people.models import Brand, Contact, OrganisationMembership
from tresen.core.people.services import main_identity
from tresen.kit import clock

UNCONFIRMED_DAYS, OVER_DAYS, MAIL_DAYS = 7, 30, 90
CHUNK = 500


def note_mails(announcement_id: int, update_id: int | None) -> int:
    """A row for every mail, how many; run twice it notes nothing twice. None for what customers cannot read."""
    row = Announcement.objects.prefetch_related("brands", "organisations").filter(pk=announcement_id).first()
    if row is None or not row.is_readable:
        return 0
    found: dict[str, AnnouncementMail] = {}
    for mail in _all(row, is_new=update_id is None):
        mail.update_id = update_id
        found.setdefault(mail.folded, mail)
    rows = list(found.values())
    for at in range(0, len(rows), CHUNK):
        AnnouncementMail.objects.bulk_create(rows[at : at + CHUNK], ignore_conflicts=True)
    return len(rows)


def _all(row: Announcement, *, is_new: bool) -> Iterator[AnnouncementMail]:
    """The mails in the order of their reasons: that it is announced is news only to subscribers of the page."""
    allowed = _allowed(row)
    if not is_new:
        for one in _confirmed().filter(announcement=row):
            if allowed(one.contact_id, one.brand_id):
                yield _to_subscriber(row, one)
        yield from (mail for mail, who in _to_affected(row) if allowed(who, mail.brand_id))
    for one in _confirmed().filter(announcement=None):
        if allowed(one.contact_id, one.brand_id):
            yield _to_subscriber(row, one)


def _confirmed() -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(confirmed_at__isnull=False)
    return rows.select_related("brand", "contact").order_by("pk")


def _allowed(row: Announcement) -> Callable[[int | None, int | None], bool]:
    """Whether it is for somebody who stands at that brand's counter; what is for some organisations only for their
    people."""
    brands = {brand.pk for brand in row.brands.all()}
    organisations = [one.pk for one in row.organisations.all()]
    members = set(
        OrganisationMembership.objects.filter(organisation__in=organisations).values_list("contact_id", flat=True)
    )

    def allowed(contact: int | None, brand: int | None) -> bool:
        return (not brands or brand in brands) and (not organisations or contact in members)

    return allowed


def _to_subscriber(row: Announcement, one: Subscription) -> AnnouncementMail:
    language = (one.contact.language if one.contact else "") or one.language
    return _mail(row, one.brand, address=one.address, folded=one.folded, language=language, subscription=one)


def _to_affected(row: Announcement) -> Iterator[tuple[AnnouncementMail, int]]:
    """Those affected whose address is confirmed, each with his key; everybody else hears of it only where he confirms
    a subscription."""
    default = next(iter(row.brands.all()), None) or Brand.objects.default()
    people = Affected.objects.filter(announcement=row, wants_mail=True, contact__isnull=False)
    for one in people.select_related("contact", "brand").prefetch_related("contact__identities").order_by("pk"):
        contact: Contact | None = one.contact
        identity = main_identity(contact) if contact else None
        if contact and identity and identity.verified_at and not identity.undeliverable_at:
            to = {"address": identity.value, "folded": identity.folded, "language": contact.language}
            yield _mail(row, one.brand or default, **to, affected=one), contact.pk


def _mail(row: Announcement, brand: Brand, *, language: str, **to: object) -> AnnouncementMail:
    now = clock.now()
    spoken = language if language in brand.spoken else brand.language
    return AnnouncementMail(announcement=row, brand=brand, language=spoken, created_at=now, next_try_at=now, **to)


def forget_old() -> None:
    """Addresses that nobody confirmed within a week, those of announcements that are over for a month, mails of three
    months ago."""
    now = clock.now()
    unconfirmed = Q(confirmed_at=None, created_at__lt=now - timedelta(days=UNCONFIRMED_DAYS))
    ended = Q(announcement__state__in=(State.OVER, State.WITHDRAWN),
              announcement__changed_at__lt=now - timedelta(days=OVER_DAYS))  # fmt: skip
    Subscription.objects.filter(unconfirmed | ended).delete()
    old = AnnouncementMail.objects.filter(created_at__lt=now - timedelta(days=MAIL_DAYS))
    old.exclude(state=MailState.QUEUED).exclude(announcement__state__in=LASTING).delete()

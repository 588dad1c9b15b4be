"""Mail beyond the limit that another server had taken already: its headers say whose it was; he hears of it once."""

from __future__ import annotations

from tresen.channels.mail import authenticity
from tresen.channels.mail.account_mail import send_account_mail
from tresen.channels.mail.box import read_headers_in_box
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.outbox import may_answer_automatically
from tresen.channels.mail.spool import MAX_MAIL_BYTES, raw_bytes
from tresen.channels.mail.texts import too_large_subject, too_large_text
from tresen.core.people.identities import fold_mail
from tresen.core.people.services import find_contact


def look_at_headers(raw_id: int) -> None:
    """Writes subject and sender on the row, and tells a sender whose address is confirmed. May run twice.

    Raises BoxError, transport.Deferred and Refused for another try.
    """
    row = RawMail.objects.select_related("mailbox__brand").get(pk=raw_id)
    facts = read_headers_in_box(raw_bytes(row))
    sender = facts["sender"]["address"] or row.envelope_from
    row.subject, row.sender = facts["subject"][:300], sender[:320]
    row.header_id = (facts["message_id"] or "")[:998]
    row.save(update_fields=["subject", "sender", "header_id"])
    mailbox = row.mailbox
    if mailbox is None or facts["kind"] != "person" or row.reason.get("told"):
        return
    headers = [(name, value) for name, value in facts["headers"]]
    verdict = authenticity.verdict(headers, authserv_id=mailbox.authserv_id, sender=sender)
    contact = find_contact(mail=sender) if sender and verdict != authenticity.FAIL else None
    is_confirmed = contact and contact.identities.filter(folded=fold_mail(sender), verified_at__isnull=False).exists()
    if not contact or not is_confirmed or not may_answer_automatically(sender, mailbox_id=mailbox.pk):
        return
    language = contact.language or mailbox.language
    send_account_mail(
        to=sender, language=language, subject=too_large_subject(language),
        text=too_large_text(brand=mailbox.brand.name, limit=MAX_MAIL_BYTES, language=language), mailbox=mailbox,
    )  # fmt: skip
    row.reason = {**row.reason, "told": True}
    row.save(update_fields=["reason"])

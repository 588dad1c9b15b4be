"""Sending mail about announcements: so many a minute, each once, never to whom has said that he wants no more."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import translation

from tresen.channels.mail.account_mail import account_mailbox, send_account_mail
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.outbox import may_answer_automatically
from tresen.channels.mail.transport import Deferred, Refused
from tresen.core.announcements.models import Announcement, AnnouncementMail, MailState, Subscription
from tresen.core.people.models import Brand
from tresen.kit import clock
from tresen.kit.crypto import SealBroken
from tresen.service.announcing.wording import news_text, question_text, unsubscribe_url
from tresen.spine.limits.services import hit

log = logging.getLogger("tresen.announcing")
MAILS_A_MINUTE = 120
AT_ONCE = 40
MOST_TRIES, FIRST_WAIT = 6, 300
NEXT_MINUTE, AT_ONCE_AGAIN = 20.0, 0.0


def send_due() -> float | None:
    """Sends what is due, up to AT_ONCE. In how many seconds there is more to do; None when nothing waits."""
    due = AnnouncementMail.objects.filter(state=MailState.QUEUED, next_try_at__lte=clock.now()).order_by("pk")
    for key in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        if not hit("announcing:minute", "all", limit=MAILS_A_MINUTE, seconds=60):
            return NEXT_MINUTE
        _send_one(key)
    waiting = AnnouncementMail.objects.filter(state=MailState.QUEUED).order_by("next_try_at").first()
    if waiting is None:
        return None
    return max(AT_ONCE_AGAIN, (waiting.next_try_at - clock.now()).total_seconds())


def _send_one(key: int) -> None:
    """Takes it first and sends it then: a process that dies in between sends it never, rather than twice."""
    taken = AnnouncementMail.objects.filter(pk=key, state=MailState.QUEUED).update(state=MailState.TAKEN)
    rows = AnnouncementMail.objects.select_related("announcement", "update", "brand", "subscription", "affected")
    mail = rows.filter(pk=key).first()
    if not taken or mail is None:
        return
    if not _is_wanted(mail):
        mail.delete()
        return
    subject, text = news_text(mail)
    headers = {
        "List-Unsubscribe": f"<{unsubscribe_url(mail)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }  # fmt: skip
    try:
        send_account_mail(
            to=mail.address, language=mail.language, subject=subject, text=text, mailbox=_mailbox(mail.brand),
            headers=headers,
        )  # fmt: skip
    except Refused as fault:
        _settle(mail, MailState.FAILED, str(fault))
    except (Deferred, SealBroken, OSError) as fault:
        _defer(mail, str(fault) or type(fault).__name__)
    else:
        _settle(mail, MailState.SENT, "")


def _is_wanted(mail: AnnouncementMail) -> bool:
    """The receiver has not said that he wants no more, and it is still for him: it may have been taken back or
    narrowed since, or he has left the organisation."""
    why = mail.subscription or mail.affected
    if why is None or (mail.subscription is None and mail.affected is not None and not mail.affected.wants_mail):
        return False
    rows = Announcement.objects.published().filter(pk=mail.announcement_id).for_brand(mail.brand_id)
    return (rows.for_contact(why.contact_id) if why.contact_id else rows.for_everybody()).exists()


def _settle(mail: AnnouncementMail, state: MailState, words: str) -> None:
    mail.state, mail.last_error, mail.attempts = state, words[:300], mail.attempts + 1
    mail.sent_at = clock.now() if state == MailState.SENT else None
    mail.save(update_fields=["state", "last_error", "attempts", "sent_at"])


def _defer(mail: AnnouncementMail, words: str) -> None:
    if mail.attempts + 1 >= MOST_TRIES:
        _settle(mail, MailState.FAILED, words)
        return
    _settle(mail, MailState.QUEUED, words)
    mail.next_try_at = clock.now() + timedelta(seconds=FIRST_WAIT * 2 ** (mail.attempts - 1))
    mail.save(update_fields=["next_try_at"])


def send_question(subscription_id: int) -> None:
    """The mail that asks whether the address wants it, within the caps of automatic mail. Raises transport.Deferred."""
    row = Subscription.objects.select_related("brand").filter(pk=subscription_id, confirmed_at=None).first()
    mailbox = _mailbox(row.brand) if row else None
    if row is None or mailbox is None:
        return
    with transaction.atomic():
        if not may_answer_automatically(row.address, mailbox_id=mailbox.pk, verified=False):
            return
    language = row.language if row.language in row.brand.spoken else row.brand.language
    with translation.override(language):
        subject, text = question_text(row)
    try:
        send_account_mail(to=row.address, language=language, subject=subject, text=text, mailbox=mailbox)
    except Refused as fault:
        log.info("the question to a subscriber was refused: %s", fault)


def _mailbox(brand: Brand) -> Mailbox | None:
    """The brand's own first one, else that of mail about accounts."""
    own = Mailbox.objects.filter(is_active=True, brand=brand).order_by("id").first()
    return own or account_mailbox()

"""From a provider's call to stored mail: signed, new, and safe before anybody says 200 (safety decision 11)."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction

from tresen.channels.mail.faults import note_fault
from tresen.channels.mail.hooks.calls import Call, HookMail, Malformed, NotSigned
from tresen.channels.mail.hooks.providers import READERS
from tresen.channels.mail.jobs import confirm_topic
from tresen.channels.mail.models import HookReplay, Incoming, Mailbox
from tresen.channels.mail.spool import (
    MAX_MAIL_BYTES,
    count_refusal,
    mailbox_for,
    pack,
    store_deliveries,
    store_too_large,
)
from tresen.kit import clock
from tresen.kit.crypto import SealBroken, token_hash
from tresen.spine.limits.services import hit

REPLAY_DAYS = 30
# How often what is wrong is written at the mailbox, however many calls are refused.
NOTE_SECONDS = 60


def mailbox_of(key: str) -> Mailbox | None:
    """The mailbox whose mail comes in at this address."""
    if not key:
        return None
    return Mailbox.objects.filter(hook_key=key, incoming=Incoming.HOOK, is_active=True).first()


def take_call(mailbox: Mailbox, call: Call) -> int:
    """Stores what the call brings; how many mails were new. When this returns, they are safe.

    Raises NotSigned, Malformed, SealBroken, sns.CertificateAway, and database errors: then nothing was accepted. The
    first three are told at the mailbox until a call is right again.
    """
    try:
        count = _take(mailbox, call)
    except (NotSigned, Malformed, SealBroken) as fault:
        _tell(mailbox, fault)
        raise
    if mailbox.fault:
        Mailbox.objects.filter(pk=mailbox.pk).update(fault="", fault_at=None)
    return count


def _tell(mailbox: Mailbox, fault: Exception) -> None:
    if not isinstance(fault, SealBroken):
        count_refusal("call")
    if not mailbox.fault or hit("hook.fault", str(mailbox.pk), limit=1, seconds=NOTE_SECONDS):
        note_fault(mailbox, fault)


def _take(mailbox: Mailbox, call: Call) -> int:
    secret = mailbox.password("hook")
    if not secret:
        raise NotSigned("no secret is stored")
    taken = READERS[mailbox.hook_provider](call, secret)
    count = 0
    with transaction.atomic():
        for mail in taken.mails:
            count += _store(mailbox, mail)
        if taken.confirm:
            confirm_topic.enqueue(url=taken.confirm, key=f"hook:{mailbox.pk}")
    return count


def _store(mailbox: Mailbox, mail: HookMail) -> int:
    try:
        with transaction.atomic():
            HookReplay.objects.create(mailbox=mailbox, name_hash=token_hash(mail.replay), seen_at=clock.now())
    except IntegrityError:
        return 0
    # The provider may name other addresses too; ours may stand behind a plus.
    meant = mailbox_for(mail.recipient) if mail.recipient else None
    to = mail.recipient if meant and meant.pk == mailbox.pk else mailbox.address
    if len(mail.raw) > MAX_MAIL_BYTES:
        head = mail.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:MAX_MAIL_BYTES]
        store_too_large(head, size=len(mail.raw), mailbox=mailbox, source="hook")
    else:
        store_deliveries(pack(mail.raw, [(mailbox, to)], source="hook", envelope_from=mail.sender))
    return 1


def forget_old_calls() -> None:
    """A call repeated after that is refused where its provider signs the time; where none is signed (Postmark,
    Mandrill) its mail is found to be a duplicate."""
    HookReplay.objects.filter(seen_at__lt=clock.now() - timedelta(days=REPLAY_DAYS)).delete()

"""Mail about accounts (invitation, password): composed and sent in one go, kept in no table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from django.db import transaction

from tresen.channels.mail.bodies import set_body
from tresen.channels.mail.compose import POLICY, address_header
from tresen.channels.mail.models import Mailbox, SignIn
from tresen.channels.mail.signing import LOOP_HEADER, loop_mark
from tresen.channels.mail.transport import deliver
from tresen.core.people.models import Brand
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.kit import clock


class NotYourWayOut(Exception):
    """By which server mail about accounts leaves, only an administrator says: whoever has that server reads the links
    for new passwords."""


def account_mailbox() -> Mailbox | None:
    """Whose address and server mail about accounts has: the first one of the default brand."""
    return Mailbox.objects.filter(is_active=True).order_by("-brand__is_default", "id").first()


@contextmanager
def keeping_the_way_out(principal: Principal) -> Iterator[None]:
    """A transaction for what changes mailboxes or brands. Raises NotYourWayOut, and nothing is changed, where mail
    about accounts would leave by another server or account than before, and the principal is no administrator."""
    with transaction.atomic():
        list(Mailbox.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
        before = _way_out()
        yield
        if _way_out() != before and not can(principal, "role.manage"):
            raise NotYourWayOut


def _way_out() -> tuple[Any, ...]:
    """What decides by which server; () for that of the installation."""
    found = account_mailbox()
    if found is None or (found.sign_in == SignIn.PASSWORD and not found.smtp_host):
        return ()
    account = 0 if found.sign_in == SignIn.PASSWORD else found.pk
    return (found.sign_in, found.smtp_host, found.smtp_port, found.smtp_security, found.smtp_user, account)


def send_account_mail(*, to: str, language: str, subject: str, text: str, mailbox: Mailbox | None = None) -> None:
    """Sends one mail to a stored address, from that mailbox or the first one of the default brand. Raises
    transport.Deferred and Refused."""
    mailbox = mailbox or account_mailbox()
    sender = mailbox.address if mailbox else "tresen@localhost.localdomain"
    brand = mailbox.brand if mailbox else Brand.objects.default()
    mail = EmailMessage(policy=POLICY)
    mail["From"] = address_header(brand.name, sender)
    mail["To"] = address_header("", to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail[LOOP_HEADER] = loop_mark(mail["Message-ID"])
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    set_body(mail, text, language=language)
    deliver(mail, sender=sender, recipients=[to], mailbox=mailbox)

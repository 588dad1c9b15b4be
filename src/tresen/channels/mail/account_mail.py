"""Mail about accounts (invitation, password): composed and sent in one go, kept in no table."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from tresen.channels.mail.bodies import set_body
from tresen.channels.mail.compose import POLICY, address_header
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.signing import LOOP_HEADER, loop_mark
from tresen.channels.mail.transport import deliver
from tresen.core.people.models import Brand
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.kit import clock


def account_mailbox() -> Mailbox | None:
    """Whose address and server mail about accounts has: the first one of the default brand."""
    return Mailbox.objects.filter(is_active=True).order_by("-brand__is_default", "id").first()


def may_sign_in(mailbox: Mailbox, principal: Principal) -> bool:
    """Whether that principal may say with which account the mailbox is signed in at its provider: for the one by which
    mail about accounts leaves only an administrator."""
    return mailbox != account_mailbox() or can(principal, "role.manage")


def send_account_mail(
    *, to: str, language: str, subject: str, text: str, mailbox: Mailbox | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Sends one mail to a stored address, from that mailbox or the first one of the default brand; `headers` are set
    besides. Raises transport.Deferred and Refused."""
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
    for name, value in (headers or {}).items():
        mail[name] = value
    set_body(mail, text, language=language)
    deliver(mail, sender=sender, recipients=[to], mailbox=mailbox)

"""The mail with somebody's personal links."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tresen.channels.mail.account_mail import send_account_mail
from tresen.channels.mail.compose import sender_mailbox
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.outbox import may_answer_automatically
from tresen.channels.mail.personal_links import asked_from
from tresen.core.people.hosts import brand_url, of_host
from tresen.core.people.models import Identity
from tresen.core.tickets.choices import ACTIVE, StatusCategory
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Ticket

AT_MOST = 20


def open_requests(identity: Identity, *, brand_id: int = 0) -> QuerySet[Ticket]:
    """What may be told to that address at the host of that brand (0: of the desk) and is not closed, newest first: all
    its contact takes part in once it is verified; before that only what was asked from that very address. An agent may
    have typed it, and be mistaken."""
    wanted = Q(status_category__in=[*ACTIVE, StatusCategory.SOLVED])
    mine = Ticket.objects.filter(wanted, of_host(brand_id), participants__contact=identity.contact).select_related(
        "brand"
    )
    if identity.verified_at is None:
        mine = mine.filter(pk__in=asked_from(identity, mine))
    return mine.order_by("-id")


def may_be_sent(identity: Identity, *, brand_id: int = 0) -> bool:
    """Whether there is something to send, and the caps of automatic mail let it go; counts it then."""
    newest = open_requests(identity, brand_id=brand_id).first()
    mailbox: Mailbox | None = sender_mailbox(newest) if newest else None
    return mailbox is not None and may_answer_automatically(identity.value, mailbox_id=mailbox.pk)


def send_links_mail(identity: Identity, *, brand_id: int = 0) -> None:
    """Mints a fresh link for each open request and sends them to the stored address, never to one that was typed
    (S34). Raises transport.Deferred, transport.Refused."""
    contact = identity.contact
    tickets = list(open_requests(identity, brand_id=brand_id)[:AT_MOST])
    if not tickets:
        return
    brand = tickets[0].brand
    language = contact.language or tickets[0].language or brand.language
    with translation.override(language):
        rows = [_row(ticket, identity) for ticket in tickets]
        parts = [
            _("Good day,"),
            _("you asked for the links to your requests at %(brand)s. Here they are:") % {"brand": brand.name},
            *rows,
            _("These links are meant for you alone. If you did not ask for them, you need not do anything."),
            _("Kind regards") + "\n" + brand.name,
        ]
        subject = _("The links to your requests")
    text = "\n\n".join(parts)
    mailbox = sender_mailbox(tickets[0]) if brand_id else None
    send_account_mail(to=identity.value, language=language, subject=subject, text=text, mailbox=mailbox)


def _row(ticket: Ticket, identity: Identity) -> str:
    """Number, date and link. The subject only where its writer is confirmed: no stranger's words leave by us (S6)."""
    facts = {"number": ticket.shown_number, "date": date_format(ticket.created_at, "DATE_FORMAT")}
    head = _("%(number)s of %(date)s") % facts
    if not ticket.is_unconfirmed:
        head += ": " + ticket.subject
    token = mint_link(ticket, identity.contact, by_mail=True, address=identity.value)
    return f"{head}\n{brand_url(ticket.brand, f'/t/{token}/')}"

"""Who may do what to tickets. Seeing is `visible_to`; these are the acts."""

from __future__ import annotations

from typing import Any

from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Attachment, Message, Ticket


def _sees(principal: Principal, ticket: Any) -> bool:
    return isinstance(ticket, Ticket) and Ticket.objects.visible_to(principal).filter(pk=ticket.pk).exists()


def _staff_on_ticket(principal: Principal, ticket: Any) -> bool:
    return principal.is_staff and "write" in principal.scopes and _sees(principal, ticket)


def _create(principal: Principal, target: Any) -> bool:
    return principal.is_staff and "write" in principal.scopes


def _take_part(principal: Principal, ticket: Any) -> bool:
    """A person from outside answers, closes, reopens his own ticket."""
    return principal.contact is not None and not principal.is_staff and _sees(principal, ticket)


def _ask(principal: Principal, target: Any) -> bool:
    """Everybody may ask for help, also without an account."""
    return True


def _message(principal: Principal, message: Any) -> bool:
    return isinstance(message, Message) and _staff_on_ticket(principal, message.ticket)


def _attachment(principal: Principal, attachment: Any) -> bool:
    return (
        isinstance(attachment, Attachment)
        and Attachment.objects.visible_to(principal).filter(pk=attachment.pk).exists()
    )


TICKET_PERMISSIONS: dict[str, Check] = {
    "ticket.see": _sees,
    "ticket.create": _create,
    "ticket.change": _staff_on_ticket,
    "ticket.reply": _staff_on_ticket,
    "ticket.note": _staff_on_ticket,
    "ticket.answer": _take_part,
    "ticket.close": _take_part,
    "ticket.reopen": _take_part,
    "ticket.confirm": _take_part,
    "request.send": _ask,
    "message.accept": _message,
    "message.send_again": _message,
    "message.take_back": _message,
    "attachment.see": _attachment,
    "attachment.upload": _create,
}

"""Who may do what to tickets. Seeing is `visible_to`; these are the acts."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from tresen.core.people.models import Contact, Role
from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Attachment, Draft, Message, Participant, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.side_models import SideThread


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


def _delete(principal: Principal, ticket: Any) -> bool:
    """Team leads and administrators, what they see."""
    return _may_delete(principal) and _staff_on_ticket(principal, ticket)


def _restore(principal: Principal, ticket: Any) -> bool:
    """The same, what they would see if it were not in the bin."""
    seen = isinstance(ticket, Ticket) and Ticket.objects.in_bin(principal).filter(pk=ticket.pk).exists()
    return _may_delete(principal) and seen


def _may_delete(principal: Principal, target: Any = None) -> bool:
    return principal.agent is not None and principal.agent.role != Role.AGENT and "write" in principal.scopes


def _undo(principal: Principal, operation: Any) -> bool:
    """Whoever sees it; whether each of its tickets may be changed is asked when it is undone."""
    if not isinstance(operation, Operation) or "write" not in principal.scopes:
        return False
    return Operation.objects.visible_to(principal).filter(pk=operation.pk).exists()


def _review(principal: Principal, draft: Any) -> bool:
    """Whoever was asked, and its writer; administrators, as everywhere."""
    if not isinstance(draft, Draft) or draft.asked_at is None or not _staff_on_ticket(principal, draft.ticket):
        return False
    asked = principal.agent is not None and principal.agent.pk in (draft.reviewer_id, draft.agent_id)
    return asked or draft.review_team_id in principal.team_ids or principal.sees_all_tickets


def _move(principal: Principal, message: Any) -> bool:
    """What was written with a partner stays beside its ticket."""
    return _message(principal, message) and not message.is_side


def _attachment(principal: Principal, attachment: Any) -> bool:
    return (
        isinstance(attachment, Attachment)
        and Attachment.objects.visible_to(principal).filter(pk=attachment.pk).exists()
    )


def _change_addresses(principal: Principal, contact: Any) -> bool:
    """Replies and links go to a contact's addresses: whoever changes them must see all that would go there."""
    if not isinstance(contact, Contact) or not principal.is_staff or "write" not in principal.scopes:
        return False
    takes_part = Participant.objects.filter(ticket=OuterRef("pk"), contact=contact)
    beside = SideThread.objects.filter(thread__ticket=OuterRef("pk"), people=contact)
    tickets = Ticket.objects.filter(Q(requester=contact) | Exists(takes_part) | Exists(beside))
    return not tickets.exclude(pk__in=Ticket.objects.visible_to(principal).values("pk")).exists()


TICKET_PERMISSIONS: dict[str, Check] = {
    "contact.change_addresses": _change_addresses,
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
    "message.move": _move,
    "message.send_again": _message,
    "message.take_back": _message,
    "draft.review": _review,
    "operation.undo": _undo,
    "ticket.delete": _delete,
    "ticket.restore": _restore,
    "bin.open": _may_delete,
    "attachment.see": _attachment,
    "attachment.upload": _create,
}

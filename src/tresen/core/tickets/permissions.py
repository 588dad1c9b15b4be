"""Who may do what to tickets. Seeing is `visible_to`; these are the acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from tresen.core.people.models import Agent, Contact, Organisation, Team
from tresen.core.people.permissions import Check, Needs, can
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Attachment, Draft, Message, Participant, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.side_models import SideThread


def _sees(principal: Principal, ticket: Any) -> bool:
    return isinstance(ticket, Ticket) and Ticket.objects.visible_to(principal).filter(pk=ticket.pk).exists()


def _team_of(target: Any) -> int | None:
    """The team of a ticket, or of the ticket on which something lies."""
    ticket = target if isinstance(target, Ticket) else target.ticket
    return ticket.team_id


def _on_ticket(*rights: str) -> Needs:
    """On a ticket that he sees, who has one of the rights in its team."""
    return Needs(rights, _sees, _team_of)


def _take_part(principal: Principal, ticket: Any) -> bool:
    """A person from outside answers, closes, reopens his own ticket."""
    return principal.contact is not None and not principal.is_staff and _sees(principal, ticket)


def _is_on(principal: Principal, ticket: Any) -> bool:
    """Who closes, reopens, confirms or asks for more speed is on the ticket himself: a colleague who merely sees it by
    his organisation writes first."""
    contact = principal.contact
    return _take_part(principal, ticket) and ticket.participants.filter(contact=contact).exists()


def _show_tickets(principal: Principal, organisation: Any) -> bool:
    """Whoever lets a contact see all tickets of an organisation sees them himself."""
    if not isinstance(organisation, Organisation):
        return False
    tickets = Ticket.objects.filter(organisation=organisation)
    return not tickets.exclude(pk__in=Ticket.objects.visible_to(principal).values("pk")).exists()


def _ask(principal: Principal, target: Any) -> bool:
    """Everybody may ask for help, also without an account."""
    return True


def _sees_message(principal: Principal, message: Any) -> bool:
    return isinstance(message, Message) and _sees(principal, message.ticket)


def _restore(principal: Principal, ticket: Any) -> bool:
    """What he would see if it were not in the bin."""
    return isinstance(ticket, Ticket) and Ticket.objects.in_bin(principal).filter(pk=ticket.pk).exists()


def _undo(principal: Principal, operation: Any) -> bool:
    """Whoever sees it; whether each of its tickets may be changed is asked when it is undone."""
    if not isinstance(operation, Operation) or "write" not in principal.scopes:
        return False
    return Operation.objects.visible_to(principal).filter(pk=operation.pk).exists()


def _review(principal: Principal, draft: Any) -> bool:
    """Whoever was asked, and its writer; who sees all tickets, as everywhere."""
    if not isinstance(draft, Draft) or draft.asked_at is None or not _sees(principal, draft.ticket):
        return False
    asked = principal.agent is not None and principal.agent.pk in (draft.reviewer_id, draft.agent_id)
    return asked or draft.review_team_id in principal.team_ids or principal.sees_all_tickets


def _move(principal: Principal, message: Any) -> bool:
    """What was written with a partner stays beside its ticket."""
    return _sees_message(principal, message) and not message.is_side


def _attachment(principal: Principal, attachment: Any) -> bool:
    return (
        isinstance(attachment, Attachment)
        and Attachment.objects.visible_to(principal).filter(pk=attachment.pk).exists()
    )


def _change_addresses(principal: Principal, contact: Any) -> bool:
    """Replies and links go to a contact's addresses: whoever changes them must see all that would go there."""
    if not isinstance(contact, Contact):
        return False
    takes_part = Participant.objects.filter(ticket=OuterRef("pk"), contact=contact)
    beside = SideThread.objects.filter(thread__ticket=OuterRef("pk"), people=contact)
    by_organisation = contact.memberships.filter(sees_tickets=True).values("organisation")
    of_them = Q(organisation__in=by_organisation)
    tickets = Ticket.objects.filter(Q(requester=contact) | of_them | Exists(takes_part) | Exists(beside))
    return not tickets.exclude(pk__in=Ticket.objects.visible_to(principal).values("pk")).exists()


# Fields by which a ticket is given to others.
HANDING = frozenset({"assignee", "team"})


def can_set(principal: Principal, ticket: Ticket, wanted: Mapping[str, Any]) -> bool:
    """May the principal give these fields these values? Taking a ticket oneself, and giving one's own back, is a change
    like any other; giving it to others is not."""
    own = principal.agent
    actions = set()
    for field, value in wanted.items():
        is_own = field == "assignee" and own is not None and own.pk in (getattr(value, "pk", ticket.assignee_id),)
        actions.add("ticket.assign" if field in HANDING and not is_own else "ticket.change")
    return all(can(principal, action, ticket) for action in actions)


def can_begin_with(principal: Principal, *, team: Team | None, assignee: Agent | None) -> bool:
    """May a new ticket of that team (None: of none) be this person's from the start? One's own always."""
    own = principal.agent
    is_own = assignee is None or (own is not None and own.pk == assignee.pk)
    return is_own or principal.may_in("assign", team.pk if team else None)


def require_set(principal: Principal, ticket: Ticket, wanted: Mapping[str, Any]) -> None:
    """Raises PermissionDenied unless `can_set()`."""
    if not can_set(principal, ticket, wanted):
        raise PermissionDenied("ticket.change")


TICKET_PERMISSIONS: dict[str, Check] = {
    "contact.change_addresses": Needs(("contacts",), _change_addresses),
    "organisation.show_tickets": Needs(("contacts",), _show_tickets),
    "ticket.see": _sees,
    "ticket.create": Needs(("create",)),
    "ticket.change": _on_ticket("change"),
    "ticket.assign": _on_ticket("assign"),
    "ticket.merge": _on_ticket("merge"),
    "ticket.take": Needs(("change",)),
    "ticket.reply": _on_ticket("reply"),
    "ticket.note": _on_ticket("note"),
    "ticket.draft": _on_ticket("reply", "note"),
    "ticket.answer": _take_part,
    "ticket.close": _is_on,
    "ticket.reopen": _is_on,
    "ticket.confirm": _is_on,
    "ticket.nudge": _is_on,
    "request.send": _ask,
    "message.accept": Needs(("change",), _sees_message, _team_of),
    "message.move": Needs(("merge",), _move, _team_of),
    "message.send_again": Needs(("reply",), _sees_message, _team_of),
    "message.take_back": Needs(("reply",), _sees_message, _team_of),
    "draft.review": Needs(("note", "reply"), _review, _team_of),
    "operation.undo": Needs(("change", "merge", "delete", "note", "reply", "assign"), _undo),
    "ticket.delete": _on_ticket("delete"),
    "ticket.restore": Needs(("delete",), _restore, _team_of),
    "bin.open": Needs(("delete",)),
    "attachment.see": _attachment,
    "attachment.upload": Needs(("create", "reply", "note")),
}

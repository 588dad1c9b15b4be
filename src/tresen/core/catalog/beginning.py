"""Work on a request begins: the tasks of its service are made.

It begins as soon as the request is there, unless something holds it: its requester has not shown that the address is
his, or a function of the table BEFORE_WORK (an approval, a payment) answers True for the request. Whoever holds it
calls begin_work() when it may go on.
"""

from __future__ import annotations

from django.db import transaction

from tresen.core.catalog.models import Request
from tresen.core.catalog.showing import as_text, said
from tresen.core.catalog.tasks import Child, filled_line, filled_text
from tresen.core.people.models import Team
from tresen.core.teamwork.checklist import MOST_ITEMS, add_items
from tresen.core.tickets.choices import MessageKind, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Category, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.relating import CannotLink, link_as_child
from tresen.core.tickets.rows import lock
from tresen.core.tickets.services import create_ticket
from tresen.kit import clock
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor

DESK = Actor.system("catalogue")


def is_held(request: Request) -> bool:
    """Whether something is to happen before work on it begins."""
    return request.ticket.is_unconfirmed or any(holds(request) for holds in table("BEFORE_WORK") or ())


def begin_work(request: Request, *, by: Actor = DESK) -> bool:
    """Makes the steps and the tickets for others that its service names, once, however often it is called. Events
    `checklist.changed`, and `ticket.created` and `ticket.linked` of each child. False where it had begun before, its
    ticket is gone, or the requester is unconfirmed."""
    with transaction.atomic():
        ticket = lock(request.ticket, follow=True)
        rows = Request.objects.select_related("service", "form").select_for_update(of=("self",))
        locked = rows.get(pk=request.pk)
        if locked.begun_at or ticket.deleted_at or ticket.is_unconfirmed:
            return False
        locked.begun_at = clock.now()
        locked.save(update_fields=["begun_at"])
        values = _values(locked, ticket)
        there = set(ticket.checklist.values_list("text", flat=True))
        steps = [step for text in locked.service.steps if (step := filled_line(text, values)[:200]) not in there]
        if steps:
            add_items(ticket, steps[: max(0, MOST_ITEMS - ticket.checklist.count())], by=by)
        for child in locked.service.children:
            _make_child(child, ticket, values, by)
    return True


def _values(request: Request, ticket: Ticket) -> dict[str, str]:
    """What the names in tasks stand for (tasks.NAMES), in the language of the brand."""
    answered = said(request.form.fields, request.answers, ticket.brand.language)
    asked = [field for field in request.form.fields if field["key"] in request.answers]
    names = request.service.names
    return {
        "contact.name": ticket.requester.name, "brand.name": ticket.brand.name,
        "organisation.name": ticket.organisation.name if ticket.organisation else "",
        "service.name": names.get(ticket.brand.language) or request.service.name,
        "ticket.number": ticket.shown_number, "ticket.subject": ticket.subject,
        "answers": as_text("", answered),
        **{f"answer.{field['key']}": "" for field in request.form.fields},
        **{f"answer.{field['key']}": text for field, (_label, text) in zip(asked, answered, strict=True)},
    }  # fmt: skip


def _make_child(child: Child, parent: Ticket, values: dict[str, str], by: Actor) -> None:
    team = Team.objects.active().filter(pk=child["team"] or 0).first()
    category = Category.objects.offered_for(parent.brand_id).filter(pk=child["category"] or 0).first()
    subject = filled_line(child["subject"], values) or parent.subject
    try:
        with transaction.atomic():  # where it cannot be linked there is none
            made = create_ticket(
                by=by, requester=parent.requester, subject=subject, content=Content(filled_text(child["text"], values)),
                channel=parent.channel, brand=parent.brand, team=team, kind=MessageKind.NOTE, trust=Trust.SIGNED_IN,
                quiet=True, number=take_number(parent.brand), author_name=by.name,
                set={"category": category} if category else None, type=parent.type,
            )  # fmt: skip
            link_as_child(made, to=parent, by=by)
    except CannotLink:  # it has become a child itself, and a child has none
        return

"""Sending a reply, keeping a note."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import Content, with_pictures
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.planning import plan_reply, undo_seconds
from tresen.core.tickets.services import add_note, add_participant, add_reply
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.faces.desk.ticket.writing import Draft, check_draft, fields_after, first_time, new_copies, read_draft
from tresen.kit import clock
from tresen.kit.times import exact


@staff_page
@require_POST
def write(request: StaffRequest, number: str) -> HttpResponseBase:
    """Sends a reply or keeps a note. What cannot be sent comes back with everything that was typed."""
    found = find_ticket(request.principal, number)
    draft = read_draft(request, request.principal)
    require(request.principal, "ticket.note" if draft.kind == "note" else "ticket.reply", found)
    recipients = check_draft(draft, found)
    agent = request.principal.agent
    if draft.errors or draft.newer or agent is None:
        parts = (answers.COMPOSER, answers.TIMELINE) if draft.newer else (answers.COMPOSER,)
        return answer(request, number, *parts, draft=draft, status=draft.status)
    anchor = ""
    with transaction.atomic():
        if first_time(draft, request.principal):
            anchor = f"m{_keep(request, found, agent, draft, recipients).pk}"
    said = _("The note is kept.") if draft.kind == "note" else _("The reply is on its way.")
    if draft.later.at:
        said = _("The reply is planned for %(when)s.") % {"when": exact(draft.later.at)}
    changed = (answers.COMPOSER, answers.HEAD, answers.TIMELINE, *([answers.CONTEXT] if draft.add_cc else []))
    return answer(request, number, *changed, draft=_next_draft(draft, found), said=said, anchor=anchor)


def _keep(
    request: StaffRequest, found: Ticket, agent: Agent, draft: Draft, recipients: list[dict[str, str]]
) -> Message:
    by = request.principal.actor
    if draft.kind == "note":
        return add_note(found, by=by, agent=agent, content=Content(draft.text), files=draft.uploads)
    content = with_pictures(draft.text, draft.uploads)
    for address in new_copies(draft):
        contact = find_or_create_contact(mail=address, by=by)
        add_participant(found, by=by, contact=contact)
        if fold_mail(address) not in {fold_mail(r["address"]) for r in recipients}:
            recipients = [*recipients, {"role": "cc", "name": contact.name, "address": fold_mail(address)}]
    at, wait = draft.later.at, undo_seconds()
    if at or wait:
        return plan_reply(
            found, by=by, agent=agent, content=content, files=draft.uploads, set=fields_after(draft),
            recipients=recipients, leaves_at=at or clock.now() + timedelta(seconds=wait), is_later=at is not None,
            unless_answered=at is not None and draft.later.unless_answered,
        )  # fmt: skip
    return add_reply(
        found, by=by, agent=agent, content=content, files=draft.uploads, set=fields_after(draft), recipients=recipients
    )


def _next_draft(draft: Draft, found: Ticket) -> Draft:
    """An empty composer again; what stood in the other tab stays there."""
    last = found.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    if draft.kind == "note":
        return Draft(seen=last, sent="note", reply_text=draft.reply_text, chosen=draft.chosen or None)
    return Draft(seen=last, sent="reply", note_text=draft.note_text)

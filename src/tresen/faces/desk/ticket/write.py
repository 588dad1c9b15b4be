"""Sending a reply, keeping a note, keeping both for later."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from selectolax.lexbor import LexborHTMLParser

from tresen.channels.mail.box import sanitise_in_box
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.core.people.services import find_or_create_contact
from tresen.core.teamwork.mentions import left_out_of
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.content import Content, formatted, with_pictures
from tresen.core.tickets.drafts import StaleDraft, spend_draft
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.planning import plan_reply, undo_seconds
from tresen.core.tickets.services import StaleTicket, add_note, add_participant, add_reply
from tresen.core.tickets.sides import WrongCircle
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.after.going_on import go_on
from tresen.faces.desk.teamwork.calling import no_room
from tresen.faces.desk.texts.acting import to_texts
from tresen.faces.desk.texts.sending import Staged
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.checking import check, fields_after, forgot_file, hold, new_copies
from tresen.faces.desk.ticket.drafting import keep
from tresen.faces.desk.ticket.forwarding import check_forward, copies_of, forward, forwarded
from tresen.faces.desk.ticket.reading import find_target, find_ticket
from tresen.faces.desk.ticket.refusing import why_not
from tresen.faces.desk.ticket.writing import KINDS, Composer, first_time, read_composer, too_long
from tresen.kit import clock, files
from tresen.kit.box import BoxBusy
from tresen.kit.times import exact

CHANGED = (answers.COMPOSER, answers.HEAD, answers.TIMELINE, answers.SHARED)


@staff_page
@require_POST
def write(request: StaffRequest, number: str) -> HttpResponseBase:
    """Sends a reply or keeps a note. What cannot be sent comes back with everything that was typed."""
    found = find_ticket(request.principal, number)
    composer = read_composer(request, request.principal)
    require(request.principal, "ticket.note" if composer.kind == "note" else "ticket.reply", found)
    agent = request.principal.agent
    if composer.then in ("replies", "macros"):
        return to_texts(request, found, composer)
    if composer.then == "keep" and agent:
        return _keep_drafts(request, find_target(request.principal, number), agent, composer)
    if composer.kind == "forward" and agent:
        return _forward(request, found, agent, composer)
    recipients = check(composer, found, request.principal)
    anchor, message = "", None
    try:
        hold(composer, found, request.principal)
        if composer.errors or composer.news or agent is None:
            parts = (answers.HEAD, answers.TIMELINE) if composer.news else ()
            return answer(request, number, answers.COMPOSER, *parts, draft=composer, status=composer.status)
        content = _content(composer)
        with transaction.atomic():
            if first_time(composer, request.principal):
                _spend(found, agent, composer)
                message = _leave(request, found, agent, composer, content, recipients)
                anchor = f"m{message.pk}"
    except (BoxBusy, WrongValue, StaleDraft, StaleTicket) as fault:
        _refused(composer, fault)
        return answer(request, number, answers.COMPOSER, draft=composer, status=composer.status)
    composer.staged = []
    _keep_other(found, agent, composer)
    said = _("The reply is on its way.")
    if composer.kind == "note":
        said = " ".join([_("The note is kept."), *no_room(left_out_of(message) if message else ())])
    if composer.later.at:
        said = _("The reply is planned for %(when)s.") % {"when": exact(composer.later.at)}
    if forgot_file(composer):
        said = _("%(said)s It speaks of an attachment, but there is none.") % {"said": said}
    changed = CHANGED if not composer.add_cc else (*CHANGED, answers.CONTEXT)
    done = answer(request, number, *changed, sent=composer.kind, said=said, anchor=anchor)
    undo = reverse("desk:message-take-back", args=[message.pk]) if message and message.delivery == "planned" else ""
    return go_on(request, done, found, said=said, undo=undo)


def _refused(composer: Composer, fault: Exception) -> None:
    """Says what stands in the way; what was typed stays in the composer."""
    if isinstance(fault, StaleDraft):
        composer.meets(fault.draft, fault.files)
    else:
        composer.refuse(*why_not(fault))


def _forward(request: StaffRequest, found: Ticket, agent: Agent, composer: Composer) -> HttpResponseBase:
    """What goes to somebody outside the ticket begins a side thread; its draft is spent with it."""
    draft = check_forward(composer, found, request.principal)
    message = forwarded(composer, found, request.principal)
    if composer.errors:
        return answer(request, found.number, answers.COMPOSER, draft=composer, status=composer.status)
    copies, begun = copies_of(message, agent) if message and composer.with_files else [], None
    try:
        with transaction.atomic():
            if first_time(composer, request.principal):
                _spend(found, agent, composer)
                begun = forward(
                    found, draft, principal=request.principal, agent=agent, copies=copies, composer=composer
                )
    except (WrongCircle, StaleDraft, StaleTicket) as fault:
        _refused(composer, fault)
    finally:
        if begun is None:  # no row leads to them
            for copy in copies:
                files.remove(copy.storage_key)
    if composer.errors or composer.elsewhere:
        return answer(request, found.number, answers.COMPOSER, draft=composer, status=composer.status)
    _keep_other(found, agent, composer)
    said = _("The message is on its way. The customer sees nothing of it.")
    parts = (answers.COMPOSER, answers.HEAD, answers.TIMELINE, answers.CONTEXT)
    return answer(request, found.number, *parts, sent="forward", said=said)


def _keep_drafts(request: StaffRequest, found: Ticket, agent: Agent, composer: Composer) -> HttpResponseBase:
    """Nothing is sent: both tabs are kept, for a browser that does not do that by itself."""
    for kind in KINDS:
        try:
            keep(found, agent=agent, composer=composer, kind=kind)
        except StaleDraft as stale:
            composer.meets(stale.draft, stale.files)
        except ValueError:
            composer.refuse(too_long())
    if composer.errors or composer.elsewhere:
        return answer(request, found.number, answers.COMPOSER, draft=composer, status=composer.status)
    return answer(request, found.number, answers.COMPOSER, said=_("The draft is kept."))


def _content(composer: Composer) -> Content:
    """The texts of the message; a reply's formatting is cleaned like any stranger's. What cannot be cleaned, or says
    something else than the text (changed without a script), leaves plain. Before the transaction: it takes its time.
    Raises BoxBusy."""
    if composer.kind == "note":
        return Content(composer.text)
    files = _files(composer)
    if not composer.html:
        return with_pictures(composer.text, files)
    cleaned = sanitise_in_box(composer.html)
    if not cleaned["html"] or _letters(_words_of(cleaned["html"])) != _letters(composer.text):
        return with_pictures(composer.text, files)
    return formatted(composer.text, files, source=composer.html, html=cleaned["html"], version=cleaned["version"])


def _words_of(html: str) -> str:
    body = LexborHTMLParser(html).body
    return body.text() if body else ""


def _letters(text: str) -> str:
    """What two versions of a text have in common when they say the same."""
    return re.sub(r"[\W_]+", "", text)


def _files(composer: Composer) -> list[Attachment]:
    return [file for file in composer.uploads if composer.kind_of(file) == composer.kind]


def _spend(found: Ticket, agent: Agent, composer: Composer) -> None:
    spend_draft(
        found, agent=composer.owner(composer.kind, agent), kind=composer.kind, text=composer.text,
        version=composer.versions[composer.kind], writer=composer.once, sent=_files(composer),
        known=composer.shown,
    )  # fmt: skip


def _keep_other(found: Ticket, agent: Agent, composer: Composer) -> None:
    """What stands in the other tab stays there; one that was written elsewhere meanwhile stays as it is."""
    for kind in KINDS:
        if kind != composer.kind:
            with suppress(StaleDraft, ValueError):
                keep(found, agent=agent, composer=composer, kind=kind)


def _leave(
    request: StaffRequest, found: Ticket, agent: Agent, composer: Composer, content: Content,
    recipients: list[dict[str, str]],
) -> Message:  # fmt: skip
    by, files = request.principal.actor, _files(composer)
    staged = Staged(composer.staged, request.principal)
    staged.check()
    chosen, then, operation = fields_after(composer), composer.then, staged.operation()
    if composer.kind == "note":
        fields = staged.everything(found, {}, then="note")
        message = add_note(found, by=by, agent=agent, content=content, files=files, set=fields, operation=operation)
        staged.put(found, operation)
        staged.count(message)
        return message
    for address in new_copies(composer):
        contact = find_or_create_contact(mail=address, by=by)
        add_participant(found, by=by, contact=contact)
        if fold_mail(address) not in {fold_mail(r["address"]) for r in recipients}:
            recipients = [*recipients, {"role": "cc", "name": contact.name, "address": fold_mail(address)}]
    at, wait = composer.later.at, undo_seconds()
    if at or wait:
        message = plan_reply(
            found, by=by, agent=agent, content=content, files=files, set=staged.at_once(found, chosen, then=then),
            recipients=recipients, leaves_at=at or clock.now() + timedelta(seconds=wait), is_later=at is not None,
            unless_answered=at is not None and composer.later.unless_answered, operation=operation,
            staged=composer.staged,
        )  # fmt: skip
    else:
        message = add_reply(
            found, by=by, agent=agent, content=content, files=files, operation=operation, recipients=recipients,
            set=staged.everything(found, chosen, then=then),
        )  # fmt: skip
        staged.put(found, operation)
    staged.count(message)
    return message

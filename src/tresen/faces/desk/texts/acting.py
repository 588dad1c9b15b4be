"""Staged changes applied without a message; and, for a browser without a script, a text put into the draft."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.drafts import StaleDraft, TooMuchUnsent, Writing, joined, keep_file, save_draft
from tresen.core.tickets.models import Draft, Ticket
from tresen.core.tickets.operations import start
from tresen.core.tickets.rows import StaleTicket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.after.going_on import go_on, list_behind
from tresen.faces.desk.texts.sending import Staged
from tresen.faces.desk.texts.staging import staged_changes
from tresen.faces.desk.texts.views import MODELS, find_for_text, lines_for, rows_of
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.drafting import keep
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.faces.desk.ticket.refusing import why_not
from tresen.faces.desk.ticket.uploads import kept_file_gone
from tresen.faces.desk.ticket.writing import KINDS, Composer, first_time, read_composer, too_long
from tresen.kit import files, notices
from tresen.service.texts.applying import apply_staged
from tresen.service.texts.filling import text_on
from tresen.service.texts.keeping import KeptFileGone, copies_of
from tresen.service.texts.models import KeptText
from tresen.spine.events.models import Event


@staff_page
@require_POST
def apply(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/apply/`: what is staged happens now, without a message; what is typed stays."""
    found = find_ticket(request.principal, number)
    composer = read_composer(request, request.principal)
    staged = Staged(composer.staged, request.principal)
    if not staged.changes:
        return answer(request, number, answers.COMPOSER, draft=composer, said=_("There is nothing to change."))
    agent = request.principal.agent
    operation = staged.operation() or (start("change", agent=agent) if agent else None)
    try:
        staged.check()
        if first_time(composer, request.principal):
            apply_staged(
                found, changes=staged.changes, principal=request.principal, macros=staged.sources[1],
                operation=operation,
            )  # fmt: skip
    except (WrongValue, StaleTicket) as fault:
        composer.refuse(*why_not(fault))
        return answer(request, number, answers.COMPOSER, draft=composer, status=composer.status)
    changed = ", ".join(one.label for one in staged_changes(composer.staged, request.principal) if not one.hidden)
    composer.staged = []
    _keep_all(request, found, composer)
    said = _("Changed: %(changes)s.") % {"changes": changed}
    parts = (answers.HEAD, answers.TAIL, answers.COMPOSER, answers.CONTEXT)
    return go_on(request, answer(request, number, *parts, said=said, operation=operation), found)


def _keep_all(request: StaffRequest, found: Ticket, composer: Composer) -> None:
    agent = request.principal.agent
    if agent is None:
        return
    for kind in KINDS:
        with suppress(StaleDraft, ValueError):
            keep(found, agent=agent, composer=composer, kind=kind)


def to_texts(request: StaffRequest, found: Ticket, composer: Composer) -> HttpResponse:
    """Without a script: what is typed is kept, and the list that the button names is shown as a page."""
    _keep_all(request, found, composer)
    source = list_behind(request)
    address = reverse("desk:ticket-texts", args=[found.number, composer.then])
    asked = "&".join(part for part in (source.parameter if source else "", urlencode({"tab": composer.kind})) if part)
    return HttpResponseRedirect(f"{address}?{asked}")


@staff_page
@require_POST
def insert(request: StaffRequest, number: str, kind: str, pk: int) -> HttpResponseBase:
    """`/desk/tickets/<number>/texts/<kind>/<key>/insert/`: puts a text below what stands in the draft of the tab, its
    changes beside it, and leads back to the ticket."""
    ticket, agent = find_for_text(request.principal, number), request.principal.agent
    require(request.principal, "ticket.draft", ticket)
    kept = rows_of(kind, request.principal).filter(pk=pk).first() if kind in MODELS else None
    if kept is None or agent is None:
        raise Http404
    text, _language = text_on(kept, ticket, request.principal.agent, request.POST.get("language", ""))
    lines, _gone = lines_for(kept, request.principal)
    typed = request.POST.get("tab", "")
    tab = str(getattr(kept, "kind", "")) if text and hasattr(kept, "kind") else typed if typed in KINDS else "reply"
    put_in_draft(request, ticket, tab=tab, text=text, lines=lines)
    try:
        _put_files(kept, ticket, agent, tab)
    except KeptFileGone as gone:
        notices.tell(request, kept_file_gone(str(gone)), "bad")
    source = list_behind(request)
    asked = f"?{source.parameter}" if source else ""
    return HttpResponseRedirect(f"{reverse('desk:ticket', args=[ticket.number])}{asked}#composer")


def put_in_draft(request: StaffRequest, ticket: Ticket, *, tab: str, text: str, lines: Sequence[str] = ()) -> None:
    """Puts a text below what stands in this agent's draft of a tab, and lines of what is to change beside it."""
    agent = request.principal.agent
    if agent is None:
        return
    row = Draft.objects.visible_to(request.principal).filter(ticket=ticket, kind=tab, agent=agent).first()
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("-pk")
    last = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    writing = Writing(
        text=joined([row.text if row else "", text]), version=row.version if row else 0,
        details={**(row.details if row else {}), "staged": [*(row.detail("staged", []) if row else []), *lines]},
        seen_message=row.seen_message if row and row.text else last,
        seen_event=row.seen_event if row and row.text else events.values_list("pk", flat=True).first() or 0,
    )  # fmt: skip
    try:
        with suppress(StaleDraft):  # somebody goes on writing elsewhere at this moment: his text stands
            save_draft(ticket, agent=agent, kind=tab, writing=writing)
    except ValueError:
        notices.tell(request, too_long(), "bad")


def _put_files(kept: KeptText, ticket: Ticket, agent: Agent, tab: str) -> None:
    """The files of the text go along; what there is no room for is left out, as with files that are chosen by hand."""
    for copy in copies_of(kept, agent):
        try:
            keep_file(ticket, agent=agent, kind=tab, file=copy)
        except TooMuchUnsent:
            files.remove(copy.storage_key)

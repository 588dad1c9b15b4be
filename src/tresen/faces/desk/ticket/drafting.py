"""Keeping what is being written: called by the page as one types, on a change of the window, on leaving.

The answers are JSON for <reply-composer>; what a person reads in them is rendered here, in his language.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tresen.core.people.models import Agent
from tresen.core.people.permissions import can, require
from tresen.core.tickets.draft_models import DraftKind, DraftQuerySet
from tresen.core.tickets.drafts import (
    DraftSent,
    StaleDraft,
    TooMuchUnsent,
    discard_draft,
    keep_file,
    remove_file,
    save_draft,
)
from tresen.core.tickets.models import Attachment, Draft, Ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket.news import what_is_new
from tresen.faces.desk.ticket.reading import find_target
from tresen.faces.desk.ticket.uploads import kept_file_gone, store_upload, too_large, too_many
from tresen.faces.desk.ticket.writing import KINDS, Composer, lent_draft, number_in, read_composer, too_long
from tresen.kit import clock, files
from tresen.kit.files import FileTooLarge
from tresen.kit.times import when
from tresen.service.texts.applying import sources_in
from tresen.service.texts.keeping import KeptFileGone, copies_of


def keep(ticket: Ticket, *, agent: Agent, composer: Composer, kind: str) -> None:
    """Keeps one tab of the composer, unless it is empty and was never kept. Raises StaleDraft, and ValueError for a
    text that is too long."""
    writing = composer.writing(kind)
    if writing.text or writing.version:
        save_draft(ticket, agent=composer.owner(kind, agent), kind=kind, writing=writing, by=agent)


@staff_page
@require_POST
def draft(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/draft/`: keeps the tab `keep`, or throws it away (`discard`). 409 with the other text
    when it was written elsewhere meanwhile."""
    found, agent = _ticket(request, number)
    kind = request.POST.get("keep", "")
    if kind not in KINDS:
        raise Http404
    composer = read_composer(request, request.principal)
    if composer.errors:
        return JsonResponse({"said": composer.errors[0]}, status=422)
    try:
        if "discard" in request.POST:
            mine = _mine(request, found).filter(kind=kind).first() if not composer.lent else None
            gone = discard_draft(mine, writing=composer.writing(kind), known=composer.shown) if mine else None
            return JsonResponse({"version": gone.version if gone else 0, "said": _("The draft is thrown away.")})
        owner = composer.owner(kind, agent)
        kept = save_draft(found, agent=owner, kind=kind, writing=composer.writing(kind), by=agent)
    except StaleDraft as stale:
        composer.meets(stale.draft, stale.files)
        banner = render_to_string("desk/ticket/elsewhere.html", {"draft": composer}, request)
        chips = [render_to_string("desk/ticket/upload.html", {"file": file}, request) for file in stale.files]
        facts = {"version": stale.draft.version, "text": stale.draft.text, "html": banner, "files": "".join(chips)}
        return JsonResponse(facts, status=409)
    except ValueError:
        return JsonResponse({"said": too_long()}, status=422)
    return JsonResponse(_saved(kept))


@staff_page
@require_GET
def kept(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/drafts/`: how they stand and what is new on the ticket, for a page that comes to the
    front again or hears that something has happened."""
    found, agent = _ticket(request, number)
    rows = {row.kind: row for row in _mine(request, found)}
    if lent := lent_draft(request.principal, request.GET.get("draft", "")):
        rows[lent.kind] = lent
    kept = {kind: {"text": row.text, **_saved(row)} for kind, row in rows.items()}
    return JsonResponse({"drafts": kept, "news": _news(request, found, agent)})


def _news(request: StaffRequest, ticket: Ticket, agent: Agent) -> str:
    """What others have said and changed since `seen` and `seen_event`, as the composer shows it while one writes."""
    composer = Composer(seen=number_in(request.GET, "seen"), seen_event=number_in(request.GET, "seen_event"))
    if not composer.seen:
        return ""
    news = what_is_new(ticket, agent=agent, seen_message=composer.seen, seen_event=composer.seen_event)
    if news is None:
        return ""
    composer.knows(news)
    return render_to_string("desk/ticket/news.html", {"draft": composer}, request)


@staff_page
@require_POST
def upload(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/draft/files/`: one file (`files`) for the draft of the tab `kind`, or copies of a text
    that is kept (`kept`: `macro=7`)."""
    found, agent = _ticket(request, number)
    kind = request.POST.get("kind", "")
    file = request.FILES.get("files")
    replies, macros = sources_in([request.POST.get("kept", "")], request.principal)
    if kind not in KINDS or not (isinstance(file, UploadedFile) or replies or macros):
        raise Http404
    try:
        rows = [store_upload(file, agent=agent)] if isinstance(file, UploadedFile) else [
            copy for kept in (*replies, *macros) for copy in copies_of(kept, agent)
        ]  # fmt: skip
    except FileTooLarge:
        assert isinstance(file, UploadedFile)
        return JsonResponse({"said": too_large(file)}, status=413)
    except KeptFileGone as gone:
        return JsonResponse({"said": kept_file_gone(str(gone))}, status=410)
    lent = lent_draft(request.principal, request.POST.get("draft", ""))
    owner = lent.agent if lent and lent.kind == kind and lent.ticket_id == found.pk else agent
    chips: list[str] = []
    facts: dict[str, Any] = {}
    for at, row in enumerate(rows):
        try:
            draft = keep_file(found, agent=owner, kind=kind, file=row, by=agent, writer=request.POST.get("once", ""))
        except (TooMuchUnsent, DraftSent) as fault:
            for left in rows[at:]:
                files.remove(left.storage_key)
            if isinstance(fault, DraftSent):
                return HttpResponse(status=409)
            return JsonResponse({**facts, "html": "".join(chips), "said": too_many()}, status=413)
        chips.append(render_to_string("desk/ticket/upload.html", {"file": row}, request))
        facts = _saved(draft)
    return JsonResponse({"html": "".join(chips), **facts})


@staff_page
@require_POST
def remove_upload(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """`/desk/uploads/<key>/remove/`: takes a file out of the draft; one that has been sent is no upload any more."""
    waiting = Attachment.objects.visible_to(request.principal).filter(message=None).select_related("draft__ticket")
    found = waiting.filter(pk=pk).first()
    draft = found.draft if found else None
    if found is None or (draft and draft.agent != request.principal.agent
                         and not can(request.principal, "draft.review", draft)):  # fmt: skip
        raise Http404
    remove_file(found)
    return HttpResponse(status=204)


def _ticket(request: StaffRequest, number: str) -> tuple[Ticket, Agent]:
    """The ticket; where it was merged while one writes, the one to which its draft went."""
    found = find_target(request.principal, number)
    require(request.principal, "ticket.draft", found)
    if request.principal.agent is None:
        raise Http404
    return found, request.principal.agent


def _mine(request: StaffRequest, ticket: Ticket) -> DraftQuerySet:
    own = Draft.objects.visible_to(request.principal).filter(ticket=ticket, agent=request.principal.agent)
    return own.exclude(kind=DraftKind.SIDE)


def _saved(draft: Draft) -> dict[str, Any]:
    said = _("Saved %(time)s") % {"time": when(draft.updated_at, clock.now())}
    return {"version": draft.version, "said": said}

"""Saved replies and macros on a ticket: which there are, and one of them as it goes into the composer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tresen.core.people.models import LANGUAGES
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.staged import lines_of, meaning_of
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.answers.choosing import article_choices
from tresen.faces.desk.texts.staging import StagedChange, gone_labels, staged_changes
from tresen.kit.pages import page_or_fragment
from tresen.service.texts.applying import source_line
from tresen.service.texts.filling import filled, language_of, text_on, values_for
from tresen.service.texts.keeping import files_of
from tresen.service.texts.models import KeptText, Macro, SavedReply
from tresen.service.texts.searching import fold, matching

MODELS: dict[str, type[KeptText]] = {"replies": SavedReply, "macros": Macro}
MOST = 200
SNIPPET = 120


@dataclass(frozen=True)
class Choice:
    """One text as it is offered: its beginning with the names filled in, and the language it will come in."""

    kept: Any
    language: str
    start: str
    words: str
    changes: list[StagedChange]

    @property
    def language_name(self) -> str:
        """By its own name."""
        return dict(LANGUAGES).get(self.language, "")


@staff_page
@require_safe
def texts(request: StaffRequest, number: str, kind: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/texts/<replies|macros>/`: what can be chosen; `language` first, `find` narrows."""
    ticket, principal = find_for_text(request.principal, number), request.principal
    language = language_of(request.GET.get("language", ""), ticket)
    rows = list(rows_of(kind, principal).most_used_first())
    shown = matching(rows, request.GET.get("find", "").replace("\0", "")[:80])
    context = {
        "ticket": ticket, "kind": kind, "language": language, "languages": LANGUAGES, "more": len(shown) > MOST,
        "choices": _choices(shown[:MOST], ticket, principal, language), "query": request.GET.get("find", "")[:80],
        "tab": request.GET.get("tab", "")[:8], "articles": _articles(request, kind, ticket, language),
    }  # fmt: skip
    return page_or_fragment(request, "desk/texts/page.html", "desk/texts/options.html", context)


def _articles(request: StaffRequest, kind: str, ticket: Ticket, language: str) -> list[dict[str, Any]]:
    """What is offered beside saved replies: what was searched for, else what may answer the ticket."""
    find = request.GET.get("find", "").replace("\0", "")[:80]
    return article_choices(ticket, request.principal, language, find) if kind == "replies" else []


@staff_page
@require_safe
def text(request: StaffRequest, number: str, kind: str, pk: int) -> HttpResponseBase:
    """`/desk/tickets/<number>/texts/<kind>/<key>/`: one of them, for the composer: text, tab, changes."""
    ticket = find_for_text(request.principal, number)
    require(request.principal, "ticket.draft", ticket)
    kept = rows_of(kind, request.principal).filter(pk=pk).first()
    if kept is None:
        raise Http404
    written, language = text_on(kept, ticket, request.principal.agent, request.GET.get("language", ""))
    lines, gone = lines_for(kept, request.principal)
    chips = {"staged": staged_changes(lines, request.principal)}
    return JsonResponse({
        "text": written, "language": language, "kind": getattr(kept, "kind", "") if written else "",
        "chips": render_to_string("desk/texts/chips.html", chips, request), "said": _said(kept, chips["staged"], gone),
        "files": source_line(kept) if files_of(kept) else "",
    })  # fmt: skip


def rows_of(kind: str, principal: Principal) -> Any:
    """The saved replies or macros that this agent may use. Raises Http404 for another kind."""
    if kind not in MODELS:
        raise Http404
    return MODELS[kind].objects.visible_to(principal).active()  # type: ignore[attr-defined]


def find_for_text(principal: Principal, number: str) -> Ticket:
    """The ticket with what names stand for. Raises Http404."""
    tickets = Ticket.objects.visible_to(principal).select_related("brand", "requester", "organisation", "team")
    found = tickets.filter(number=read_number(number)).first()
    if found is None:
        raise Http404
    return found


def lines_for(kept: Any, principal: Principal) -> tuple[list[str], list[str]]:
    """What goes along with the text: a line for each change and one for its count; and the fields that cannot."""
    meaning = meaning_of(getattr(kept, "changes", {}), principal)
    changes = {name: value for name, value in getattr(kept, "changes", {}).items() if name not in meaning.gone}
    return [*lines_of(changes), source_line(kept)], gone_labels(meaning.gone)


def _choices(rows: list[Any], ticket: Ticket, principal: Principal, language: str) -> list[Choice]:
    values = values_for(ticket, principal.agent) if principal.agent else {}
    listed = []
    for kept in rows:
        code = kept.language_for(language, ticket.brand.language)
        start = " ".join(filled(kept.texts.get(code, "")[: SNIPPET * 3], values).split())
        words = fold(" ".join([getattr(kept, "shortcut", ""), kept.name, kept.folder, start]))
        changes = staged_changes(lines_of(getattr(kept, "changes", {})), principal)
        listed.append(Choice(kept, code, start[:SNIPPET], words, changes))
    return listed


def _said(kept: KeptText, staged: list[StagedChange], gone: list[str]) -> str:
    """What a screen reader hears once it stands in the composer."""
    parts = [_("“%(name)s” is put in.") % {"name": kept.name}]
    if shown := [change.label for change in staged if not change.hidden]:
        parts.append(_("Will change when sent: %(changes)s.") % {"changes": ", ".join(shown)})
    if gone:
        parts.append(_("No longer possible: %(fields)s.") % {"fields": ", ".join(gone)})
    return " ".join(parts)

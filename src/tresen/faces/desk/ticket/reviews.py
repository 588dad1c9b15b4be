"""Asking a colleague to look at a draft, saying something about it, giving it back."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.models import Agent, Team
from tresen.core.people.permissions import require
from tresen.core.tickets import reviews
from tresen.core.tickets.models import Draft
from tresen.core.tickets.reviews import CannotReview
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.faces.desk.ticket.reviewing import reviewers
from tresen.faces.desk.ticket.writing import KINDS, clean_text
from tresen.kit.pages import page_or_fragment, wants_fragment

CHANGED = (answers.TAIL, answers.SHARED)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/draft/review/`: whom to ask and what; `kind` says which draft."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.draft", found)
    asked = request.POST if request.method == "POST" else request.GET
    kind, agent = asked.get("kind", "reply"), request.principal.agent
    if kind not in KINDS or agent is None:
        raise Http404
    mine = Draft.objects.visible_to(request.principal).filter(ticket=found, agent=agent, kind=kind)
    draft, problem = mine.select_related("ticket").first(), ""
    if request.method == "POST":
        try:
            _ask(request, draft)
            return answer(request, number, *CHANGED, said=_("The draft is shown to those you asked."))
        except CannotReview as wrong:
            problem = (
                _("Write something first.") if wrong.why == "empty" else _("Choose somebody who sees this ticket.")
            )
    context = {
        "ticket": found, "kind": kind, "choices": reviewers(found, agent), "problem": problem,
        "question": asked.get("question", "")[:2000], "chosen": asked.get("whom", ""),
    }  # fmt: skip
    if problem:
        page = "desk/ticket/review_form.html" if wants_fragment(request) else "desk/ticket/review_page.html"
        return render(request, page, context, status=422)
    return page_or_fragment(request, "desk/ticket/review_page.html", "desk/ticket/review_form.html", context)


def _ask(request: StaffRequest, draft: Draft | None) -> None:
    if draft is None:
        raise CannotReview("empty")
    what, _colon, key = request.POST.get("whom", "").partition(":")
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        raise CannotReview("whom")
    agent = (
        Agent.objects.visible_to(request.principal).active().filter(pk=int(key)).first() if what == "agent" else None
    )
    teams = Team.objects.visible_to(request.principal).active().filter(pk=int(key), tickets=draft.ticket_id)
    reviews.ask_review(
        draft, by=request.principal.actor, agent=agent, team=teams.first() if what == "team" else None,
        question=clean_text(request.POST.get("question", "")),
    )  # fmt: skip


def _shared(request: StaffRequest, pk: int) -> Draft:
    """A shared draft that the agent sees and may work on. Raises Http404."""
    found = Draft.objects.visible_to(request.principal).shared().select_related("ticket").filter(pk=pk).first()
    if found is None:
        raise Http404
    require(request.principal, "draft.review", found)
    return found


@staff_page
@require_POST
def comment(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Says something about the draft, for colleagues only."""
    draft, agent = _shared(request, pk), request.principal.agent
    text, status = clean_text(request.POST.get("text", "")), 200
    try:
        if agent:
            reviews.comment_on(draft, by=request.principal.actor, agent=agent, text=text)
    except CannotReview:
        status = 422
    return answer(request, draft.ticket.number, *CHANGED, status=status)


@staff_page
@require_POST
def give_back(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The review is over: the draft is its writer's alone again. He himself takes it back so."""
    draft, agent = _shared(request, pk), request.principal.agent
    if agent:
        text = clean_text(request.POST.get("text", ""))
        reviews.give_back(draft, by=request.principal.actor, agent=agent, text=text)
    if draft.agent == agent:
        return answer(request, draft.ticket.number, *CHANGED, said=_("The draft is yours alone again."))
    return answer(request, draft.ticket.number, answers.COMPOSER, *CHANGED, said=_("The draft is given back."))

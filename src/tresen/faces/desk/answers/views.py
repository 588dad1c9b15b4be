"""Articles on a ticket: those that may answer it, into the answer as a link or as text, or linked with the ticket."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.knowledge.models import Article, UseKind
from tresen.core.knowledge.services import WrongArticle
from tresen.core.people.permissions import can, require
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.after.going_on import list_behind
from tresen.faces.desk.answers.choosing import offer_of, offered
from tresen.faces.desk.texts.acting import put_in_draft
from tresen.faces.desk.texts.views import find_for_text
from tresen.kit import notices
from tresen.kit.pages import page_or_fragment
from tresen.service.answers.addresses import url_of
from tresen.service.answers.drafting import draft_from
from tresen.service.answers.uses import link_article, unlink_article, uses_on, words_for_answer

ACTS = ("link", "text", "keep", "drop", "draft")


@dataclass(frozen=True)
class Used:
    """An article that is on the ticket already."""

    article: Article
    title: str
    url: str
    kind: str
    word: str


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_articles(request: StaffRequest, number: str) -> HttpResponseBase:
    """`find` searches; `text` is the key of an article that is wanted for the composer, as JSON. POST `act`: `link` or
    `text` put the article into the draft of the answer, `keep` links it with the ticket, `drop` unlinks it;
    `draft` makes an article of a solved ticket."""
    ticket = find_for_text(request.principal, number)
    if request.method == "POST":
        return _act(request, ticket)
    if key := request.GET.get("text", ""):
        require(request.principal, "ticket.draft", ticket)
        offer = offer_of(key, ticket, request.principal)
        said = _("“%(name)s” is put in.") % {"name": offer.title}
        words = offer.link if request.GET.get("as") == "link" else words_for_answer(offer)
        return JsonResponse({"text": words, "kind": "", "chips": "", "said": said, "files": ""})
    find = request.GET.get("find", "").replace("\0", "")[:80]
    offers = offered(find, ticket, request.principal)
    may_draft = can(request.principal, "article.write") and ticket.status_category in FINISHED
    context = {"may_draft": may_draft, "ticket": ticket, "offers": offers, "used": _used(ticket), "find": find}
    return page_or_fragment(request, "desk/answers/page.html", "desk/answers/offers.html", context)


def _act(request: StaffRequest, ticket: Ticket) -> HttpResponseBase:
    act, agent = request.POST.get("act", ""), request.principal.agent
    if act not in ACTS or agent is None:
        raise Http404
    if act in ("link", "text"):
        require(request.principal, "ticket.draft", ticket)
        offer = offer_of(request.POST.get("article", ""), ticket, request.principal)
        put_in_draft(request, ticket, tab="reply", text=offer.link if act == "link" else words_for_answer(offer))
        source = list_behind(request)
        asked = f"?{source.parameter}" if source else ""
        return HttpResponseRedirect(f"{reverse('desk:ticket', args=[ticket.number])}{asked}#composer")
    if act == "draft":
        return _draft(request, ticket)
    require(request.principal, "ticket.change", ticket)
    if act == "keep":
        offer = offer_of(request.POST.get("article", ""), ticket, request.principal)
        link_article(ticket, offer.article, agent=agent, by=request.principal.actor)
        notices.tell(request, _("Linked: “%(name)s”.") % {"name": offer.title})
    elif (key := request.POST.get("article", "")).isdecimal() and len(key) < 18:
        article = Article.objects.visible_to(request.principal).filter(pk=key).first()
        if article:
            unlink_article(ticket, article, by=request.principal.actor)
    return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.number]))


def _draft(request: StaffRequest, ticket: Ticket) -> HttpResponseBase:
    """An article of question and answer, with what may be a person's marked; then its editor."""
    require(request.principal, "article.write")
    try:
        made = draft_from(ticket, agent=request.principal.agent, by=request.principal.actor)
    except WrongArticle:
        notices.tell(request, _("There is no collection yet that an article could stand in."), "bad")
        return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.number]))
    notices.tell(
        request, _("A draft of this ticket. What may be personal is marked: take each mark out before others read it.")
    )
    return HttpResponseRedirect(reverse("desk:article-edit", args=[made.pk, made.language]))


def _used(ticket: Ticket) -> list[Used]:
    found = []
    for use in uses_on(ticket):
        texts = [text for text in use.article.texts.all() if text.published]
        texts.sort(key=lambda text: (text.language != ticket.language, text.language != use.article.language))
        if texts and texts[0].published:
            title, url = texts[0].published.title, url_of(texts[0], ticket.brand)
            found.append(Used(use.article, title, url, use.kind, str(UseKind(use.kind).label)))
    return found

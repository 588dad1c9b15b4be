"""What readers do with an article: that it was read, whether it helped, and why.

The pages come from caches and carry no token; so their forms are known by where they were sent from. None of it is
worth more to a stranger than a wrong number.
"""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.knowledge.measuring import MOST_WORDS, count_read, count_vote, leave_words
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.knowledge.addresses import ask_url
from tresen.faces.portal.knowledge.article import Page, page_for
from tresen.faces.portal.knowledge.keeping import in_language
from tresen.faces.portal.knowledge.shelf import reader_of
from tresen.faces.portal.limits import count_article_read, count_opinion, is_first_time
from tresen.faces.portal.surroundings import portal_context
from tresen.kit.crypto import new_token
from tresen.kit.pages import page_or_fragment
from tresen.kit.requests import is_from_own_page, place_of
from tresen.service.answers.misses import note_opened
from tresen.spine.events.actors import Actor

PORTAL = Actor.system("portal")
# A mark of the vote that was counted, so that words belong to it once.
_VOTES = TimestampSigner(salt="tresen.portal.vote")
_VOTED = Signer(salt="tresen.portal.voted")
DAY, YEAR = 24 * 3600, 365 * 24 * 3600
COOKIE = "tresen-voted"
MOST_KEPT = 60
# Programs that run scripts but are no readers.
PROGRAM = re.compile(r"bot|crawl|spider|slurp|preview|lighthouse", re.IGNORECASE)


class WordsForm(forms.Form):
    """Why it helped or did not."""

    vote = forms.CharField(max_length=300, widget=forms.HiddenInput)
    words = forms.CharField(
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        label=_("A word why"),
    )


@csrf_exempt  # see the head of the file
@require_POST
@in_language
def vote(request: HttpRequest, brand: Brand, article_id: int, *, language: str) -> HttpResponse:
    """Counts a click once a browser and article; then it is asked why."""
    page = _page(request, brand, article_id, language)
    is_helpful = request.POST.get("helpful") == "yes"
    said = _voted(request)
    if article_id in said or principal_of(request).is_staff:
        return HttpResponseRedirect(_thanks(page, "again"))
    if not count_opinion(article_id, place_of(request)):
        return HttpResponseRedirect(_thanks(page, "much"))
    count_vote(page.article, page.text.language, is_helpful=is_helpful)
    mark = _VOTES.sign(f"{article_id}.{page.text.language}.{int(is_helpful)}.{new_token()}")
    response = HttpResponseRedirect(f"{_thanks(page)}?vote={mark}")
    kept = _VOTED.sign(".".join(map(str, [article_id, *said][:MOST_KEPT])))
    response.set_cookie(
        COOKIE, kept, max_age=YEAR, path="/help/", httponly=True, samesite="Lax", secure=settings.HTTPS
    )  # fmt: skip
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def thanks(request: HttpRequest, brand: Brand, article_id: int, *, language: str) -> HttpResponse:
    """Thanks for the vote; room for a word why, which is kept once."""
    page = _page(request, brand, article_id, language)
    given = request.POST if request.method == "POST" else request.GET
    mark = given.get("vote", "")
    found = _read_mark(mark, article_id)
    form = WordsForm(request.POST if request.method == "POST" else None, initial={"vote": mark})
    if request.method == "POST" and found and form.is_valid():
        _keep(request, page, *found, words=form.cleaned_data["words"])
        return HttpResponseRedirect(_thanks(page, "said"))
    context = {
        **portal_context(request, brand, active="help"), "page": page, "form": form if found else None,
        "is_helpful": bool(found and found[1]), "state": given.get("state", ""), "ask_url": ask_url(article_id),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return page_or_fragment(
        request, "portal/knowledge/thanks.html", "portal/knowledge/thanks_part.html", context, status=status
    )  # fmt: skip


@csrf_exempt
@require_POST
@in_language
def read(request: HttpRequest, brand: Brand, article_id: int, *, language: str) -> HttpResponse:
    """Counts a reader, told by the script of the page. `q`: what he had searched for when he found it."""
    page = _page(request, brand, article_id, language)
    is_reader = not principal_of(request).is_staff and not PROGRAM.search(request.headers.get("User-Agent", ""))
    if is_reader and count_article_read(place_of(request)):
        count_read(page.article, page.text.language)
        if words := request.POST.get("q", "")[:200]:
            note_opened(words, brand=brand, language=language)
    return HttpResponse(status=204)


def _page(request: HttpRequest, brand: Brand, article_id: int, language: str) -> Page:
    if request.method == "POST" and not is_from_own_page(request):
        raise PermissionDenied
    page = page_for(reader_of(request, brand, language), article_id)
    if page is None:
        raise Http404
    return page


def _thanks(page: Page, state: str = "") -> str:
    here = reverse("portal:help-thanks", args=[page.reader.language, page.article.pk])
    return f"{here}?state={state}" if state else here


def _voted(request: HttpRequest) -> list[int]:
    """The articles about which this browser has said something."""
    try:
        return [int(key) for key in _VOTED.unsign(request.COOKIES.get(COOKIE, "")).split(".")]
    except (BadSignature, ValueError):
        return []


def _read_mark(mark: str, article_id: int) -> tuple[str, bool, str] | None:
    """Language, vote and token of a mark of ours about this article."""
    try:
        key, language, helpful, token = _VOTES.unsign(mark, max_age=DAY).split(".")
    except (BadSignature, ValueError):
        return None
    return (language, helpful == "1", token) if key == str(article_id) else None


def _keep(request: HttpRequest, page: Page, language: str, is_helpful: bool, token: str, *, words: str) -> None:
    if not words.strip():
        return
    contact = principal_of(request).contact
    by = Actor.contact(contact) if contact else PORTAL
    with transaction.atomic():
        if is_first_time(token):
            leave_words(page.article, language, is_helpful=is_helpful, words=words, contact=contact, by=by)

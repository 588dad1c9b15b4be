"""The knowledge base as readers see it: its home, a collection, an article, a file of an article."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tresen.core.knowledge.article_files import is_out
from tresen.core.knowledge.models import Article, ArticleFile, Audience
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.entrance import front_brand
from tresen.faces.portal.knowledge.addresses import absolute, ask_url, collection_url, help_url
from tresen.faces.portal.knowledge.article import Other, page_for
from tresen.faces.portal.knowledge.keeping import SHARED, changed_at, is_shared, public_page
from tresen.faces.portal.knowledge.linked_data import linked_data
from tresen.faces.portal.knowledge.shelf import often_read, page_of, reader_of, shelves_of
from tresen.faces.portal.surroundings import portal_context
from tresen.kit import files
from tresen.kit.downloads import send_file


@require_safe
@public_page
def home(request: HttpRequest, brand: Brand, *, language: str) -> HttpResponse:
    """Collections, and what is read most."""
    reader = reader_of(request, brand, language)
    context = {
        **_around(request, brand), "shelves": shelves_of(reader).top, "often": often_read(reader),
        "canonical": absolute(brand, help_url(language)),
        "alternates": [Other(code, absolute(brand, help_url(code))) for code in brand.spoken],
    }  # fmt: skip
    return render(request, "portal/knowledge/home.html", context)


@require_safe
@public_page
def collection(request: HttpRequest, brand: Brand, slug: str, *, language: str) -> HttpResponse:
    """A collection: those in it, and its articles, page by page."""
    return _collection(request, brand, slug, language)


def _collection(request: HttpRequest, brand: Brand, slug: str, language: str) -> HttpResponse:
    reader = reader_of(request, brand, language)
    shelves = shelves_of(reader)
    shelf = shelves.by_slug.get(slug)
    if shelf is None:
        raise Http404
    after = request.GET.get("after", "")
    found, goes_on = page_of(reader, shelf.row, after=after)
    context = {
        **_around(request, brand), "shelf": shelf, "parent": shelves.parent_of(shelf), "articles": found,
        "older_url": f"{shelf.url}?after={goes_on}" if goes_on else "", "newer_url": shelf.url if after else "",
        "canonical": absolute(brand, shelf.url),
        "alternates": [Other(code, absolute(brand, collection_url(code, slug))) for code in brand.spoken],
    }  # fmt: skip
    return render(request, "portal/knowledge/collection.html", context)


@require_safe
@public_page
def article(request: HttpRequest, brand: Brand, article_id: int, slug: str, *, language: str) -> HttpResponse:
    """An article. Another title than its own in the address leads to the right one; a collection may begin with a
    number as well."""
    page = page_for(reader_of(request, brand, language), article_id)
    if page is None:
        return _collection(request, brand, f"{article_id}-{slug}", language)
    if slug != page.text.slug:
        return HttpResponsePermanentRedirect(page.url)
    context = {
        **_around(request, brand), "page": page, "canonical": page.canonical, "alternates": page.alternates,
        "ask_url": ask_url(article_id), "vote_url": reverse("portal:help-vote", args=[language, article_id]),
        "read_url": reverse("portal:help-read", args=[language, article_id]),
        "shelf_url": collection_url(language, page.article.collection.slug), "linked_data": linked_data(page),
        **page.beside(),
    }  # fmt: skip
    return changed_at(render(request, "portal/knowledge/article.html", context), page.text.published_at)


def _around(request: HttpRequest, brand: Brand) -> dict[str, Any]:
    return {**portal_context(request, brand, active="help"), "is_public": True}


@require_safe
def file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """A picture or file of an article, for whoever may read the article here; colleagues also see those of drafts."""
    principal, brand = principal_of(request), front_brand(request)
    rows = ArticleFile.objects.visible_to(principal).select_related("article").filter(pk=file_id)
    if not principal.is_staff and brand is not None:
        rows = rows.filter(article__in=Article.objects.visible_to(principal).for_brand(brand))
    found = rows.first()
    if found is None or not (principal.is_staff or is_out(found)):
        raise Http404
    try:
        stored = files.open_file(found.storage_key)
    except FileNotFoundError as fault:
        raise Http404 from fault
    response = send_file(request, stored, size=found.size, filename=found.name, content_type=found.content_type)
    is_for_all = found.article.audience == Audience.EVERYBODY and is_shared(request)
    response.headers["Cache-Control"] = SHARED if is_for_all else "private, no-store"
    return response

"""What programs read: sitemap, rules for crawlers, feed. All of it is what a guest of this host may read."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tresen.core.knowledge.models import ArticleText
from tresen.core.knowledge.querysets import ArticleQuerySet
from tresen.core.people.models import Brand
from tresen.core.people.principals import NOBODY
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.knowledge.addresses import absolute, article_url, help_url
from tresen.faces.portal.knowledge.keeping import changed_at, kept, public_page
from tresen.faces.portal.knowledge.shelf import Reader, shelves_of

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
# Of the 50,000 addresses that a sitemap may have, an article takes one a language.
ARTICLES_A_MAP = 5000
NEWEST = 30
# What is nobody's business but its owner's, or of no use in a search engine.
KEPT_OUT = ("/desk/", "/settings/", "/me/", "/api/", "/files/", "/requests/", "/t/", "/help/search", "/help/files/")


@require_safe
@kept
@at_the_desk
def robots(request: HttpRequest, brand: Brand) -> HttpResponse:
    """What crawlers may read (RFC 9309), and where the sitemap lies."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT)]
    lines += ["", f"Sitemap: {absolute(brand, reverse('portal:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@kept
@at_the_desk
def sitemap(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The index: a map of the shelves, and one for every so many articles."""
    keys = list(_articles(brand).values_list("pk", flat=True))
    root = ElementTree.Element("sitemapindex", xmlns=SITEMAP)
    starts = [0, *keys[ARTICLES_A_MAP - 1 : -1 : ARTICLES_A_MAP]]
    for path in (reverse("portal:sitemap-shelves"), *(reverse("portal:sitemap-part", args=[key]) for key in starts)):
        _add(_add(root, "sitemap"), "loc", absolute(brand, path))
    return _xml(root)


@require_safe
@kept
@at_the_desk
def sitemap_shelves(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The front page, and the homes and collections of the knowledge base in each language."""
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP})
    _add(_add(root, "url"), "loc", absolute(brand, reverse("portal:home")))
    for code in brand.spoken:
        shelves = shelves_of(Reader(NOBODY, brand, code))
        if shelves.by_slug:
            _add(_add(root, "url"), "loc", absolute(brand, help_url(code)))
        for shelf in shelves.by_slug.values():
            _add(_add(root, "url"), "loc", absolute(brand, shelf.url))
    return _xml(root)


@require_safe
@kept
@at_the_desk
def sitemap_part(request: HttpRequest, brand: Brand, after: int) -> HttpResponse:
    """The articles behind a number, each with its address in every language it is there in."""
    if after.bit_length() > 63:
        raise Http404
    keys = list(_articles(brand).filter(pk__gt=after).values_list("pk", flat=True)[:ARTICLES_A_MAP])
    columns = ("article_id", "language", "slug", "published_at")
    texts = ArticleText.objects.published().filter(article__in=_articles(brand).filter(pk__gt=after))
    texts = texts.filter(language__in=brand.spoken)
    by_article: dict[int, list[tuple[str, str, datetime | None]]] = {key: [] for key in keys}
    for key, language, slug, at in texts.order_by("article_id", "language").values_list(*columns):
        if key in by_article:
            by_article[key].append((language, absolute(brand, article_url(language, key, slug)), at))
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for there in by_article.values():
        for _language, address, at in there:
            url = _add(root, "url")
            _add(url, "loc", address)
            if at is not None:
                _add(url, "lastmod", at.isoformat(timespec="seconds"))
            for other, elsewhere, _at in there if len(there) > 1 else ():
                _add(url, "xhtml:link", rel="alternate", hreflang=other, href=elsewhere)
    return _xml(root)


@require_safe
@public_page
def feed(request: HttpRequest, brand: Brand, *, language: str) -> HttpResponse:
    """The newest articles in a language (Atom, RFC 4287)."""
    rows = ArticleText.objects.published().filter(language=language, article__in=_articles(brand))
    newest = list(rows.select_related("published").defer("published__source", "published__html")
                  .order_by("-published_at", "-pk")[:NEWEST])  # fmt: skip
    here = absolute(brand, reverse("portal:help-feed-in", args=[language]))
    last = next((text.published_at for text in newest if text.published_at), None)
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(root, "id", here)
    _add(root, "title", _("Help from %(brand)s") % {"brand": brand.name})
    _add(root, "updated", last.isoformat() if last else "1970-01-01T00:00:00+00:00")
    _add(root, "link", rel="self", type="application/atom+xml", href=here)
    _add(root, "link", rel="alternate", type="text/html", href=absolute(brand, help_url(language)))
    _add(_add(root, "author"), "name", brand.name)
    for text in newest:
        _entry(root, brand, text)
    return changed_at(_xml(root, "application/atom+xml"), last)


def _entry(root: ElementTree.Element, brand: Brand, text: ArticleText) -> None:
    version, at = text.published, text.published_at
    if version is None or at is None:
        return
    address = absolute(brand, article_url(text.language, text.article_id, text.slug))
    entry = _add(root, "entry")
    # The title may change, the number never does.
    _add(entry, "id", absolute(brand, article_url(text.language, text.article_id, "article")))
    _add(entry, "title", version.title)
    _add(entry, "updated", at.isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    if version.summary:
        _add(entry, "summary", version.summary)


def _articles(brand: Brand) -> ArticleQuerySet:
    return Reader(NOBODY, brand, brand.language).articles().order_by("pk")


def _add(parent: ElementTree.Element, name: str, text: str = "", **given: str) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, name, given)
    found.text = text or None
    return found


def _xml(root: ElementTree.Element, kind: str = "application/xml") -> HttpResponse:
    text = ElementTree.tostring(root, encoding="unicode")
    return HttpResponse(f'<?xml version="1.0" encoding="utf-8"?>\n{text}', content_type=f"{kind}; charset=utf-8")

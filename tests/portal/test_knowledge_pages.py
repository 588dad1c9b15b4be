"""The public pages of the knowledge base: what one reads, in which language, and what nobody else learns."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST
from tests.knowledge.articles import add_text, make_article, make_collection
from tests.portal.conftest import Counter
from tresen.core.knowledge.models import Article, ArticleFile, ArticleText, ArticleVersion, Audience
from tresen.core.knowledge.publishing import publish
from tresen.core.people.models import Brand
from tresen.kit import clock, files

LONG = (
    "<p>Use it when the connection is lost.</p><h2>Switch over</h2><ol><li>Open it.</li></ol>"
    "<pre><code>second.lindhafen.example</code></pre><h2>Switch over</h2><p>Back again.</p><h3>On a phone</h3>"
    "<table><tr><td>1</td></tr></table>"
)


def text_of(client: Client, path: str, status: int = 200, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.content.decode())


def bare(answer: Any) -> str:
    """A page without the token of this answer."""
    return re.sub(r"X-CSRFToken[^}]*", "", answer.content.decode())


def path_of(article: Article, language: str = "en") -> str:
    text = article.texts.filter(language=language).first() or article.texts.get(language=article.language)
    return f"/help/{language}/{article.pk}-{text.slug}/"


def test_from_the_home_of_the_knowledge_base_to_an_article_and_its_neighbours(
    counter: Counter, browser: Client
) -> None:
    shelf = make_collection("network", en="Network", de="Netz")
    inside = make_collection("vpn", en="Tunnels")
    type(inside).objects.filter(pk=inside.pk).update(parent=shelf, icon="key")
    make_collection("empty", en="Nobody reads this")
    first = make_article("The first one", collection=shelf, summary="In one sentence.")
    middle = make_article("A second way in", collection=shelf, html=LONG, summary="When it drops.")
    make_article("The last one", collection=shelf)
    make_article("Keys of the tunnel", collection=inside)
    ArticleText.objects.filter(article=middle).update(recent_reads=7)

    page = text_of(browser, "/help/")
    assert "Network" in page and "Tunnels" in page and "Nobody reads this" not in page
    assert "A second way in" in page and "The first one" not in page  # often read
    page = text_of(browser, "/help/en/network/")
    assert page.index("The first one") < page.index("A second way in") < page.index("The last one")
    assert "Tunnels" in page and "In one sentence." in page
    page = text_of(browser, path_of(middle))
    assert "When it drops." in page and "1 minute" in page and "Checked on" in page
    assert page.count('id="s-switch-over') == 2 and 'href="#s-switch-over"' in page
    assert '<copy-code class="code"' in page and '<div class="wide" tabindex="0"><table>' in page
    assert "The first one" in page and "The last one" in page and "Keys of the tunnel" not in page
    moved = browser.get(f"/help/en/{first.pk}-another-title/")
    assert (moved.status_code, moved["Location"]) == (301, path_of(first))


def test_an_article_is_shown_in_the_language_of_its_address(counter: Counter, browser: Client) -> None:
    article = make_article("A second way in")
    add_text(article, "Ein zweiter Weg", html="<p>Anders hinein.</p>", language="de")
    english, german = path_of(article), path_of(article, "de")
    page = text_of(browser, german, **{"accept-language": "pl"})
    assert '<html lang="de"' in page and "Ein zweiter Weg" in page and f'href="{english}" lang="en"' in page
    assert f'<link rel="canonical" href="{settings.BASE_URL}{german}">' in page
    assert page.count('rel="alternate" hreflang=') == 2
    polish = browser.get(f"/help/pl/{article.pk}-{article.texts.get(language='en').slug}/")
    page = polish.content.decode()
    assert polish["Content-Language"] == "pl" and '<h1 lang="en">A second way in</h1>' in page
    assert "Tego artykułu" in page
    assert re.search(r'rel="canonical" href="[^"]*/help/en/', page)
    changed = browser.get(f"{english}?lang=de")
    assert changed["Location"] == english.replace("/en/", "/de/")
    assert browser.get(changed["Location"])["Location"] == german
    ArticleText.objects.filter(article=article, language="de").update(follows=0)
    assert "neueren Stand" in text_of(browser, german)


def test_what_one_may_not_read_is_as_if_it_did_not_exist(counter: Counter, browser: Client) -> None:
    other = Brand.objects.create(name="Harrow Desk", letters="H")
    shelf = make_collection("network", en="Network")
    seen = make_article("Everybody reads this", collection=shelf)
    hidden = [
        make_article("Secret draft", collection=shelf, is_published=False),
        make_article("Secret of agents", collection=shelf, audience=Audience.AGENTS),
        make_article("Secret of customers", collection=shelf, audience=Audience.CUSTOMERS),
        make_article("Secret of one house", collection=shelf, audience=Audience.ORGANISATIONS),
        make_article("Secret and retired", collection=shelf, retired_at=clock.now()),
        make_article("Secret of another counter", collection=shelf),
    ]
    hidden[-1].brands.add(other)
    hidden.append(make_article("Secret shelf", collection=make_collection("secret", en="Secret collection")))
    hidden[-1].collection.brands.add(other)
    ArticleText.objects.update(recent_reads=9)
    unknown = browser.get("/help/en/99999-nothing/")
    for article in hidden:
        answer = browser.get(path_of(article))
        assert (answer.status_code, bare(answer)) == (404, bare(unknown))
        file = ArticleFile.objects.create(
            article=article, name="plan.png", content_type="image/png", size=3, created_at=clock.now(),
            storage_key=files.store_bytes(b"png").key,
        )  # fmt: skip
        assert browser.get(f"/help/files/{file.pk}/").status_code == 404
    assert browser.get("/help/en/secret/").status_code == 404
    places = ["/help/", "/help/en/network/", path_of(seen), "/help/en/feed.xml", "/sitemap.xml", "/sitemap-shelves.xml",
              "/sitemap-0.xml"]  # fmt: skip
    for place in places:
        said = text_of(browser, place)
        assert "secret" not in said.lower(), place
        assert all(f"/{article.pk}-" not in said for article in hidden), place
    assert "Everybody reads this" in text_of(browser, "/help/en/feed.xml")
    assert path_of(seen) in text_of(browser, "/sitemap-0.xml")
    customer = Client(headers={"accept-language": "en"})
    customer.force_login(counter.account(counter.carol))
    shown = text_of(customer, "/help/en/network/")
    assert "Secret of customers" in shown and "Secret of one house" not in shown
    assert "Secret of customers" not in text_of(customer, "/help/en/feed.xml")
    assert text_of(customer, path_of(hidden[2]))
    staff = Client()
    staff.force_login(counter.anna.user)
    assert staff.get(f"/help/files/{hidden[0].files.get().pk}/").status_code == 200


def test_guests_get_the_same_page_from_any_cache_and_nothing_is_remembered_of_them(
    counter: Counter, browser: Client
) -> None:
    article = make_article("A second way in", html=LONG)
    places = ["/help/", "/help/en/network/", path_of(article), "/help/en/feed.xml", "/sitemap.xml", "/robots.txt"]
    for place in places:
        answer = browser.get(place)
        assert answer.status_code == 200 and not answer.cookies, place
        assert answer["Cache-Control"].startswith("public, max-age="), place
        again = Client(headers={"accept-language": "en"}).get(place)
        assert (again["ETag"], again.content) == (answer["ETag"], answer.content), place
        known = browser.get(place, headers={"if-none-match": f"W/{answer['ETag']}"})
        assert (known.status_code, known.content) == (304, b""), place
    assert "Last-Modified" in browser.get(path_of(article)).headers
    assert 'content="noindex"' not in text_of(browser, path_of(article))
    assert {"Accept-Language", "Cookie"} <= set(browser.get("/help/")["Vary"].split(", "))
    customer = Client(headers={"accept-language": "en"})
    customer.force_login(counter.account(counter.carol))
    answer = customer.get(path_of(article))
    assert answer["Cache-Control"] == "private, no-cache" and answer["ETag"]
    version = article.texts.get().published
    assert version
    type(version).objects.filter(pk=version.pk).update(title="A third way in")
    assert browser.get(path_of(article), headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_files_of_an_article_are_pictures_or_downloads(counter: Counter, browser: Client) -> None:
    article = make_article("With files", is_published=False)
    kinds: dict[str, tuple[str, Any]] = {
        "plan.png": ("image/png", "inline"),
        "page.svg": ("image/svg+xml", "attachment"),
    }

    def put(name: str, kind: str) -> ArticleFile:
        return ArticleFile.objects.create(
            article=article, name=name, content_type=kind, size=5, storage_key=files.store_bytes(b"bytes").key,
            created_at=clock.now(),
        )  # fmt: skip

    there = [(put(name, kind), way) for name, (kind, way) in kinds.items()]
    publish(article.texts.get(), by=TEST)
    for file, way in there:
        answer = browser.get(f"/help/files/{file.pk}/")
        assert b"".join(answer) == b"bytes" and answer["Content-Disposition"].startswith(way)
        assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"].startswith("public") and not answer.cookies
        assert f"/help/files/{file.pk}/" in text_of(browser, path_of(article))
    # One for words to come is nobody's yet; named by published ones it is.
    later = put("later.png", "image/png")
    assert later.path not in text_of(browser, path_of(article)) and browser.get(later.path).status_code == 404
    html = f'<img src="{later.path}">'
    ArticleVersion.objects.filter(text__article=article).update(html=html)
    assert browser.get(later.path).status_code == 200


def test_a_page_costs_the_same_with_three_articles_and_with_a_hundred(counter: Counter, browser: Client) -> None:
    shelf = make_collection("network", en="Network")
    first = make_article("The first one", collection=shelf, html=LONG)
    places = ["/help/", "/help/en/network/", path_of(first), "/help/en/feed.xml", "/sitemap-0.xml"]

    def costs() -> list[int]:
        found = []
        for place in places:
            browser.get(place)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(place).status_code == 200
            found.append(len(queries))
        return found

    for n in range(2):
        make_article(f"More {n}", collection=shelf)
    ArticleText.objects.update(recent_reads=3)
    before = costs()
    for n in range(40):
        make_article(f"Many {n}", collection=shelf)
    assert costs() == before
    assert max(before) <= 9
    page = text_of(browser, "/help/en/network/")
    more = re.search(r'href="(/help/en/network/\?after=\d+)"', page)
    assert more and "Many 39" in text_of(browser, more[1]) and "The first one" not in text_of(browser, more[1])

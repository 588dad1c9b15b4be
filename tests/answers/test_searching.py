"""Articles are found by those who may read them, and follow what is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from tests.cast import make_cast
from tests.knowledge.articles import add_text, make_article, make_collection
from tresen.core.knowledge.models import Article, ArticleText, Audience
from tresen.core.people.models import Brand
from tresen.core.people.principals import NOBODY, Principal
from tresen.kit import clock
from tresen.service.answers.indexing import missing_texts, rebuild
from tresen.service.answers.models import IndexedText, IndexWord
from tresen.service.answers.services import search_articles, suggest_articles
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


def titles(words: str, principal: Principal = NOBODY, language: str = "en", **more: object) -> list[str]:
    return [hit.title for hit in search_articles(words, language=language, principal=principal, **more).hits]  # type: ignore[arg-type]


def test_nobody_finds_what_he_may_not_read() -> None:
    cast = make_cast()
    other = Brand.objects.create(name="Harrow Desk", letters="H")
    make_article("Open the safe", html="<p>With the key.</p>")
    make_article("Open the safe as a customer", audience=Audience.CUSTOMERS)
    make_article("Open the safe at Fährholm", audience=Audience.ORGANISATIONS).organisations.add(cast.faehrholm)
    make_article("Open the safe by the xylophone", audience=Audience.AGENTS)
    make_article("Open the safe one day", is_published=False)
    make_article("Open the safe no more", retired_at=clock.now())
    make_article("Open the safe elsewhere").brands.add(other)
    rebuild()

    carol, dave = Principal.of_contact(cast.carol), Principal.of_contact(cast.dave)
    anna = Principal.of_agent(cast.anna)
    assert set(titles("safe", brand=cast.brand)) == {"Open the safe"}
    assert set(titles("safe", dave, brand=cast.brand)) == {"Open the safe", "Open the safe as a customer"}
    assert "Open the safe at Fährholm" in titles("safe", carol, brand=cast.brand)
    assert set(titles("safe", brand=other)) == {"Open the safe", "Open the safe elsewhere"}
    assert len(titles("safe", anna)) == 5 and "Open the safe elsewhere" in titles("safe", anna)
    # Neither as a beginning nor as what was meant is a word told that stands only where he may not read.
    for typed in ("xylophon", "xylofone", "xylophone", "xyl"):
        found = search_articles(typed, language="en", principal=carol, brand=cast.brand, typing=True)
        assert (found.hits, found.meant) == ((), "")
    assert search_articles("xylofone", language="en", principal=anna).meant == "xylophone"


def test_what_stands_in_the_title_comes_first_and_hits_say_where() -> None:
    body = make_article("Coffee", html="<p>First this.</p><p>Then clean the <b>grinder</b> with a brush. More.</p>")
    make_article("The grinder", summary="All about it", html="<p>Turn it.</p>")
    rebuild()
    first, second = search_articles("grinders", language="en", principal=NOBODY).hits
    assert (first.title, second.article) == ("The grinder", body)
    assert second.excerpt == "Then clean the grinder with a brush." and second.words == ("grinder",)
    assert first.share == pytest.approx(second.share) and 0 < first.share <= 1


def test_an_article_is_shown_in_the_readers_language_and_found_in_every_one() -> None:
    article = make_article("Reset the router", language="en")
    add_text(article, "Den Router zurücksetzen", html="<p>Langer Druck.</p>", language="de")
    only = make_article("Wymiana filtra", language="pl")
    rebuild()
    assert titles("reset router", language="de") == ["Den Router zurücksetzen"]
    assert titles("router", language="en") == ["Reset the router"]
    assert titles("filtr", language="de") == ["Wymiana filtra"]
    (hit,) = search_articles("filtry", language="de", principal=NOBODY).hits
    assert (hit.article, hit.language) == (only, "pl")


def test_the_index_follows_what_is_published_and_mends_itself() -> None:
    article = make_article("The kettle")
    text = ArticleText.objects.get()
    record("article.published", stream=article, by=Actor.system("test"), changes={"language": "en"})
    assert titles("kettle") == []
    drain()
    assert titles("kettle") == ["The kettle"]
    old, text.published = text.published, None
    text.save()
    record("article.withdrawn", stream=article, by=Actor.system("test"), changes={"language": "en"})
    drain()
    assert not IndexWord.objects.exists() and not IndexedText.objects.exists()
    text.published = old
    text.save()
    add_text(article, "Der Kessel", html="<p>Heiß.</p>", language="de")
    assert missing_texts().count() == 2
    assert rebuild() == 2 and not missing_texts().exists()
    assert titles("kessel", language="de") == ["Der Kessel"]
    Article.objects.update(collection=make_collection("kitchen"))
    assert titles("kettle") == ["The kettle"]


def test_a_subject_is_answered_while_it_is_typed_and_only_when_sure() -> None:
    make_article("Change the toner of the printer")
    make_article("Bicycle parking")
    rebuild()

    def suggested(subject: str) -> list[str]:
        return [hit.title for hit in suggest_articles(subject, language="en", principal=NOBODY, brand=None)]

    assert suggested("ton") == ["Change the toner of the printer"]
    assert suggested("toner empty") == ["Change the toner of the printer"]
    assert suggested("my lovely bicycle was painted green by unknown neighbours yesterday") == []
    assert suggested("") == suggested("how do I") == suggested("%") == suggested("' OR 1=1 --") == []


def test_a_word_that_goes_while_it_is_looked_for_is_entered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make_cast()
    make_article("Percolator")
    make, made = QuerySet.bulk_create, []

    def too_late(rows: Any, objs: Any, **more: Any) -> Any:
        if rows.model is IndexWord and not made:  # they are there, and gone before they can be locked
            made.append(objs)
            return objs
        return make(rows, objs, **more)

    monkeypatch.setattr(QuerySet, "bulk_create", too_late)
    rebuild()
    assert made and titles("percolator") == ["Percolator"]

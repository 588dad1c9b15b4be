"""What is searched for in vain is counted, shown, and seen to; words that mean the same are kept in settings."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import make_cast
from tests.knowledge.articles import make_article
from tresen.core.people.principals import NOBODY
from tresen.faces.portal import limits
from tresen.service.answers import misses
from tresen.service.answers.indexing import rebuild
from tresen.service.answers.misses import line_of, note_opened, note_search, open_misses
from tresen.service.answers.models import SearchMiss, SynonymGroup
from tresen.service.answers.services import search_articles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Kaffee   Maschine ", "kaffee maschine"),
        ("carol@faehrholm.example", ""),
        ("ticket 20261128", ""),
        ("+49 30 12 34 56", ""),
        ("windows 11", "windows 11"),
        ("wie kann ich", ""),
        ("x" * 90, ""),
    ],
)
def test_what_may_be_a_persons_is_not_kept(typed: str, kept: str) -> None:
    assert line_of(typed) == kept


def test_a_line_counts_when_nothing_was_found_or_nobody_opened_anything() -> None:
    cast = make_cast()
    note_search("Coffee  maker", brand=cast.brand, language="en", is_empty=True)
    note_search("coffee maker", brand=cast.brand, language="en", is_empty=True)
    for _time in range(3):
        note_search("toaster", brand=cast.brand, language="en", is_empty=False)
        note_search("kettle", brand=cast.brand, language="en", is_empty=False)
    note_opened("Kettle", brand=cast.brand, language="en")
    assert [(miss.words, miss.searches, miss.empty) for miss in open_misses()] == [
        ("coffee maker", 2, 2), ("toaster", 3, 0),
    ]  # fmt: skip


def test_when_a_brand_is_full_the_oldest_lines_that_were_asked_once_go(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    monkeypatch.setattr(misses, "MOST_LINES", 3)
    monkeypatch.setattr(misses, "_FREED", 1)
    for words in ("toaster", "toaster", "kettle", "spoon", "fork"):
        note_search(words, brand=cast.brand, language="en", is_empty=True)
    assert set(SearchMiss.objects.values_list("words", flat=True)) == {"toaster", "spoon", "fork"}
    client.get("/help/search", {"q": "blender"}, headers={"Sec-Purpose": "prefetch;prerender"})
    assert not SearchMiss.objects.filter(words="blender").exists()


def test_what_was_searched_for_in_vain_is_settled_or_gets_a_synonym(client: Client) -> None:
    cast = make_cast()
    make_article("The percolator")
    rebuild()
    note_search("mocha pot", brand=cast.brand, language="en", is_empty=True)
    client.force_login(cast.anna.user)
    assert client.get("/settings/search-misses/").status_code == 404
    client.force_login(cast.ada.user)
    page = client.get("/settings/search-misses/").content.decode()
    assert "mocha pot" in page and "/settings/synonyms/?language=en&amp;words=mocha%20pot" in page
    assert "mocha pot" in client.get("/settings/synonyms/?language=en&words=mocha%20pot").content.decode()

    wrong = client.post("/settings/synonyms/", {"language": "en", "words": "mocha pot"})
    assert wrong.status_code == 422 and b"at least two words" in wrong.content
    client.post("/settings/synonyms/", {"language": "en", "words": "mocha pot\nPercolator \n"})
    group = SynonymGroup.objects.get(words="mocha pot\npercolator")
    assert search_articles("mocha pot", language="en", principal=NOBODY).hits
    client.post(f"/settings/synonyms/{group.pk}/", {"delete": "1"})
    assert not search_articles("mocha pot", language="en", principal=NOBODY).hits

    client.post("/settings/search-misses/", {"settle": str(SearchMiss.objects.get().pk)})
    assert (
        "mocha pot" not in client.get("/settings/search-misses/", follow=True).content.decode().partition("<table")[2]
    )
    note_search("mocha pot", brand=cast.brand, language="en", is_empty=False)
    assert not open_misses().exists()
    note_search("mocha pot", brand=cast.brand, language="en", is_empty=True)
    assert open_misses().count() == 1


def test_a_subject_that_is_typed_gets_the_articles_of_the_counter(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cast()
    make_article("Empty the coffee grounds", summary="Every evening.")
    make_article("Coffee for agents", audience="agents")
    rebuild()
    assert "/requests/new/answers/" in client.get("/requests/new/").content.decode()
    found = client.get("/requests/new/answers/", {"subject": "cofee grounds fu"}).content.decode()
    assert "/help/en/" in found and "<mark>coffee</mark>" in found and "for agents" not in found
    assert not client.get("/requests/new/answers/", {"subject": "\0%%%"}).content.strip()
    monkeypatch.setattr(limits, "OFFERS_A_PLACE", 2)
    assert client.get("/requests/new/answers/", {"subject": "coffee"}).status_code == 429

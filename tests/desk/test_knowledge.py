"""The knowledge base in the desk, through its pages: written, reviewed, published, translated, brought back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast, make_cast
from tests.knowledge.articles import add_text, make_article, make_collection
from tests.knowledge.test_articles import PNG
from tresen.core.knowledge.models import Article, ArticleFile, Collection
from tresen.core.people.models import Agent, Brand, Role, User
from tresen.core.people.principals import NOBODY
from tresen.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Agent.objects.filter(pk=made.piotr.pk).update(role=Role.TEAM_LEAD)
    User.objects.update(language="en")
    made.piotr.user.refresh_from_db()
    return made


def body(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_an_article_on_its_way_to_readers_and_back(cast: Cast) -> None:
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    shelf = make_collection("accounts")
    begun = anna.post("/desk/knowledge/new/", {"title": "Reset", "collection": shelf.pk, "language": "en"})
    article = Article.objects.get()
    own = f"/desk/knowledge/{article.pk}/"
    assert begun["Location"] == f"{own}en/" and article.keeper == cast.anna
    words = {"title": "Reset your password", "summary": "Two steps", "format": "markdown", "newest": 1,
             "source": "## Begin\n\nPress **start**. <script>alert(1)</script>"}  # fmt: skip
    kept = anna.post(f"{own}en/draft/", words | {"source": "half a"})
    assert "not saved yet" in kept.json()["said"] and "half a" in body(anna, f"{own}en/")
    assert "half a" not in body(piotr, f"{own}en/"), "a draft is its writer's alone"
    assert anna.post(f"{own}en/", words)["Location"] == f"{own}?in=en"
    page = body(anna, own)
    assert '<h2 id="s-begin">Begin</h2>' in page and "<script>alert" not in page and "&lt;script&gt;" in page
    assert "half a" not in body(anna, f"{own}en/")
    # Who writes does not publish; a colleague is asked.
    assert anna.post(f"{own}en/act/", {"act": "publish", "newest": 2}).status_code == 403
    assert anna.post(f"{own}en/act/", {"act": "ask", "reviewer": cast.piotr.pk, "words": "Good?"}).status_code == 302
    assert anna.post(f"{own}en/act/", {"act": "approve", "newest": 2}).status_code == 403
    assert "Reset your password" in body(piotr, "/desk/knowledge/?show=review")
    refused = piotr.post(f"{own}en/act/", {"act": "return", "newest": 2, "words": ""})
    assert refused.status_code == 422 and "Write a word about it" in refused.content.decode()
    stale = piotr.post(f"{own}en/act/", {"act": "approve", "newest": 1, "words": "Fine by me"})
    assert stale.status_code == 409 and "Fine by me" in stale.content.decode(), "nothing typed is lost"
    piotr.post(f"{own}en/act/", {"act": "approve", "newest": 2, "words": "Fine by me"})
    piotr.post(f"{own}en/act/", {"act": "publish", "newest": 2})
    assert "Published" in body(piotr, own) and "Fine by me" in body(anna, own)
    # Somebody else was faster: both are shown, and saving again means it.
    piotr.post(f"{own}en/", words | {"newest": 2, "source": "Press start twice."})
    late = anna.post(f"{own}en/", words | {"newest": 2, "source": "Press start thrice."})
    shown = late.content.decode()
    assert late.status_code == 409 and "twice." in shown and "thrice." in shown and 'name="newest" value="3"' in shown
    assert anna.post(f"{own}en/", words | {"newest": 3, "source": "Press start thrice."}).status_code == 302
    compared = body(anna, f"{own}en/versions/?version=4&with=3")
    assert re.search(r"<del><span class=\"sr\">removed: </span>.*?twice\.", compared)
    assert re.search(r"<ins><span class=\"sr\">added: </span>.*?thrice\.", compared)
    assert anna.post(f"{own}en/versions/", {"version": 2, "newest": 3}).status_code == 409
    assert anna.post(f"{own}en/versions/", {"version": 2, "newest": 4}).status_code == 302
    assert article.texts.get().newest.source == words["source"]
    piotr.post(f"{own}en/act/", {"act": "withdraw"})
    assert not Article.objects.readable_by(NOBODY).exists()


def test_a_translation_stands_beside_the_main_text_and_says_what_changed(cast: Cast) -> None:
    piotr = cast.browser(cast.piotr)
    article = make_article("Printer", html="<p>Wait one minute.</p>")
    add_text(article, "Drucker", html="<p>Eine Minute warten.</p>", language="de")
    own = f"/desk/knowledge/{article.pk}/"
    assert "Translate" in body(piotr, f"{own}?in=pl")
    words = {"title": "Printer", "format": "markdown", "newest": 1, "source": "Wait two minutes."}
    piotr.post(f"{own}en/", words)
    piotr.post(f"{own}en/act/", {"act": "publish"})
    page = body(piotr, f"{own}?in=de")
    assert "Out of date" in page and "What changed in the main text" in page and "two minutes." in page
    assert page.index("Wait two minutes.</p>") < page.index("Eine Minute"), "the main text stands first"
    assert "Printer" in body(piotr, "/desk/knowledge/?show=outdated")
    piotr.post(f"{own}de/act/", {"act": "holds"})
    assert "Out of date" not in body(piotr, f"{own}?in=de")
    assert "No translation is out of date" in body(piotr, "/desk/knowledge/?show=outdated")
    # The source in the editor of a translation is empty; the main text stands beside it.
    assert "Wait two minutes." in body(piotr, f"{own}pl/")
    assert piotr.get(f"{own}fr/").status_code == 404


def test_the_list_is_narrowed_and_paged_by_key(cast: Cast, django_assert_max_num_queries: Any) -> None:
    anna = cast.browser(cast.anna)
    shelf = make_collection("devices")
    for n in range(53):
        make_article(f"Laptop {n:02}", collection=shelf, is_published=n % 2 == 0)
    other = make_article("VPN")
    first = body(anna, "/desk/knowledge/?collection=devices&q=laptop")
    assert "Laptop 52" in first and "Laptop 02" not in first and "VPN" not in first
    older = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert older and "Laptop 02" in body(anna, older[1].replace("&amp;", "&"))
    assert "Laptop 51" not in body(anna, "/desk/knowledge/?state=published&q=51")
    with django_assert_max_num_queries(20):
        body(anna, "/desk/knowledge/")
    about = f"/desk/knowledge/{other.pk}/about/"
    today = clock.now().date()
    values = {"collection": shelf.pk, "audience": "customers", "keeper": cast.anna.pk, "look_again_on": today,
              "version": other.version}  # fmt: skip
    assert anna.post(about, values).status_code == 302
    other.refresh_from_db()
    assert (other.audience, other.keeper) == ("everybody", cast.anna), (
        "readers of what is published: who publishes says"
    )
    piotr = cast.browser(cast.piotr)
    assert piotr.post(about, values).status_code == 409
    assert piotr.post(about, values | {"version": other.version, "audience": "organisations"}).status_code == 422
    assert piotr.post(about, values | {"version": other.version}).status_code == 302
    other.refresh_from_db()
    assert other.audience == "customers"
    assert "VPN" in body(anna, "/desk/knowledge/?show=mine") and "VPN" in body(anna, "/desk/knowledge/?show=due")
    # A brand and a keeper at rest stay: without brands it would be of every one.
    resting = Brand.objects.create(name="Harrow Desk", letters="H", is_active=False)
    other.brands.add(resting)
    shelf.brands.add(resting)
    User.objects.filter(pk=cast.anna.user_id).update(is_active=False)
    assert "Harrow Desk" in body(piotr, about) and "Harrow Desk" in body(
        piotr, f"/desk/knowledge/collections/{shelf.pk}/"
    )
    kept = values | {"version": other.version, "brands": [resting.pk], "look_again_on": ""}
    assert piotr.post(about, kept).status_code == 302
    other.refresh_from_db()
    assert (other.keeper, other.look_again_on, list(other.brands.all())) == (cast.anna, None, [resting])
    User.objects.filter(pk=cast.anna.user_id).update(is_active=True)
    piotr.post(about, kept | {"version": other.version, "look_again_on": today})
    piotr.post(about, {"act": "retire"})
    assert "VPN" in body(anna, "/desk/knowledge/?show=retired") and "No article fits" in body(
        anna, "/desk/knowledge/?q=VPN"
    )


def test_pictures_come_in_by_the_editor_and_a_plan_is_kept_until_its_time(cast: Cast) -> None:
    piotr = cast.browser(cast.piotr)
    article = make_article("Pictures", is_published=False)
    own = f"/desk/knowledge/{article.pk}/"
    sent = piotr.post(f"{own}files/", {"files": SimpleUploadedFile("plan.png", PNG)}, headers={"HX-Request": "true"})
    path = sent.json()["files"][0]["path"]
    assert sent.json()["files"][0]["picture"] and path == ArticleFile.objects.get().path
    bad = piotr.post(f"{own}files/", {"files": SimpleUploadedFile("x.svg", b"<svg/>")}, headers={"HX-Request": "true"})
    assert bad.status_code == 422 and "not of a kind" in bad.json()["said"]
    shown = piotr.post(f"{own}preview/", {"source": f"![Plan]({path})", "format": "markdown"}).content.decode()
    assert f'<img src="{path}"' in shown
    soon = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert piotr.post(f"{own}en/act/", {"act": "plan", "publish_at": "2001-01-01T10:00"}).status_code == 422
    assert piotr.post(f"{own}en/act/", {"act": "plan", "publish_at": soon}).status_code == 302
    assert "Planned" in body(piotr, own)
    piotr.post(f"{own}en/act/", {"act": "unplan"})
    assert article.texts.get().publish_at is None
    key = ArticleFile.objects.get().pk
    piotr.post(f"{own}files/", {"remove": str(key), "language": "en"})
    assert not ArticleFile.objects.exists()


def test_collections_are_made_ordered_and_put_to_rest(cast: Cast) -> None:
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    assert anna.get("/desk/knowledge/collections/new/").status_code == 403
    assert "No collection yet" in body(anna, "/desk/knowledge/new/")
    assert piotr.post("/desk/knowledge/collections/new/", {"icon": "key"}).status_code == 422
    for name in ("Access", "Network"):
        piotr.post("/desk/knowledge/collections/new/", {"name_en": name, "name_de": "", "icon": "key"})
    first, second = Collection.objects.all()
    piotr.post("/desk/knowledge/collections/", {"down": first.slug})
    assert list(Collection.objects.all()) == [second, first]
    page = body(piotr, f"/desk/knowledge/collections/{first.pk}/")
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    values = {"name_en": "Access", "name_pl": "Dostęp", "icon": "key", "mark": mark[1], "parent": second.pk}
    assert piotr.post(f"/desk/knowledge/collections/{first.pk}/", values).status_code == 302
    assert piotr.post(f"/desk/knowledge/collections/{first.pk}/", values).status_code == 409
    first.refresh_from_db()
    assert (first.names["pl"], first.parent, first.is_active) == ("Dostęp", second, False)

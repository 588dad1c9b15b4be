"""Articles and collections through the interface."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import Cast, json
from tests.knowledge.articles import add_text, make_article, make_collection
from tresen.core.knowledge.models import Article
from tresen.core.people.models import Agent, Role
from tresen.kit import clock

WORDS = {"title": "Reset your password", "summary": "Two steps", "source": "## Begin\n\n[x](javascript:alert(1))"}


def test_an_article_is_begun_written_and_published(cast: Cast) -> None:
    make_collection("accounts")
    Agent.objects.filter(pk=cast.piotr.pk).update(role=Role.TEAM_LEAD)
    anna = cast.calls(cast.anna, "write")
    made = anna.post("/articles", {**WORDS, "collection": "accounts", "language": "en"})
    shown = json(made, 201)
    text = shown["texts"][0]
    assert (shown["title"], shown["keeper"]["id"], text["state"]) == ("Reset your password", cast.anna.pk, "draft")
    assert 'id="s-begin"' in text["html"] and "javascript" not in text["html"].replace("[x](javascript", "")
    own = made["Location"]
    assert json(anna.get(own), 200) == shown
    assert anna.post(f"{own}/publish", {"language": "en"}).status_code == 403
    assert cast.calls(cast.anna, "read").post(f"{own}/texts/de", WORDS).status_code == 403
    saved = anna.post(f"{own}/texts/de", {**WORDS, "title": "Kennwort", "source": "Neu"}, if_match=made["ETag"])
    assert {one["language"] for one in json(saved, 200)["texts"]} == {"en", "de"}
    late = anna.post(f"{own}/texts/de", WORDS, if_match=made["ETag"])
    assert json(late, 412)["current"]["version"] == json(saved, 200)["version"]
    # The entry of the fresh principal: rights are read anew with each request.
    piotr = cast.calls(Agent.objects.get(pk=cast.piotr.pk), "write")
    soon = (clock.now() + timedelta(days=1)).isoformat()
    first = piotr.post(f"{own}/publish", {"language": "en", "at": soon}, if_match=saved["ETag"])
    assert json(first, 200) and anna.patch(own, {"audience": "agents"}).status_code == 403, "planned is decided"
    out = json(piotr.post(f"{own}/publish", {"language": "en"}, if_match=first["ETag"]), 200)["texts"]
    assert [one["published_number"] for one in out if one["language"] == "en"] == [1]
    planned = json(piotr.post(f"{own}/publish", {"language": "de", "at": soon}), 200)["texts"]
    assert [one["state"] for one in planned if one["language"] == "de"] == ["planned"]
    assert json(piotr.post(f"{own}/publish", {"language": "de", "at": "2030-01-01T00:00:00"}), 400)["errors"]
    gone = json(piotr.post(f"{own}/publish", {"language": "de", "at": "2001-01-01T00:00:00Z"}), 400)
    assert gone["errors"][0]["field"] == "at"
    assert json(piotr.post(f"{own}/publish", {"language": "pl"}), 400)["errors"][0]["field"] == "language"
    assert anna.patch(own, {"audience": "agents"}).status_code == 403, "who reads it is the matter of who publishes"
    changed = json(piotr.patch(own, {"audience": "agents", "look_again_on": "2030-01-31", "keeper": "me"}), 200)
    assert (changed["audience"], changed["look_again_on"]) == ("agents", "2030-01-31")
    wrong = json(piotr.patch(own, {"audience": "organisations"}), 400)
    assert wrong["errors"][0]["field"] == "organisations"
    assert json(piotr.patch(own, {"collection": "none"}), 400)["errors"][0]["field"] == "collection"
    assert json(piotr.post(f"{own}/withdraw", {"language": "en"}), 200)["texts"][0]["published_number"] is None
    assert json(piotr.patch(own, {"retired": True}), 200)["retired_at"]
    assert json(anna.get("/articles"), 200)["items"] == []
    assert [row["id"] for row in json(anna.get("/articles?show=retired"), 200)["items"]] == [shown["id"]]


def test_the_list_is_narrowed_and_says_titles_in_the_language_asked_for(cast: Cast) -> None:
    article = make_article("Printer")
    add_text(article, "Drucker", html="<p>x</p>", language="de")
    make_article("VPN", collection=make_collection("other"))
    anna = cast.calls(cast.anna, "read")
    german = json(anna.get("/articles?query=printer", accept_language="de"), 200)["items"]
    assert [row["title"] for row in german] == ["Drucker"]
    assert [row["title"] for row in json(anna.get("/articles?collection=other"), 200)["items"]] == ["VPN"]
    first = json(anna.get("/articles?limit=1"), 200)
    second = json(anna.get(f"/articles?limit=1&cursor={first['next']}"), 200)
    assert len({row["id"] for row in first["items"] + second["items"]}) == 2 and second["next"] is None
    assert anna.get("/articles?state=odd").status_code == 400


def test_collections_are_kept_by_who_publishes(cast: Cast) -> None:
    ada, anna = cast.calls(cast.ada), cast.calls(cast.anna, "write")
    assert anna.post("/collections", {"names": {"en": "Mail"}}).status_code == 403
    made = ada.post("/collections", {"names": {"en": "Mail", "de": "Post"}, "icon": "mail"})
    shown = json(made, 201)
    assert (shown["slug"], shown["active"]) == ("mail", True)
    assert json(ada.post("/collections", {"names": {}}), 400)["errors"][0]["field"] == "names"
    changed = json(ada.patch(made["Location"], {"active": False}, if_match=made["ETag"]), 200)
    assert changed["active"] is False
    assert ada.patch(made["Location"], {"active": True}, if_match=made["ETag"]).status_code == 412
    assert json(ada.patch(made["Location"], {"parent": shown["id"]}), 400)["errors"][0]["field"] == "parent"
    assert json(anna.get("/collections"), 200)["items"][0]["names"] == {"en": "Mail", "de": "Post"}
    assert not Article.objects.exists()

"""Saved replies and macros through the interface."""

from __future__ import annotations

from tests.cast import TEST, Cast, json
from tresen.core.teamwork.templates import create_template
from tresen.core.tickets.models import Status
from tresen.service.texts.models import Macro, SavedReply
from tresen.service.texts.services import create_saved_reply

HOURS = {"name": "Hours", "shortcut": "hours", "texts": {"en": "Dear {{contact.name}}, we open at eight."}}


def test_a_saved_reply_is_made_read_and_changed(cast: Cast) -> None:
    anna = cast.calls(cast.anna, "write")
    made = anna.post("/saved-replies", HOURS)
    shown = json(made, 201)
    assert (shown["audience"], shown["texts"], shown["used_count"]) == ("me", HOURS["texts"], 0)
    assert json(anna.get(made["Location"]), 200) == shown
    changed = anna.patch(made["Location"], {"texts": {"de": "Wir öffnen um acht."}}, if_match=made["ETag"])
    assert json(changed, 200)["texts"] == {"de": "Wir öffnen um acht."}
    assert json(anna.patch(made["Location"], {"active": False}, if_match=made["ETag"]), 412)["current"]["active"]
    assert json(anna.patch(made["Location"], {"active": False}), 200)["active"] is False


def test_a_list_shows_what_one_may_use(cast: Cast) -> None:
    for name, circle in {
        "all": {}, "mine": {"owner": cast.anna}, "his": {"owner": cast.piotr}, "theirs": {"team": cast.orders}
    }.items():  # fmt: skip
        create_saved_reply(set={"name": name, "texts": {"en": name}, **circle}, by=TEST)
    anna = cast.calls(cast.anna, "read")
    assert [row["name"] for row in json(anna.get("/saved-replies"), 200)["items"]] == ["all", "mine"]
    assert [row["name"] for row in json(anna.get("/saved-replies?query=mi"), 200)["items"]] == ["mine"]


def test_what_is_wrong_is_named_and_rights_hold(cast: Cast) -> None:
    anna = cast.calls(cast.anna, "write")
    unknown = json(anna.post("/saved-replies", {**HOURS, "texts": {"en": "{{settings.KEY}}"}}), 400)
    assert unknown["errors"][0]["pointer"].endswith("texts/en")
    assert anna.post("/saved-replies", {**HOURS, "owner": cast.piotr.pk}).status_code == 400
    assert anna.post("/saved-replies", {**HOURS, "texts": {"fr": "Bonjour"}}).status_code == 400
    assert anna.post("/saved-replies", {**HOURS, "texts": {}}).status_code == 400
    assert anna.post("/saved-replies", {**HOURS, "audience": "all"}).status_code == 403
    assert anna.post("/saved-replies", {**HOURS, "team": "netz"}).status_code == 403
    assert cast.calls(cast.anna, "read").post("/saved-replies", HOURS).status_code == 403
    shared = create_saved_reply(set={"name": "all", "texts": {"en": "x"}}, by=TEST)
    assert anna.patch(f"/saved-replies/{shared.pk}", {"name": "mine"}).status_code == 403
    assert not SavedReply.objects.exclude(pk=shared.pk).exists()


def test_a_macro_names_what_it_changes_in_the_words_of_the_interface(cast: Cast) -> None:
    ada = cast.calls(cast.ada)
    changes = {
        "status": "solved", "priority": "high", "team": "netz", "assignee": "me", "add_tags": ["vpn"],
        "checklist": create_template(name="Look", steps=["Look"], by=TEST).pk,
    }  # fmt: skip
    made = ada.post("/macros", {"name": "Done", "audience": "team", "team": "netz", "changes": changes})
    shown = json(made, 201)["changes"]
    assert (shown["status"], shown["priority"], shown["assignee"]) == ("solved", "high", "me")
    assert shown["team"]["slug"] == "netz"
    assert Macro.objects.get().changes == {
        "status": Status.objects.default_of("solved").slug, "priority": 3, "team": cast.netz.pk, "assignee": "me",
        "add_tags": ["vpn"], "checklist": shown["checklist"],
    }  # fmt: skip
    unknown = ada.patch(made["Location"], {"changes": {"checklist": 999}})
    assert "changes.checklist" in str(json(unknown, 400))
    cleared = json(ada.patch(made["Location"], {"changes": {"team": None}}), 200)["changes"]
    assert (cleared["team"], cleared["cleared"]) == (None, ["team"])
    assert json(cast.calls(cast.piotr).get("/macros"), 200)["items"] == []


def test_the_same_key_makes_one(cast: Cast) -> None:
    anna = cast.calls(cast.anna, "write")
    first = anna.post("/saved-replies", HOURS, idempotency_key="k1")
    again = anna.post("/saved-replies", HOURS, idempotency_key="k1")
    assert (first.status_code, again.content) == (201, first.content)
    assert SavedReply.objects.count() == 1

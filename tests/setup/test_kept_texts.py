"""Saved replies and macros in the settings: written, shared, found, put away, looked at before they are used."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.people.models import Agent, Role
from tresen.core.tickets.models import Tag
from tresen.core.tickets.tagging import delete_tag, merge_tags, rename_tag
from tresen.service.texts.models import Macro, SavedReply
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.spine.events.models import Event

REPLIES, MACROS = "/settings/saved-replies/", "/settings/macros/"
RESET = {"name": "Reset the password", "folder": "Sign-in", "shortcut": "/reset", "whose": "me",
         "text_en": "Dear {{contact.first_name|customer}},", "text_de": "Guten Tag {{contact.name}},"}  # fmt: skip


def saved(**more: Any) -> SavedReply:
    return create_saved_reply(set={"name": "Hours", "texts": {"en": "We open at eight."}, **more}, by=TEST)


@pytest.fixture
def anna(cast: Cast) -> Client:
    return cast.browser(cast.anna)


def test_an_agent_saves_a_reply_of_his_own_in_several_languages(cast: Cast, anna: Client) -> None:
    assert anna.post(f"{REPLIES}new/", RESET).status_code == 302
    reply = SavedReply.objects.get()
    assert (reply.owner, reply.team, reply.shortcut) == (cast.anna, None, "reset")
    assert reply.texts == {"en": RESET["text_en"], "de": RESET["text_de"]}
    listed = words(tree(anna.get(REPLIES)).css_first("tbody"))
    assert "Reset the password Sign-in /reset only for me English, Deutsch 0" in listed
    event = Event.objects.get(kind="saved_reply.created")
    assert event.changes == {"name": "Reset the password"}


def test_what_is_private_or_of_another_team_is_nobodys_business(cast: Cast, anna: Client) -> None:
    own = saved(owner=cast.piotr)
    theirs = saved(team=cast.orders)
    for reply in (own, theirs):
        assert anna.get(f"{REPLIES}{reply.pk}/").status_code == 404
        assert anna.post(f"{REPLIES}{reply.pk}/archive/").status_code == 404
    ada = cast.browser(cast.ada)
    assert ada.get(f"{REPLIES}{own.pk}/").status_code == 404
    assert ada.get(f"{REPLIES}{theirs.pk}/").status_code == 200


def test_who_may_use_a_text_of_all_may_not_change_it(cast: Cast, anna: Client) -> None:
    reply = saved()
    page = tree(anna.get(f"{REPLIES}{reply.pk}/"))
    assert page.css_first("#text-form") is None
    assert "We open at eight." in words(page.css_first("#text-preview"))
    assert anna.post(f"{REPLIES}{reply.pk}/", RESET).status_code == 403
    assert anna.post(f"{REPLIES}{reply.pk}/archive/").status_code == 403
    assert anna.post(f"{REPLIES}new/", {**RESET, "whose": "all"}).status_code == 422
    assert anna.post(f"{REPLIES}new/", {**RESET, "whose": str(cast.netz.pk)}).status_code == 422


def test_a_team_lead_shares_with_his_teams_and_an_administrator_with_all(cast: Cast, anna: Client) -> None:
    Agent.objects.filter(pk=cast.anna.pk).update(role=Role.TEAM_LEAD)
    assert anna.post(f"{REPLIES}new/", {**RESET, "whose": str(cast.netz.pk)}).status_code == 302
    assert anna.post(f"{REPLIES}new/", {**RESET, "whose": str(cast.orders.pk)}).status_code == 422
    ada = cast.browser(cast.ada)
    assert ada.post(f"{REPLIES}new/", {**RESET, "whose": "all"}).status_code == 302
    assert [str(r.team) for r in SavedReply.objects.order_by("pk")] == ["Netz", "None"]


@pytest.mark.parametrize("text", ["{{settings.SECRET_KEY}}", "{{7*7}}", "{{contact.password}}", "{{ticket.link}}"])
def test_names_that_there_are_not_are_told_and_what_was_typed_stays(anna: Client, text: str) -> None:
    answer = anna.post(f"{REPLIES}new/", {**RESET, "text_en": f"Look: {text}"})
    assert answer.status_code == 422
    page = tree(answer)
    assert page.css_first("#id_text_en").text().strip() == f"Look: {text}"
    assert text in words(page.css_first("#id_text_en_error") or page.css_first(".error"))
    assert not SavedReply.objects.exists()


def test_the_preview_fills_the_names_in_and_escapes_what_a_customer_called_himself(cast: Cast, anna: Client) -> None:
    cast.carol.name = "Carol <b>{{agent.name}}</b>"
    cast.carol.save()
    cast.ticket()
    typed = {**RESET, "text_en": "Dear {{contact.name}}, this is {{ticket.number}}."}
    html = anna.post(f"{REPLIES}preview/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "Dear Carol &lt;b&gt;{{agent.name}}&lt;/b&gt;, this is" in html
    assert not SavedReply.objects.exists()


def test_a_reply_is_put_away_and_brought_back(cast: Cast, anna: Client) -> None:
    reply = saved(owner=cast.anna)
    anna.post(f"{REPLIES}{reply.pk}/archive/")
    assert "No saved reply yet" in anna.get(REPLIES).content.decode()
    assert "Hours" in words(tree(anna.get(f"{REPLIES}?show=archived")).css_first("tbody"))
    anna.post(f"{REPLIES}{reply.pk}/archive/", {"is_active": "on"})
    assert "Hours" in words(tree(anna.get(REPLIES)).css_first("tbody"))


def test_a_reply_is_found_by_words_of_its_text_without_marks(cast: Cast, anna: Client) -> None:
    saved(name="Kennwort", texts={"de": "So setzen Sie das Kennwort zurück."})
    saved(name="Hours")
    rows = tree(anna.get(f"{REPLIES}?q=zuruck")).css("tbody tr")
    assert [words(row.css_first("a")) for row in rows] == ["Kennwort"]
    assert "Nothing found" in anna.get(f"{REPLIES}?q=xyzzy").content.decode()


def test_of_two_who_save_the_same_reply_the_second_sees_both(cast: Cast) -> None:
    reply, ada = saved(), cast.browser(cast.ada)
    page = ada.get(f"{REPLIES}{reply.pk}/").content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    mine = {"name": "Mine", "whose": "all", "text_en": "We open at nine.", "mark": mark[1]}
    ada.post(f"{REPLIES}{reply.pk}/", {**mine, "text_en": "We open at ten."})
    answer = ada.post(f"{REPLIES}{reply.pk}/", mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "We open at nine." in text
    assert "We open at ten." in text
    now = re.search(r'name="mark" value="(\w+)"', text)
    assert now
    assert ada.post(f"{REPLIES}{reply.pk}/", {**mine, "mark": now[1]}).status_code == 302
    assert SavedReply.objects.get().texts == {"en": "We open at nine."}


def test_a_macro_keeps_what_it_changes(cast: Cast, anna: Client) -> None:
    form = {
        "name": "To the network team", "whose": "me", "kind": "note", "text_en": "Please look at the line.",
        "status": "open", "priority": "3", "team": str(cast.netz.pk), "assignee": "me", "add_tags": "vpn, line,vpn",
        "remove_tags": "new",
    }  # fmt: skip
    assert anna.post(f"{MACROS}new/", form).status_code == 302
    macro = Macro.objects.get()
    assert macro.kind == "note"
    assert macro.changes == {
        "status": "open", "priority": 3, "team": cast.netz.pk, "assignee": "me", "add_tags": ["vpn", "line"],
        "remove_tags": ["new"],
    }  # fmt: skip
    page = tree(anna.get(f"{MACROS}{macro.pk}/"))
    assert page.css_first("#id_add_tags").attributes["value"] == "vpn, line"
    assert page.css_first("#id_status option[selected]").attributes["value"] == "open"


def test_a_macro_that_does_nothing_is_refused(anna: Client) -> None:
    answer = anna.post(f"{MACROS}new/", {"name": "Nothing", "whose": "me"})
    assert answer.status_code == 422
    assert "Write a text, or choose what is to be changed." in answer.content.decode()


def test_macros_follow_a_tag_that_is_renamed_merged_or_deleted(cast: Cast) -> None:
    for name in ("vpn", "tunnel", "old"):
        Tag.objects.create(name=name)
    changes = {"add_tags": ["tunnel", "vpn"], "remove_tags": ["old"]}
    macro = create_macro(set={"name": "Tags", "changes": changes}, by=TEST)
    merge_tags(Tag.objects.get(name="tunnel"), into=Tag.objects.get(name="vpn"), by=TEST)
    rename_tag(Tag.objects.get(name="vpn"), name="VPN", by=TEST)
    delete_tag(Tag.objects.get(name="old"), by=TEST)
    macro.refresh_from_db()
    assert macro.changes == {"add_tags": ["VPN"]}

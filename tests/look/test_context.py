"""What every page knows: where one can go, what was just done, in which look."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.look.pages import ACTIONS, TABLES, Person, draw
from tresen.kit import context, notices
from tresen.kit.context import Face


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    known = {name: list(entries) for name, entries in TABLES.items()}
    monkeypatch.setattr(context, "table", lambda name: known.get(name, []))
    monkeypatch.setattr(context, "actions_for", lambda request: ACTIONS)
    return known


def request_to(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.session = {}  # type: ignore[assignment]
    return request


def test_only_the_longest_fitting_area_is_the_current_one(tables: dict[str, Any]) -> None:
    places = Face(request_to("/desk/people/7/")).navigation
    assert [(place.label, place.active) for place in places] == [("Tickets", False), ("People", True)]


def test_what_one_may_not_open_and_what_is_not_installed_is_not_shown(tables: dict[str, Any]) -> None:
    tables["NAVIGATION"] += [
        {"label": "Secret", "url": "/secret/", "icon": "lock", "shown": lambda request: False},
        {"label": "Later", "url": "later:list", "icon": "lock"},
    ]
    assert [place.label for place in Face(request_to("/")).navigation] == ["Tickets", "People"]


def test_a_count_is_taken_only_when_the_rail_is_drawn(tables: dict[str, Any]) -> None:
    counted = []
    tables["NAVIGATION"][0] = {**tables["NAVIGATION"][0], "badge": lambda request: counted.append(1) or 4}
    face = context.face(request_to("/desk/"))["face"]
    assert face.theme == ""
    assert counted == []
    assert face.navigation[0].badge == 4


def test_with_empty_tables_every_base_is_still_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "table", lambda name: [])
    monkeypatch.setattr(context, "actions_for", lambda request: [])
    for base in ("desk", "settings", "portal", "bare"):
        assert 'id="main"' in render_to_string(f"kit/{base}_base.html", {}, request_to("/"))


def test_settings_pages_stand_under_their_headings_in_the_order_of_the_table(tables: dict[str, Any]) -> None:
    sections = Face(request_to("/settings/teams/")).settings_navigation
    assert [(s.label, [p.label for p in s.places]) for s in sections] == [
        ("Ways in", ["Mailboxes"]), ("Work", ["Teams", "Statuses"]), ("House", ["Agents and rights"]),
    ]  # fmt: skip
    assert [p.label for s in sections for p in s.places if p.active] == ["Teams"]


def test_a_notice_is_told_once(tables: dict[str, Any]) -> None:
    request = request_to("/")
    notices.tell(request, "Saved <here>.")
    assert [notice.text for notice in Face(request).notices] == ["Saved <here>."]
    assert Face(request).notices == []
    with pytest.raises(ValueError, match="pink"):
        notices.tell(request, "Saved.", tone="pink")


def test_a_chosen_theme_is_on_the_page_and_the_system_is_followed_otherwise() -> None:
    assert '<html lang="en" dir="ltr" data-theme="dark">' in draw("desk", theme="dark")
    assert '<html lang="de" dir="ltr">' in draw("desk", theme="system", language="de")


def test_the_page_about_a_fault_is_drawn_even_when_the_database_is_gone() -> None:
    class Gone:
        @property
        def is_authenticated(self) -> bool:
            raise DatabaseError("gone")

    request = request_to("/desk/")
    request.user = Gone()  # type: ignore[assignment]
    assert "Something went wrong on our side" in render_to_string("500.html", {}, request)


def test_the_key_table_is_the_list_behind_the_question_mark(tables: dict[str, Any]) -> None:
    request = request_to("/desk/")
    request.user = Person("light")  # type: ignore[assignment]
    face = Face(request)
    assert face.key_table["keys"]["Mod+Enter"] == "send"
    shown = [key for group in face.key_groups for key in group.keys]
    assert len(shown) == len(face.key_table["keys"])
    assert ["Ctrl", "↵"] in [key.keys for key in shown]


def test_a_person_has_keys_of_ones_own_and_a_key_can_be_off(tables: dict[str, Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(Person, "keys", {"reply": "b", "next": ""})
    request = request_to("/desk/")
    request.user = Person("light")  # type: ignore[assignment]
    face = Face(request)
    assert face.key_table["keys"]["b"] == "reply" and not {"r", "j"} & face.key_table["keys"].keys()
    assert face.caps("reply") == ["b"] and face.caps("next") == []
    monkeypatch.setattr(Person, "single_keys", False)
    assert face.caps("reply") == [] and face.caps("send") == ["Ctrl", "↵"]

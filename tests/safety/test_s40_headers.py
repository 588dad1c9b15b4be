"""S40: every answer carries the headers that keep a page to itself (P6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from tests.house.access import AREA_OF
from tests.safety.behind_https import https_answers
from tests.safety.real_desk import make_real_desk

# The bodies of HTML mails, which our own pages show in a frame.
BODIES = {"desk:message-html", "portal:link-frame", "portal:request-frame"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def policy(headers: Any) -> dict[str, str]:
    parts = [part.strip() for part in headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def test_s40_every_page_refuses_frames_inline_scripts_and_guessed_types(db: None) -> None:
    desk = make_real_desk()
    ada, carol, framed = desk.cast.browser(desk.cast.ada), desk.customer(), set()
    for name, path in desk.addresses.items():
        answer = (carol if AREA_OF[name] in {"customer", "link"} else ada).get(path)
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"}, path
        rules = policy(headers)
        assert "unsafe" not in rules.get("script-src", ""), path
        assert rules.get("default-src") == "'none'", path
        if name in BODIES:
            assert answer.status_code == 200 and b"Good <b>day</b>" in answer.content, path
            assert (rules["frame-ancestors"], rules["img-src"]) == ("'self'", "'self'"), path
            assert "sandbox" in rules and "allow-scripts" not in rules["sandbox"], path
            framed.add(name)
        elif "sandbox" not in rules:
            assert rules["frame-ancestors"] == "'none'", path
            assert "unsafe" not in rules["style-src"], path
        else:  # a stranger's bytes, which no page frames
            assert "frame-ancestors" not in rules and rules["sandbox"] == "", path
    assert framed == BODIES


@pytest.mark.once
@pytest.mark.parametrize("page", ["sign-in", "desk", "portal"])
def test_s40_behind_https_nobody_comes_back_without_it(page: str) -> None:
    headers = https_answers()[page]["headers"]
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert policy(headers)["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_s40_pages_are_kept_in_no_cache(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    for answer in (Client().get("/sign-in/"), ada.get("/me/"), ada.get("/settings/")):
        assert "no-store" in answer.headers["Cache-Control"]


def test_s40_a_missing_page_carries_them_too(cast: Cast) -> None:
    headers = Client().get("/no/such/page/").headers
    assert policy(headers)["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"

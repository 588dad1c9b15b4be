"""S52: whatever `next` says, one lands on a path of this desk (P6)."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import PASSWORD, Cast, make_cast
from tresen.kit.own_path import own_path

ELSEWHERE = (
    "//evil.example", "///evil.example", "////evil.example/", "/\\evil.example", "\\\\evil.example", "/\\/evil.example",
    "https://evil.example/", "http:evil.example", "HTTPS:\\\\evil.example", "javascript:alert(1)", "data:text/html,x",
    "evil.example", "@evil.example", " //evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example",
    "\x00//evil.example", "/%0a/evil.example\n", "//evil.example%2f@desk", "/desk/\r\nSet-Cookie: x=1", "", "desk/",
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_s52_signing_in_leads_to_no_other_place(cast: Cast, wanted: str) -> None:
    typed = {"email": "anna@lindhafen.example", "password": PASSWORD, "next": wanted}
    answer = Client().post("/sign-in/", typed)
    assert (answer.status_code, answer.url) == (302, "/desk/")
    signed_in = cast.browser(cast.anna)
    assert signed_in.get("/sign-in/", {"next": wanted}).url == "/desk/"
    text = Client().get("/sign-in/", {"next": wanted}).content.decode()
    assert 'name="next"' not in text


@pytest.mark.parametrize(
    "wanted", ["/desk/", "/settings/tags/?x=1&y=/z", "/desk/tickets/T204187/#m3", "/%2F%2Fevil.example"]
)
def test_s52_a_path_of_ours_is_kept(wanted: str) -> None:
    assert own_path(wanted, default="/") == wanted


@given(st.text(max_size=60))
def test_s52_no_text_at_all_leads_elsewhere(wanted: str) -> None:
    path = own_path(wanted, default="/desk/")
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert not any(c <= " " or c == "\\" for c in path)

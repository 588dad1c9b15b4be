"""The small language of texts: fixed names, escaping by place, and nothing that could be run (S41)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tresen.kit.placeholders import Place, fill, has_name, unknown_names

VALUES = {"contact.name": "Carol <b>", "contact.first_name": "", "ticket.link": "", "agent.signature": "Anna\nNetz"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dear {{contact.name}},", "Dear Carol <b>,"),
        ("Dear {{ contact.name }},", "Dear Carol <b>,"),
        ("Dear {{contact.first_name|customer}},", "Dear customer,"),
        ("Dear{{contact.first_name|}},", "Dear,"),
        ("One\nFollow it here: {{ticket.link}}\nTwo", "One\nTwo"),
        ("{{agent.signature}}", "Anna\nNetz"),
        ("{{contact.name}} {{ticket.link}}", "Carol <b> "),
        # Whatever is no name stays as it is written.
        ("{{7*7}} {{settings.SECRET_KEY}} {% load x %}", "{{7*7}} {{settings.SECRET_KEY}} {% load x %}"),
        ("{{contact.name.__class__}}", "{{contact.name.__class__}}"),
        ("{{ contact.name | upper | lower }}", "{{ contact.name | upper | lower }}"),
        ("{{{contact.name}}}", "{Carol <b>}"),
        ("{{contact.name", "{{contact.name"),
    ],
)
def test_names_are_filled_in_and_nothing_else(text: str, shown: str) -> None:
    assert fill(text, VALUES, place=Place.TEXT) == shown.strip()


def test_a_value_is_never_read_for_names_again() -> None:
    assert fill("{{a}}", {"a": "{{b}}", "b": "secret"}, place=Place.TEXT) == "{{b}}"


def test_in_html_text_and_values_are_escaped() -> None:
    shown = fill("<i>{{contact.name}}\n{{agent.signature}}", VALUES, place=Place.HTML)
    assert shown == "&lt;i&gt;Carol &lt;b&gt;<br>\nAnna<br>\nNetz"


def test_in_a_header_there_is_one_line_without_control_characters() -> None:
    values = {"agent.name": "Anna\r\nBcc: eve@evil.example\x00\u202e"}
    shown = fill("{{agent.name}}\r\n · us", values, place=Place.HEADER)
    assert shown == "Anna Bcc: eve@evil.example · us"


def test_what_a_text_does_not_know_is_named() -> None:
    known = {"brand.name", "ticket.number"}
    assert unknown_names("{{brand.name}} {{7*7}} {{contact.name|x}} {{7*7}}", known) == [
        "{{7*7}}",
        "{{contact.name|x}}",
    ]
    assert unknown_names("{{ticket.number}} and {single}", known) == []
    assert has_name("{{ ticket.number |x}}", "ticket.number") and not has_name("ticket.number", "ticket.number")


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_filled_without_a_fault(text: str, value: str) -> None:
    for place in Place:
        shown = fill(text, {"a": value, "contact.name": value}, place=place)
        if place is Place.HEADER:
            assert "\n" not in shown and "\r" not in shown
        if place is Place.HTML:
            assert "<" not in shown.replace("<br>", "")


def test_a_long_text_of_braces_is_read_in_no_time() -> None:
    text = "{{" * 50_000 + "{{a|" * 20_000
    assert fill(text, {"a": "x"}, place=Place.TEXT).startswith("{{")
    assert unknown_names(text, {"a"}) == []

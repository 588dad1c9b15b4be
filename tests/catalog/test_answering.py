"""What somebody answers in a form: what is shown, kept and wrong. No database."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.conftest import equipment_fields, options
from tresen.core.catalog.answering import evaluate
from tresen.core.catalog.fields import Condition, Field, Kind, WrongForm, checked, key_for, new_field


def one(kind: str, **more: Any) -> list[Field]:
    return [new_field(kind, {"en": "Field"}, key="field", **more)]


GOOD: list[tuple[list[Field], Any, Any]] = [
    (one("text"), "  two   words ", "two words"),
    (one("text", pattern="digits"), "0421", "0421"),
    (one("text", pattern="postcode_pl"), "00-950", "00-950"),
    (one("text", pattern="code"), "NB-2024/17", "NB-2024/17"),
    (one("text", pattern="ip"), "2001:db8::1", "2001:db8::1"),
    (one("text", pattern="host"), "srv-01.lindhafen.example", "srv-01.lindhafen.example"),
    (one("text", pattern="letters"), "Łódź Süd", "Łódź Süd"),
    (one("long_text"), "one\r\ntwo\n", "one\ntwo"),
    (one("number"), "1 234,5", 1234.5),
    (one("number", least=1, most=5), "5", 5),
    (one("choice", options=options("a", "b")), "b", "b"),
    (one("choices", options=options("a", "b", "c")), ["c", "a"], ["a", "c"]),
    (one("choices", options=options("a", "b")), "a", ["a"]),
    (one("yes_no"), "no", False),
    (one("yes_no"), True, True),
    (one("date"), "2026-12-01", "2026-12-01"),
    (one("mail"), "carol@faehrholm.example", "carol@faehrholm.example"),
    (one("phone"), "+49 (421) 5550-100", "+49 (421) 5550-100"),
    (one("person"), "Carol Brandt", "Carol Brandt"),
    (one("file"), ["plan.pdf"], ["plan.pdf"]),
    (one("text"), "", None),
    (one("choices", options=options("a")), [], None),
]
BAD: list[tuple[list[Field], Any, str]] = [
    (one("text", required=True), "  ", "missing"),
    (one("text", most=3), "four", "long"),
    (one("text", least=3), "ab", "short"),
    (one("text"), "x" * 301, "long"),
    (one("text", pattern="digits"), "12a", "pattern"),
    (one("text", pattern="ip"), "300.1.1.1", "pattern"),
    (one("text", pattern="letters"), "x" * 200 + "1", "pattern"),
    (one("number"), "many", "number"),
    (one("number"), "nan", "number"),
    (one("number"), True, "number"),
    (one("number", least=2), "1", "small"),
    (one("number", most=2), "3", "large"),
    (one("choice", options=options("a")), "z", "offered"),
    (one("choice", options=options("a")), ["a"], "offered"),
    (one("choices", options=options("a", "b"), least=2), ["a"], "few"),
    (one("choices", options=options("a", "b"), most=1), ["a", "b"], "many"),
    (one("yes_no"), "maybe", "yes_no"),
    (one("date"), "31.12.2026", "date"),
    (one("date"), "0001-01-01", "date"),
    (one("mail"), "carol at home", "mail"),
    (one("phone"), "call me", "phone"),
    (one("file", most=1), ["a", "b"], "many"),
    (one("file"), {"a": 1}, "offered"),
    (one("heading"), "an answer", "unknown"),
]


@pytest.mark.parametrize(("fields", "given", "kept"), GOOD)
def test_an_answer_is_kept_as_its_field_says(fields: list[Field], given: Any, kept: Any) -> None:
    found = evaluate(checked(fields), {"field": given})
    assert not found.faults and found.answers.get("field") == kept


@pytest.mark.parametrize(("fields", "given", "why"), BAD)
def test_an_answer_that_cannot_be_says_why(fields: list[Field], given: Any, why: str) -> None:
    found = evaluate(checked(fields), {"field": given})
    assert found.faults["field"].why == why and "field" not in found.answers


def test_what_is_not_shown_is_neither_asked_nor_kept_whatever_was_sent() -> None:
    form = checked(equipment_fields())
    phone = evaluate(form, {"device": "phone", "size": "large", "papers": ["x.pdf"]})
    assert phone.shown == ("about", "device", "count", "reason")
    assert phone.answers == {"device": "phone"} and not phone.faults
    notebook = evaluate(form, {"device": "notebook"})
    assert notebook.shown == ("about", "device", "size", "count", "reason", "papers")
    assert notebook.faults["size"].why == "missing" and len(notebook.faults) == 1
    assert evaluate(form, {}).faults.keys() == {"device"}
    assert evaluate(form, {"device": "phone", "other": "1"}).faults["other"].why == "unknown"


def test_a_condition_on_what_is_not_shown_does_not_hold() -> None:
    def yes(key: str) -> Condition:
        return Condition(field=key, how="is", value="yes")

    form = checked([
        new_field("yes_no", {"en": "A"}, key="a"), new_field("yes_no", {"en": "B"}, key="b", when=yes("a")),
        new_field("text", {"en": "C"}, key="c", when=yes("b")),
    ])  # fmt: skip
    assert evaluate(form, {"a": "no", "b": "yes", "c": "x"}).answers == {"a": False}
    assert evaluate(form, {"a": "yes", "b": "yes", "c": "x"}).answers == {"a": True, "b": True, "c": "x"}


CONDITIONS = [
    ("text", {}, "is", "vpn", "VPN", True), ("text", {}, "is", "vpn", "the VPN", False),
    ("text", {}, "contains", "vpn", "the VPN", True), ("number", {}, "is", "2", "2,0", True),
    ("choices", {"options": options("a", "b")}, "contains", "a", ["a", "b"], True),
    ("choices", {"options": options("a", "b")}, "is", "a", ["a", "b"], False),
    ("yes_no", {}, "is", "no", "no", True), ("yes_no", {}, "is", "no", "", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "how", "value", "given", "holds"), CONDITIONS)
def test_a_field_is_shown_when_an_earlier_answer_says_so(
    kind: str, more: dict[str, Any], how: str, value: str, given: Any, holds: bool
) -> None:
    when = Condition(field="field", how=how, value=value)
    form = checked([*one(kind, **more), new_field("text", {"en": "More"}, key="more", when=when)])
    assert ("more" in evaluate(form, {"field": given}).shown) is holds


WRONG: list[tuple[Field, str]] = [
    (new_field("poem", {"en": "X"}), "kind"), (new_field("text", {}), "label"),
    (new_field("choice", {"en": "X"}), "options"), (new_field("number", {"en": "X"}, least=5, most=1), "range"),
    (new_field("text", {"en": "X"}, most=-1), "range"), (new_field("text", {"en": "X"}, pattern="(a+)+"), "pattern"),
    (new_field("text", {"en": "X"}, when=Condition(field="later", how="is", value="1")), "condition"),
    (new_field("text", {"en": "X"}, key="A-1"), "key"), (new_field("text", {"en": "X"}, key="first"), "key"),
    (new_field("text", {"en": "X"}, when=Condition(field="first", how="is", value="maybe")), "condition"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "why"), WRONG)
def test_a_form_that_cannot_be_is_refused_at_the_field(field: Field, why: str) -> None:
    first = new_field("yes_no", {"en": "First"}, key="first")
    with pytest.raises(WrongForm) as wrong:
        checked([first, field])
    assert (wrong.value.place, wrong.value.why) == (1, why)
    with pytest.raises(WrongForm):
        checked([first] * 61)


def test_keys_come_from_what_a_field_is_called_and_stay_apart() -> None:
    kept = checked([new_field(Kind.TEXT, {"de": "Größe in Łódź?"}), new_field(Kind.TEXT, {"de": "Größe in Łódź"})])
    assert [field["key"] for field in kept] == ["grosse_in_lodz", "grosse_in_lodz_b"]
    assert key_for("123", []) == "field"

"""Who is meant by `@name`."""

from __future__ import annotations

import pytest

from tresen.core.teamwork.naming import Named, find_calls

ANNA = Named("agent", 1, "Anna Kowalczyk", "anna.k")
ANNE = Named("agent", 2, "Anne-Marie Weiß", "aweiss")
PIOTR = Named("agent", 3, "Piotr Wiśniewski", "pw")
ADA = Named("agent", 4, "Ada Łącka", "ada")
ADAM = Named("agent", 5, "Ada Berg", "ada.berg")
NETZ = Named("team", 1, "Second Level", "level-2")
ALL = [ANNA, ANNE, PIOTR, ADA, ADAM, NETZ]


@pytest.mark.parametrize(
    ("text", "called", "typed"),
    [
        ("@Anna Kowalczyk please", ANNA, "Anna Kowalczyk"),
        ("please @anna", ANNA, "anna"),
        ("(@anna.kowalczyk)", ANNA, "anna.kowalczyk"),
        ("@anna.k, look", ANNA, "anna.k"),
        ("@wisniewski or @piotr.wisniewski", PIOTR, "piotr.wisniewski"),
        ("@Piotr Wiśniewski!", PIOTR, "Piotr Wiśniewski"),
        ("@ANNE-MARIE WEISS", ANNE, "ANNE-MARIE WEISS"),
        ("@Anne-Marie Weiß ist dran", ANNE, "Anne-Marie Weiß"),
        ("@ada łącka", ADA, "ada łącka"),
        ("@ada berg", ADAM, "ada berg"),
        ("@second level: yours", NETZ, "second level"),
        ("@level-2", NETZ, "level-2"),
    ],
)
def test_a_colleague_is_called_by_any_of_his_names(text: str, called: Named, typed: str) -> None:
    [call] = find_calls(text, ALL)
    assert (call.who, call.typed) == (called, typed)


@pytest.mark.parametrize(
    "text",
    ["@annabell", "mail to someone@anna.example", "anna", "@", "@@anna", "@nobody", "https://x.example/@anna", ""],
)
def test_what_only_looks_like_a_call_calls_nobody(text: str) -> None:
    assert find_calls(text, ALL) == []


def test_a_name_that_two_bear_calls_neither() -> None:
    twins = [Named("agent", 1, "Jan Nowak", "jan1"), Named("agent", 2, "Jan Kos", "jan2")]
    assert find_calls("@Jan look", twins) == []
    assert [c.who.pk for c in find_calls("@Jan Kos and @jan1", twins)] == [2, 1]


def test_everybody_is_called_once_and_in_order() -> None:
    assert [c.who for c in find_calls("@pw @anna @pw @level-2", ALL)] == [PIOTR, ANNA, NETZ]


def test_a_text_full_of_signs_is_read_in_bearable_time() -> None:
    assert find_calls("@a" * 100_000, ALL) == []

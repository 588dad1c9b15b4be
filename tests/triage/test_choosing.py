"""Who gets a ticket, chosen among candidates: never who is away, full, or does not know what somebody else knows."""

from __future__ import annotations

from typing import Any

import pytest

from tresen.service.routing.choosing import Candidate, Wanted, choose

A, B, C = (Candidate(key, name) for key, name in ((1, "Anna"), (2, "Bert"), (3, "Cleo")))


def but(one: Candidate, **more: Any) -> Candidate:
    return Candidate(**{**one.__dict__, **more})


@pytest.mark.parametrize(
    ("candidates", "wanted", "expected"),
    [
        ([A, B, C], Wanted("round"), "Anna"),
        ([A, B, C], Wanted("round", after=1), "Bert"),
        ([A, B, C], Wanted("round", after=3), "Anna"),
        ([A, but(B, is_here=False), C], Wanted("round", after=1), "Cleo"),
        ([but(A, effort=3), but(B, effort=1), C], Wanted("least"), "Cleo"),
        ([but(A, effort=3, open=1), but(B, effort=2, open=2)], Wanted("least"), "Bert"),
        ([but(A, open=2, cap=2), but(B, effort=9)], Wanted("least"), "Bert"),
        ([but(A, in_channel=1, channel_cap=1), but(B, effort=9)], Wanted("least"), "Bert"),
        ([A, but(B, skills=frozenset({7}), effort=9)], Wanted("least", category=7), "Bert"),
        ([A, but(B, skills=frozenset({7}), is_here=False)], Wanted("least", category=7), None),
        ([A, B], Wanted("least", category=7), "Anna"),  # nobody knows it: anybody
        ([A, but(B, languages=frozenset({"pl"}))], Wanted("round", language="pl"), "Bert"),
        ([A, B, but(C, effort=5)], Wanted("least", last_one=3), "Cleo"),
        ([A, but(C, is_here=False)], Wanted("least", last_one=3), "Anna"),
        ([but(A, is_here=False)], Wanted("round"), None),
        ([], Wanted("round"), None),
    ],
)
def test_the_one(candidates: list[Candidate], wanted: Wanted, expected: str | None) -> None:
    found = choose(candidates, wanted).one
    assert (found.name if found else None) == expected


def test_the_reasons_why_nobody_can_are_counted() -> None:
    row = [but(A, is_here=False), but(B, open=1, cap=1, skills=frozenset({7})), C]
    assert choose(row, Wanted("round", category=7)).missed == {"away": 1, "full": 1, "skill": 1}

"""What the model is worth on tickets whose phrasings, names and products it has never seen."""

from __future__ import annotations

import re

import pytest

from tresen.faces.cli.bench import table
from tresen.faces.cli.bench_learning.measuring import figures
from tresen.faces.cli.bench_learning.writing import LANGUAGES, PEOPLE, PRODUCTS, written


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return figures(4000)


def test_it_knows_category_and_team_of_what_is_written_in_other_words(measured: dict[str, float]) -> None:
    for field in ("category", "team"):
        for language in LANGUAGES:
            reached = measured[f"{field}, {language}: macro-F1"]
            assert reached >= 0.7, (field, language, reached)
            assert reached >= measured[f"{field}, {language}: macro-F1 of the most frequent"] + 0.3


def test_what_it_is_sure_of_is_right(measured: dict[str, float]) -> None:
    for field in ("category", "team"):
        assert measured[f"{field}: proposals of 90 % and more"] > 500
        assert measured[f"{field}: of these right, %"] >= 85


def test_judging_takes_no_time(measured: dict[str, float]) -> None:
    assert measured["judging a ticket, ms"] < 5


def test_the_two_parts_share_no_sentence_name_or_product() -> None:
    learnt = " ".join(f"{one.subject} {one.text}" for one in written("learnt", 3000, seed=5))
    for module in LANGUAGES.values():
        for name in ("OPENINGS", "FILLERS", "CLOSINGS"):
            assert not set(getattr(module, name)["learnt"]) & set(getattr(module, name)["judged"])
        for category, lines in module.JUDGED.items():
            assert category in module.LEARNT
            for line in lines.strip().splitlines():
                sentence = line.partition("|")[2].strip()
                fragments = [part for part in re.split(r"\{[pn]\}|[.?:,;]", sentence) if len(part.split()) > 3]
                assert not [part for part in fragments if part.strip() in learnt], line
    for listed in (PRODUCTS, PEOPLE):
        assert not [one for one in listed["judged"] if one in learnt]


def test_the_bench_says_what_is_too_much() -> None:
    taken = {"tresen learn, seconds of the processor": 61.0, "tresen learn, MB": 113.0, "judging a ticket, ms": 0.4}
    lines = table({"screens": {}, "tickets_loaded_per_second": 1.0, "learning": taken})
    assert [line.split("  ")[0] for line in lines if "too much" in line] == ["tresen learn, seconds of the processor"]

"""Customers find the article that answers them: mistyped, inflected, in compounds, in other words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tresen.faces.cli.bench_answers.measuring import LANGUAGES, measure


@pytest.mark.django_db
def test_nine_of_ten_find_their_article_among_the_first_three(record_property: Callable[[str, object], None]) -> None:
    quality = measure()
    for language in LANGUAGES:
        record_property(f"articles found, {language}", round(quality.recall(language), 3))
    assert sum(quality.asked.values()) >= 150 and min(quality.asked.values()) >= 50
    assert min(quality.recall(language) for language in LANGUAGES) >= 0.9, quality.missed
    assert quality.answered_nonsense == []

"""Jobs of the search over articles."""

from __future__ import annotations

from tresen.service.answers.indexing import index_text, missing_texts
from tresen.service.answers.misses import sweep
from tresen.spine.jobs.registry import job

# Texts that one run mends; more are left for the next.
_MOST = 200


@job("answers.index_text")
def index_article_text(*, article: int, language: str) -> None:
    """Index what readers see of an article in a language from now on."""
    index_text(article, language)


@job("answers.watch")
def watch() -> None:
    """Mend the index where it is lost or not whole."""
    for article, language in missing_texts().values_list("article", "language")[:_MOST]:
        index_article_text.enqueue(key=f"answers.text:{article}:{language}", article=article, language=language)


@job("answers.sweep")
def sweep_misses() -> None:
    """Forget searches of long ago."""
    sweep()

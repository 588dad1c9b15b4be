"""What the search over articles does when one is published or withdrawn. Reading a text takes longer than a transaction
should wait, so a job does it."""

from __future__ import annotations

from tresen.service.answers.jobs import index_article_text
from tresen.spine.events.models import Event


def index_article(event: Event) -> None:
    """Index the text that readers see otherwise from now on, or no longer."""
    article, language = event.stream_id, event.changes["language"]
    index_article_text.enqueue(key=f"answers.text:{article}:{language}", article=article, language=language)

"""The search over articles: what each published text says, where each word stands, words that mean the same, and what
was searched for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.core.knowledge.models import Article
from tresen.core.people.models import LANGUAGES, Brand


class IndexedText(models.Model):
    """A published text as the index knows it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    # The version whose words these are (its key), and the version of what made them.
    of_version = models.BigIntegerField()
    made_with = models.PositiveSmallIntegerField()
    # How much each word says of it: {"drucker": 240}. See words.py.
    weights = models.JSONField(default=dict)

    if TYPE_CHECKING:
        article_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="an_indexed_text_a_language")]


class IndexWord(models.Model):
    """Where a word stands, in the texts of one language: {"12": 240} says in article 12, and how much it says of it."""

    language = models.CharField(max_length=5, choices=LANGUAGES)
    word = models.CharField(max_length=64)
    # The letters from behind, to find words that end alike.
    backwards = models.CharField(max_length=64)
    articles = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="an_index_word_a_language")]
        indexes = [
            # The pattern class lets PostgreSQL use them for beginnings in any collation.
            models.Index(fields=["word"], name="words_of_answers", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["backwards"], name="ends_of_answers", opclasses=["varchar_pattern_ops"]),
        ]


class SynonymGroup(models.Model):
    """Words and short phrases that mean the same to who searches in a language."""

    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES)
    # One a line, in lower case.
    words = models.TextField(_("words"), max_length=2000)

    class Meta:
        ordering = ["language", "words", "id"]


class SearchMiss(models.Model):
    """Words that readers searched for in vain: nothing was found, or nobody opened what was. Counted, never who."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES)
    # As typed, in lower case and without needless blanks.
    words = models.CharField(max_length=120)
    searches = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-empty", "-searches", "id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "language", "words"], name="a_search_miss_a_brand_and_language")
        ]
